"""A picture for *How it works*: how a level is drawn."""

from __future__ import annotations

import streamlit as st

from genlab.figures.uniform import uniform
from genlab.ui.shell.theme import colours

POSTERIOR, U = (0.45, 0.05, 0.05, 0.15, 0.3), 0.62  # of a pixel at the edge of a stroke, and one of its seed


def draw_a_level() -> None:
    """Shows how a uniform number becomes a grey level."""
    st.image(uniform(POSTERIOR, U, colours()))
    st.caption(
        "How a uniform number u becomes a grey level, here one of five: the bars are the posterior, each on top "
        "of those before it. The level in whose bar u lies is drawn, so each as often as its bar is tall."
    )
