"""The web application: `streamlit run app.py`."""

import streamlit as st
from starlette.routing import Route

from genlab.runtime.health import health
from genlab.runtime.lifespan import lifespan
from genlab.ui.shell.delivery import deliver
from genlab.ui.shell.shield import last_resort

deliver()

# The main script is the shell, which has no `pages` folder beside it: so Streamlit discovers no pages on its own and a
# deep link to a fresh server goes through the shell's navigation.
app = st.App(
    "genlab/ui/shell/main.py",
    lifespan=lifespan,
    routes=[Route("/health", health)],
    on_script_error=last_resort,
)
