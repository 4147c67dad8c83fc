"""The browser side of the Draw panel: a drawing, its completions, and what a model thinks of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genlab.ui.browser import BROWSER
from genlab.views.pack import pack

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    shared = (BROWSER / f"{name}.js" for name in ("unpack", "screen", "leaving"))
    scripts = (*shared, *(HERE / f"{name}.js" for name in ("board", "canvas")))
    return st.components.v2.component(
        "genlab_canvas",
        html=(HERE / "canvas.html").read_text(),
        css=(HERE / "canvas.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def canvas(
    meta: dict[str, Any],
    arrays: dict[str, np.ndarray],
    *,
    key: str,
    on_drawing: Callable[[], None],
    on_chosen: Callable[[], None],
    on_more: Callable[[], None],
) -> None:
    """Shows a drawing and what a model makes of it.

    Arguments:
        meta, arrays: what ``genlab.ui.pixels.draw`` puts together.
        on_drawing: called when the drawing was changed; ``st.session_state[key]["drawing"]`` is the base64 of its ink
            and its known pixels, uint8 in raster order, one after the other.
        on_chosen: called when a completion was clicked; ``chosen`` is its number, or None.
        on_more: called when the browser wants what ``meta["missing"]`` says is missing.
    """
    _component()(
        key=key,
        height="content",
        on_drawing_change=on_drawing,
        on_chosen_change=on_chosen,
        on_more_change=on_more,
        data=pack(meta, **arrays),
    )
