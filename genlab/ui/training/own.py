"""A visitor's own data: points of the plane, drawn or uploaded, or a density on the line."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from genlab.data import own
from genlab.data.line import KNOTS
from genlab.errors import GenlabError
from genlab.ui.shell import links
from genlab.ui.shield import dialog
from genlab.ui.training.pad import pad
from genlab.views.limits import HALF

LONGEST = 1500  # letters of a table that a link still carries
FEWEST = 20  # points of a drawing
READ = "The points are read, centred, and scaled to standard deviation 1; a fifth is held back."


@dataclass(frozen=True)
class Own:
    """How a visitor makes data of one sort: a part of an experiment's data names one of these.

    Attributes:
        key: where they are kept in the session.
        first: an example, which is there before anything was made.
        good: True for a table that can be read.
        offer: draws what makes them, beside the training's other buttons; called with the page.
    """

    key: str
    first: Callable[[], str]
    good: Callable[[str], bool]
    offer: Callable[[str], None]

    def table(self) -> str:
        """The visitor's own data, from the session or from the link; at first the example."""
        if (linked := links.take("table")) is not None and self.good(linked):
            st.session_state[self.key] = linked
        kept: str = st.session_state.setdefault(self.key, self.first())
        links.put("table", kept if len(kept) <= LONGEST else None, None)
        return kept

    def keep(self, table: str) -> None:
        """Notes own data, which must be good."""
        st.session_state[self.key] = table


def _drawn_or_uploaded(page: str) -> None:
    """A button that opens a pad to draw on, and an uploader of points. What is made becomes the data of the page."""
    if st.button("Draw or upload your own data", icon=":material/draw:", key=f"{page}.own"):
        st.session_state.pop(f"{page}.own.draft", None)
        _dialog(page)


@dialog("Your own data", width="large")
def _dialog(page: str) -> None:
    """Drawing and uploading make a draft; only the button makes the newest of them the data."""
    state, draft, key, seen = st.session_state, f"{page}.own.draft", f"{page}.own.pad", f"{page}.own.seen"

    def drawn() -> None:
        points = np.frombuffer(base64.b64decode(state[key]["points"]), "<f4").reshape(-1, 2)
        if len(points) >= FEWEST and np.isfinite(points).all():
            state[draft] = own.encode(points * HALF, own.DRAWN), ""
        else:
            state.pop(draft, None)

    pad(key=key, on_points=drawn)
    file = st.file_uploader(
        "Or a CSV file: two numbers on each line", type=["csv", "txt", "tsv"], key=f"{page}.own.file"
    )
    # Not in a callback: a file that arrives while another part of the page runs would have its callback there, in vain.
    if (found := file and file.file_id) != state.get(seen):
        state[seen] = found
        state.pop(draft, None)
        if file is not None:
            try:
                state[draft] = own.from_csv(file.getvalue()), READ
            except GenlabError as error:
                state[draft] = None, str(error)
    made, words = state.get(draft, (None, ""))
    if words:
        (st.success if made else st.error)(words)
    if st.button("Use these data", key=f"{page}.own.use", type="primary", disabled=made is None):
        PLANE.keep(made)
        state[f"{page}.adopt"] = "own"
        st.rerun()


def adopt(page: str) -> None:
    """Sets the data of a page to the visitor's own after the dialog; before the widgets are drawn."""
    if (dataset := st.session_state.pop(f"{page}.adopt", None)) is not None:
        st.session_state[f"{page}.dataset"] = dataset


def _points(table: str) -> bool:
    try:
        own.decode(table)
    except GenlabError:
        return False
    return True


def _heights(table: str) -> bool:
    try:
        heights = bytes.fromhex(table)
    except ValueError:
        return False
    return len(heights) == KNOTS and any(heights)


def _hill() -> str:
    """A density on the line that looks drawn."""
    x = np.linspace(-4, 4, KNOTS)
    y = np.exp(-((x + 1.8) ** 2)) + 0.7 * np.clip(1 - np.abs(x - 1.2), 0, None) + 0.25 * (np.abs(x - 2.8) < 0.4)
    return bytes((250 * y / y.max()).astype(np.uint8)).hex()


def _on_canvas(page: str) -> None:
    """Nothing: the canvas of the training is drawn on."""


PLANE = Own("own.plane", own.heart, _points, _drawn_or_uploaded)
LINE = Own("own.line", _hill, _heights, _on_canvas)
