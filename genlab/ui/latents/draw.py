"""The Draw panel: a digit of one's own goes through encoder and decoder."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from genlab.data.drawing import examples
from genlab.experiments.entries import Family
from genlab.ui.latents.echo import echo
from genlab.ui.shell.drawing import current, take, version
from genlab.ui.shell.hint import hint
from genlab.ui.shell.views import model
from genlab.ui.shield import shield

FIRST = "4"  # the example that the panel opens with
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
    size = experiment.size
    strip, own = examples(size), current()
    drawing = strip[FIRST] if own is None else own.resized(size)
    said = {
        "version": version(size),
        "size": size,
        "levels": experiment.levels,
        "link": None if own is None else own.encode(),
        "names": list(strip),
        "prior": family.name == "fvae",
    }
    arrays = {
        "ink": drawing.ink,
        "known": np.ones_like(drawing.ink),  # an encoder sees all pixels: what was unknown is paper
        "examples": np.stack([example.ink for example in strip.values()]),
    }
    with picture, shield():
        echo(source, said, arrays, key=f"{page}.echo", on={"drawing": partial(_drawn, page, size)})
    hand = "it comes back as the nearest thing that the model can say with its few latents. Then the horse: what is it?"
    hint(page, mouse=f"Draw with the mouse: {hand}", touch=f"Draw with a finger: {hand}", about="")


def _drawn(page: str, size: int) -> None:
    """The drawing was changed in the browser, which shows it already."""
    take((st.session_state.get(f"{page}.echo") or {}).get("drawing"), size)
