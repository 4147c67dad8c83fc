"""The browser side of the Draw panel: a drawing, its completions, and what a model thinks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from genlab.ui import browser
from genlab.ui.shell.visitor import known, wire
from genlab.views.pack import pack


def canvas(
    source: str | bytes,
    said: Mapping[str, Any],
    drawing: Mapping[str, np.ndarray],
    *,
    key: str,
    on: Mapping[str, Callable[[], None]],
) -> None:
    """Shows a drawing and what a model makes of it, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        said, drawing: what ``genlab.ui.pixels.draw`` puts together.
        on: what is called when one of these changed in ``st.session_state[key]``: ``settings``; ``drawing``, the base64
            of its ink and its known pixels, uint8 in raster order, one after the other; ``chosen``, the number of the
            completion that is watched, or None.
    """
    browser.canvas("pixels/canvas/canvas", pack({**wire(), **said, "source": known(source)}, **drawing), key=key, on=on)
