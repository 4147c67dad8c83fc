"""The Draw panel of flows on images: a drawing goes to its noise and back."""

from __future__ import annotations

import streamlit as st

from genlab.catalog import entry
from genlab.experiments.entries import Family
from genlab.ui.shell.easel import easel
from genlab.ui.shell.hint import hint
from genlab.ui.shell.views import model
from genlab.ui.shield import shield

RESERVED = """<style>
[class*="draw-picture"] { min-height: 500px; }
@media (max-width: 800px) { [class*="draw-picture"] { min-height: 1100px; } }
</style>"""


def draw(family: Family) -> None:
    """Draws the panel."""
    page = f"{family.name}.draw"
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    accuracy = entry(source).accuracy if isinstance(source, str) else None
    with picture, shield():
        easel("image_flows/mirror/mirror", source, experiment, key=f"{page}.mirror", accuracy=accuracy)
    hand = "its noise follows, and the way back leads to the very same drawing. A little further off: what is near it?"
    hint(page, mouse=f"Draw with the mouse: {hand}", touch=f"Draw with a finger: {hand}", about="")
