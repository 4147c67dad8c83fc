"""The Draw panel of flows on images: a drawing goes to its noise and back."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from genlab.catalog import entry
from genlab.data.drawing import examples
from genlab.experiments.entries import Family
from genlab.ui.image_flows.mirror import mirror
from genlab.ui.shell.drawing import current, take, version
from genlab.ui.shell.hint import hint
from genlab.ui.shell.views import model
from genlab.ui.shield import shield

FIRST = "4"  # the example that the panel opens with
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
    size = experiment.size
    strip, own = examples(size), current()
    drawing = strip[FIRST] if own is None else own.resized(size)
    said = {
        "version": version(size),
        "size": size,
        "levels": experiment.levels,
        "link": None if own is None else own.encode(),
        "names": list(strip),
        "accuracy": entry(source).accuracy if isinstance(source, str) else None,
    }
    arrays = {
        "ink": drawing.ink,
        "known": np.ones_like(drawing.ink),  # a flow sees all pixels: what was unknown is paper
        "examples": np.stack([example.ink for example in strip.values()]),
    }
    with picture, shield():
        mirror(source, said, arrays, key=f"{page}.mirror", on={"drawing": partial(_drawn, page, size)})
    hand = "its noise follows, and the way back leads to the very same drawing. A little further off: what is near it?"
    hint(page, mouse=f"Draw with the mouse: {hand}", touch=f"Draw with a finger: {hand}", about="")


def _drawn(page: str, size: int) -> None:
    """The drawing was changed in the browser, which shows it already."""
    take((st.session_state.get(f"{page}.mirror") or {}).get("drawing"), size)
