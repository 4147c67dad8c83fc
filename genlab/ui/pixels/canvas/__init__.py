"""The browser side of the Draw panel: a drawing, its completions, and what a model thinks of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from genlab.ui import browser
from genlab.views.pack import pack


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
    calls = {"drawing": on_drawing, "chosen": on_chosen, "more": on_more}
    browser.canvas("pixels/canvas/canvas", pack(meta, **arrays), key=key, on=calls)
