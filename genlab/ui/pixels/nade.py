"""*Look inside* of NADE: its one hidden vector."""

from __future__ import annotations

import streamlit as st

from genlab.ui.pixels.look import Place
from genlab.ui.shell.maps import maps

# What stands below does not jump when the first maps arrive.
RESERVED = """<style>
[class*="look-figure-hidden_vector"] { min-height: 42rem; }
@media (max-width: 640px) { [class*="look-figure-hidden_vector"] { min-height: 80rem; } }
</style>"""


def hidden_vector(place: Place) -> None:
    """Five of its numbers, as they grow along an image that the model draws."""
    st.html(RESERVED)
    st.subheader("One hidden vector that grows", anchor=False)
    st.markdown(
        "This model draws an image. In front of each pixel stands the same vector h, one row of W longer in its sum. "
        "Drag the red pixel and watch it fill up: five of its numbers, those that move most, are shown as they were at "
        "each pixel so far; where there is no ink nothing is added, and they stay. Below each is its column of W: what "
        "ink at a pixel will do to it."
    )
    pixel = {"row": place.row, "column": place.column}
    name = f"{place.page}.figure.hidden_vector"
    maps("hidden_vector", place.source, key=name, at=place.at, place=pixel, movable=True)
