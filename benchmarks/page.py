"""Serves the page of a benchmark, named by the variable PAGE, with the modules of its canvas."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import streamlit as st

from genlab.ui.browser.static import modules

app = st.App(Path(__file__).parent / os.environ["PAGE"], routes=[modules(st.get_option("server.baseUrlPath"))])
