"""The browser side of the Draw panel: a drawing, its noise, what comes back from there, and what lies near it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from genlab.ui import browser
from genlab.ui.shell.visitor import known, wire
from genlab.views.pack import pack


def mirror(
    source: str | bytes,
    said: Mapping[str, Any],
    drawing: Mapping[str, np.ndarray],
    *,
    key: str,
    on: Mapping[str, Callable[[], None]],
) -> None:
    """Shows a drawing and its noise, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        said, drawing: what ``genlab.ui.image_flows.draw`` puts together.
        on: what is called when ``drawing`` changed in ``st.session_state[key]``: the base64 of its ink and its known
            pixels, uint8 in raster order, one after the other.
    """
    block = pack({**wire(), **said, "source": known(source)}, **drawing)
    browser.canvas("image_flows/mirror/mirror", block, key=key, on=on, styles=("browser/easel",))
