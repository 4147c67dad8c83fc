"""The visitor's drawing, which belongs to no page: taken from a link, kept in the session."""

from __future__ import annotations

import base64
import binascii

import numpy as np
import streamlit as st

from genlab.data.drawing import Drawing, DrawingError
from genlab.ui.shell import links


def arrive(mode: str) -> None:
    """Takes the drawing of a link, once; to be called in every mode, so that a reload of any of them keeps it."""
    if (text := links.take("drawing")) is not None:
        try:
            keep(Drawing.decode(text))
        except DrawingError as error:
            st.caption(f":material/info: {error}")
    if (drawing := current()) is not None and mode != "draw":  # there the canvas does it
        links.put("drawing", drawing.encode(), None)


def keep(drawing: Drawing) -> None:
    """Another drawing takes the place of the one on the canvas."""
    st.session_state["drawing"] = drawing
    st.session_state["drawing.version"] = st.session_state.get("drawing.version", 0) + 1


def take(text: str | None, size: int) -> None:
    """Notes a drawing as a canvas sends it, which shows it already: base64 of its ink and its known pixels."""
    try:
        ink, known = np.frombuffer(base64.b64decode(text or ""), np.uint8).reshape(2, size, size)
    except (ValueError, binascii.Error):
        return  # the canvas has gone, or shows another size by now
    st.session_state["drawing"] = Drawing(ink, known.astype(bool))


def current() -> Drawing | None:
    """The drawing, if the visitor has one."""
    own: Drawing | None = st.session_state.get("drawing")
    return own


def version(size: int) -> str:
    """Changes where a canvas of that size is to show another drawing than it has."""
    return f"{st.session_state.get('drawing.version', 0)} {size}"
