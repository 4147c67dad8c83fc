"""A canvas on which one draws whole images, and sees what a model makes of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genlab.data.drawing import examples
from genlab.ui.browser import canvas
from genlab.ui.shell.drawing import current, take, version
from genlab.ui.shell.visitor import known, wire
from genlab.views.pack import pack

FIRST = "4"  # the example that it opens with


def easel(module: str, source: str | bytes, experiment: Any, *, key: str, **said: Any) -> None:
    """Shows a canvas that derives from ``Easel`` (``ui/browser/easel.js``), with the visitor's drawing or an example.

    Arguments:
        module: as in ``genlab.ui.browser.canvas``.
        source: a catalogue name, or weights.
        experiment: of the model, on images.
        key: unique on the page.
        said: what else the canvas is told.
    """
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
