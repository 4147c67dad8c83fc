"""The browser side of drawing one's own data: strokes become points of the plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    scripts = (BROWSER / "screen.js", HERE / "pad.js")
    return st.components.v2.component(
        "genlab_pad",
        html=(HERE / "pad.html").read_text(),
        css=(HERE / "pad.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def pad(*, key: str, on_points: Callable[[], None]) -> None:
    """Shows an empty plane [−1, 1]² to draw on.

    Arguments:
        key: unique on the page.
        on_points: called after each stroke; ``st.session_state[key]["points"]`` is the base64 of float32 (n, 2), evenly
            spaced along all strokes.
    """
    _component()(key=key, height="content", on_points_change=on_points)
