"""The browser side of the Draw panel: a drawing, what encoder and decoder make of it, and the bound in its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from genlab.ui import browser
from genlab.ui.shell.visitor import known, wire
from genlab.views.pack import pack


def echo(
    source: str | bytes,
    said: Mapping[str, Any],
    drawing: Mapping[str, np.ndarray],
    *,
    key: str,
    on: Mapping[str, Callable[[], None]],
) -> None:
    """Shows a drawing and what becomes of it, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        said, drawing: what ``genlab.ui.latents.draw`` puts together.
        on: what is called when ``drawing`` changed in ``st.session_state[key]``: the base64 of its ink and its known
            pixels, uint8 in raster order, one after the other.
    """
    browser.canvas("latents/echo/echo", pack({**wire(), **said, "source": known(source)}, **drawing), key=key, on=on)
