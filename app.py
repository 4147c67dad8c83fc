"""The web application: `streamlit run app.py`."""

import streamlit as st
from starlette.routing import Route, WebSocketRoute

from genlab.runtime.health import health
from genlab.runtime.lifespan import lifespan
from genlab.runtime.wire import Wire
from genlab.ui.browser.address import base
from genlab.ui.browser.static import modules
from genlab.ui.shell.status import standing
from genlab.ui.shield import last_resort
from genlab.ui.training.describe import describe

# The main script is the shell, which has no `pages` folder beside it: so Streamlit discovers no pages on its own and a
# deep link to a fresh server goes through the shell's navigation.
app = st.App(
    "genlab/ui/shell/main.py",
    lifespan=lifespan,
    on_script_error=last_resort,
    routes=[
        Route(f"{base()}/health", health),
        WebSocketRoute(f"{base()}/wire", Wire(describe, standing).serve),
        modules(base()),
    ],
)
