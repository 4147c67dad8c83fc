"""The page that benchmarks/warp.py looks at: the warp alone, with 2000 points and a mesh of 40×40 vertices."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import streamlit as st

from genlab.ui.browser import canvas
from genlab.ui.shell.views import ask

st.set_page_config(layout="wide")
block = ask("realnvp-2d", "genlab.views.plane:warp", (("count", 2000), ("dataset", "pinwheel"), ("side", 40)))
canvas("flows/warp/warp", block, key="warp")
