"""The browser side of Look inside: maps of what a model is inside, for which they ask as they follow the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def maps(
    question: str,
    source: str | bytes | None = None,
    *,
    key: str,
    at: str = "",
    place: Mapping[str, Any] | None = None,
    movable: bool = False,
) -> None:
    """Shows the figure that answers a question. New ones are painted over old ones: nothing is taken down.

    Arguments:
        question: name of one in ``genlab.runtime.questions`` whose answer is a ``genlab.figures.maps.Figure``.
        source: a catalogue name, or weights; None where the question is about no model.
        key: unique on the page; also the name of a saved picture.
        at: the place that it follows, which ``genlab.ui.shell.dials`` set; "" for none.
        place: what of the question that place says, and where it begins.
        movable: the place is a row and a column, a red dot on the maps, which can be dragged.
    """
    block = asking(source, {"name": question}, saved=key, at=at, place=dict(place or {}), movable=movable)
    with st.container(key=f"{key}.box"):  # which is there before the canvas, so that a page can reserve its height
        canvas("shell/maps/maps", block, key=key)
