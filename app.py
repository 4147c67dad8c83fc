"""The web application: `streamlit run app.py`."""

import streamlit as st

from genlab.runtime.lifespan import lifespan
from genlab.ui.delivery import deliver

deliver()

# The main script is the shell, which has no `pages` folder beside it: so Streamlit discovers no pages on its own and a
# deep link to a fresh server goes through the shell's navigation.
app = st.App("genlab/ui/shell.py", lifespan=lifespan)
