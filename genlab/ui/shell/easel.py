"""A canvas on which one draws whole images, and sees what a model makes of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genlab.catalog import entry
from genlab.data.drawing import examples
from genlab.experiments.entries import Family
from genlab.ui.browser import canvas
from genlab.ui.shell.drawing import current, take, version
from genlab.ui.shell.hint import hint
from genlab.ui.shell.views import model
from genlab.ui.shell.visitor import known, wire
from genlab.ui.shield import shield
from genlab.views.pack import pack

FIRST = "4"  # the example that it opens with


def panel(family: Family, module: str, *, heights: tuple[int, int], hand: str, **said: Any) -> None:
    """Draws the Draw panel of a family whose models take whole images.

    Arguments:
        module: of a canvas that derives from ``Easel`` (``ui/browser/easel.js``), see ``genlab.ui.browser.canvas``.
        heights: kept free for it, in pixels: on a wide screen, and on a phone.
        hand: what happens when one draws, as the end of a sentence.
        said: what else the canvas is told.
    """
    page = f"{family.name}.draw"
    wide, narrow = (f'[class*="draw-picture"] {{ min-height: {height}px; }}' for height in heights)
    st.html(f"<style>{wide} @media (max-width: 800px) {{ {narrow} }}</style>")
    picture = st.container(key=f"{page}.picture")
    if (chosen := model(page, family)) is None:
        return
    with picture, shield():
        _easel(module, *chosen, key=f"{page}.easel", **said)
    hint(page, mouse=f"Draw with the mouse: {hand}", touch=f"Draw with a finger: {hand}", about="")


def _easel(module: str, source: str | bytes, experiment: Any, *, key: str, **said: Any) -> None:
    """Shows the canvas with the visitor's drawing, or an example."""
    size = experiment.size
    strip, own = examples(size), current()
    drawing = strip[FIRST] if own is None else own.resized(size)
    told = {
        **wire(),
        "source": known(source),
        "version": version(size),
        "size": size,
        "levels": experiment.levels,
        "link": None if own is None else own.encode(),
        "names": list(strip),
        "accuracy": entry(source).accuracy if isinstance(source, str) else None,
    }
    arrays = {
        "ink": drawing.ink,
        "known": np.ones_like(drawing.ink),  # such a model sees all pixels: what was unknown is paper
        "examples": np.stack([example.ink for example in strip.values()]),
    }
    block = pack(told | said, **arrays)
    canvas(module, block, key=key, on={"drawing": partial(_drawn, key, size)}, styles=("browser/easel",))


def _drawn(key: str, size: int) -> None:
    """The drawing was changed in the browser, which shows it already."""
    take((st.session_state.get(key) or {}).get("drawing"), size)
