"""A visitor's own data: points of the plane, drawn or uploaded, or a density on the line."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from genlab.data import own
from genlab.data.line import KNOTS
from genlab.data.table_file import Read
from genlab.errors import GenlabError
from genlab.runtime.engine import engine
from genlab.ui.shell import links
from genlab.ui.shield import dialog
from genlab.ui.training.pad import pad
from genlab.views.limits import HALF

LONGEST = 1500  # letters of a table that a link still carries
FEWEST = 20  # points of a drawing
READ = "The points are read, centred, and scaled to standard deviation 1."
HELD_BACK, AROUND = "A fifth of them is held back.", "Data are drawn afresh around them."


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
    state, draft, key = st.session_state, f"{page}.own.draft", f"{page}.own.pad"

    def drawn() -> None:
        points = np.frombuffer(base64.b64decode(state[key]["points"]), "<f4").reshape(-1, 2)
        if len(points) >= FEWEST and np.isfinite(points).all():
            state[draft] = own.encode(points * HALF, own.DRAWN), None
        else:
            state.pop(draft, None)

    pad(key=key, on_points=drawn)
    file = st.file_uploader(
        "Or a table: a CSV file, or what a spreadsheet saves as text",
        type=["csv", "txt", "tsv", "dat"],
        key=f"{page}.own.file",
    )
    _read(page, file)
    made, words = state.get(draft, (None, None))
    if words is not None:
        _told(page, words)
    if st.button("Use these data", key=f"{page}.own.use", type="primary", disabled=made is None):
        PLANE.keep(made)
        state[f"{page}.adopt"] = "own"
        st.rerun()


def _read(page: str, file: Any) -> None:
    """Reads a file that is new, or whose columns are chosen anew, in a process that computes; it becomes the draft.

    Not in a callback: a file that arrives while another part of the page runs would have its callback there, in vain.
    """
    state, draft, seen = st.session_state, f"{page}.own.draft", f"{page}.own.seen"
    x1, x2, jitter = (f"{page}.own.{name}" for name in ("x₁", "x₂", "jitter"))
    new = (file and file.file_id) != state.get(seen, (None,))[0]
    chosen = None if new or x1 not in state else (state[x1], state[x2])
    noise = not new and bool(state.get(jitter))
    if file is None or new:
        for name in (x1, x2, jitter):
            state.pop(name, None)
    if file is None:
        if new:
            state.pop(seen), state.pop(draft, None)
        return
    if not new and state[seen] == (file.file_id, chosen, noise):
        return
    try:
        with st.spinner("Reading the table …"):
            table: Read = engine().ask("genlab.data.table_file:read", file.getvalue(), chosen, noise)
        state[draft] = table.table, table
        state[seen] = file.file_id, table.chosen, noise
    except GenlabError as error:
        state[draft] = None, str(error)
        state[seen] = file.file_id, chosen, noise


def _told(page: str, table: Read | str) -> None:
    """What a file gave, the columns to choose, and its first rows; or why it gave nothing."""
    if isinstance(table, str):
        st.error(table)
        return
    said = st.container()
    for column, axis, place in zip(st.columns(2), ("x₁", "x₂"), table.chosen, strict=True):
        key = f"{page}.own.{axis}"
        st.session_state.setdefault(key, place)
        column.selectbox(axis, range(len(table.columns)), format_func=table.columns.__getitem__, key=key)
    jitter = False
    if table.sharp:
        jitter = st.toggle(
            "add jitter",
            key=f"{page}.own.jitter",
            help=f"Data are drawn from a normal distribution around each point, with {own.DRAWN:g} of the standard "
            "deviation of all: that is a density.",
        )
    st.table({name: [row[k] for row in table.rows] for k, name in enumerate(table.columns)})
    with said:
        if table.wrong:
            st.error(table.wrong)
            return
        st.success(" ".join((READ, AROUND if jitter else HELD_BACK, *table.notes)))
        if table.sharp and not jitter:
            st.warning(
                f"{table.sharp}: there is no density. As a model's peaks sharpen, the likelihood grows without bound."
            )


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
