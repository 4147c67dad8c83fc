"""A visitor's own sequences: a curve that is drawn, a table, or a text."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import streamlit as st

from genlab.data import own_sequences
from genlab.data.sequence_file import Read
from genlab.errors import GenlabError
from genlab.runtime.engine import engine
from genlab.ui.shield import dialog
from genlab.ui.training.own import Own
from genlab.ui.training.pad import pad

DRAWN = "Data are drawn around this curve: a little higher or lower, each value a level off now and then."
HELD_BACK = "A fifth is held back. Longer sequences than T are cut into parts."


def _good(table: str) -> bool:
    try:
        own_sequences.decode(table)
    except GenlabError:
        return False
    return True


def _offer(page: str) -> None:
    """A button that opens a pad to draw on, and an uploader. What is made becomes the data of the page."""
    if st.button("Draw or upload your own data", icon=":material/draw:", key=f"{page}.own"):
        st.session_state.pop(f"{page}.own.draft", None)
        _dialog(page)


@dialog("Your own sequences", width="large")
def _dialog(page: str) -> None:
    """Drawing and uploading make a draft; only the button makes the newest of them the data."""
    state, draft, key = st.session_state, f"{page}.own.draft", f"{page}.own.pad"

    def drawn() -> None:
        points = np.frombuffer(base64.b64decode(state[key]["points"]), "<f4").reshape(-1, 2)
        try:
            state[draft] = own_sequences.of_curve(points[np.isfinite(points).all(1)]).encode(), DRAWN
        except GenlabError as error:
            state[draft] = None, str(error)

    st.caption("Draw a curve from left to right; what is drawn twice is averaged.")
    pad(key=key, on_points=drawn)
    file = st.file_uploader(
        "Or a file: a CSV table with a sequence of 16 to 4096 numbers on each line, or a text",
        type=["csv", "txt", "tsv", "dat", "md"],
        key=f"{page}.own.file",
    )
    _read(page, file)
    table, words = state.get(draft, (None, None))
    if words is not None:
        (st.error if table is None else st.success)(words)
    if st.button("Use these data", key=f"{page}.own.use", type="primary", disabled=table is None):
        SEQUENCES.keep(table)
        state[f"{page}.adopt"] = "own"
        st.rerun()


def _read(page: str, file: Any) -> None:
    """Reads a file that is new, in a process that computes; then it becomes the draft."""
    state, draft, seen = st.session_state, f"{page}.own.draft", f"{page}.own.seen"
    if (file and file.file_id) == state.get(seen):
        return
    state[seen] = file and file.file_id
    if file is None:
        return
    try:
        with st.spinner("Reading the file …"):
            found: Read = engine().ask("genlab.data.sequence_file:read", file.getvalue())
        state[draft] = found.table, " ".join((*found.notes, HELD_BACK))
    except GenlabError as error:
        state[draft] = None, str(error)


SEQUENCES = Own("own.sequences", own_sequences.wave, _good, _offer)
