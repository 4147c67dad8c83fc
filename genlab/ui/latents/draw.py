"""The Draw panel: a digit of one's own goes through encoder and decoder."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.ui.shell.easel import easel
from genlab.ui.shell.hint import hint
from genlab.ui.shell.views import model
from genlab.ui.shield import shield

RESERVED = """<style>
[class*="draw-picture"] { min-height: 620px; }
@media (max-width: 800px) { [class*="draw-picture"] { min-height: 1300px; } }
</style>"""


def draw(family: Family) -> None:
    """Draws the panel."""
    page = f"{family.name}.draw"
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    with picture, shield():
        easel("latents/echo/echo", source, experiment, key=f"{page}.echo", prior=family.name == "fvae")
    hand = "it comes back as the nearest thing that the model can say with its few latents. Then the horse: what is it?"
    hint(page, mouse=f"Draw with the mouse: {hand}", touch=f"Draw with a finger: {hand}", about="")
