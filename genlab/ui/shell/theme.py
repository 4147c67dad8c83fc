"""The colours of the visitor's theme."""

from __future__ import annotations

import streamlit as st

from genlab.figures.colours import DARK, LIGHT, Colours

PLAIN = {"displayModeBar": False}  # of a Plotly figure that has nothing to press


def colours() -> Colours:
    """Those for dark where the visitor has chosen dark, else those for light."""
    return DARK if st.context.theme.type == "dark" else LIGHT
