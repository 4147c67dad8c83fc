"""A visitor's own data: points of the plane, drawn or uploaded, or a density on the line."""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st

from genlab.data import own
from genlab.data.line import KNOTS
from genlab.errors import GenlabError
from genlab.experiment import LineExperiment, PointsExperiment
from genlab.ui.shell import links
from genlab.ui.shell.shield import dialog
from genlab.ui.training.pad import pad

LONGEST = 1500  # letters of a table that a link still carries
SCALE = 3.2  # of the plane that the pad shows
FEWEST = 20  # points of a drawing
READ = "The points are read, centred, and scaled to standard deviation 1; a fifth is held back."


def table(experiment: PointsExperiment) -> str:
    """The visitor's own data for a kind of experiment, from the session or from the link; at first an example."""
    key = _key(type(experiment))
    if (linked := links.take("table")) is not None and _good(experiment, linked):
        st.session_state[key] = linked
    kept: str = st.session_state.setdefault(key, "" if isinstance(experiment, LineExperiment) else own.heart())
    kept = kept or _hill()
    links.put("table", kept if len(kept) <= LONGEST else None, None)
    return kept


def keep(kind: type[PointsExperiment], drawn: str) -> None:
    """Notes own data, which must be good."""
    st.session_state[_key(kind)] = drawn


def plane(page: str, experiment: PointsExperiment) -> None:
    """A button that opens a pad to draw on, and an uploader of points. What is made becomes the data of the page."""
    if st.button("Draw or upload your own data", icon=":material/draw:", key=f"{page}.own"):
        st.session_state.pop(f"{page}.own.draft", None)
        _dialog(page, type(experiment))


@dialog("Your own data", width="large")
def _dialog(page: str, kind: type[PointsExperiment]) -> None:
    """Drawing and uploading make a draft; only the button makes the newest of them the data."""
    state, draft, key, seen = st.session_state, f"{page}.own.draft", f"{page}.own.pad", f"{page}.own.seen"

    def drawn() -> None:
        points = np.frombuffer(base64.b64decode(state[key]["points"]), "<f4").reshape(-1, 2)
        if len(points) >= FEWEST and np.isfinite(points).all():
            state[draft] = own.encode(points * SCALE, own.DRAWN), ""
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
        keep(kind, made)
        state[f"{page}.adopt"] = "own"
        st.rerun()


def adopt(page: str) -> None:
    """Sets the data of a page to the visitor's own after the dialog; before the widgets are drawn."""
    if (dataset := st.session_state.pop(f"{page}.adopt", None)) is not None:
        st.session_state[f"{page}.dataset"] = dataset


def _key(kind: type[PointsExperiment]) -> str:
    return "own.line" if issubclass(kind, LineExperiment) else "own.plane"


def _good(experiment: PointsExperiment, linked: str) -> bool:
    try:
        if isinstance(experiment, LineExperiment):
            heights = bytes.fromhex(linked)
            return len(heights) == KNOTS and any(heights)
        own.decode(linked)
    except (GenlabError, ValueError):
        return False
    return True


def _hill() -> str:
    """A density on the line that looks drawn."""
    x = np.linspace(-4, 4, KNOTS)
    y = np.exp(-((x + 1.8) ** 2)) + 0.7 * np.clip(1 - np.abs(x - 1.2), 0, None) + 0.25 * (np.abs(x - 2.8) < 0.4)
    return bytes((250 * y / y.max()).astype(np.uint8)).hex()
