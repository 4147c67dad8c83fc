"""The browser side of the Watch panel: plays a trace of a generation on canvases, 60 steps a second."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genlab.ui.browser import canvas
from genlab.views.pack import pack


def player(
    trace: bytes,
    *,
    identity: str,
    heat: str,
    key: str,
    on_need: Callable[[], None],
    on_focus: Callable[[], None] | None = None,
    on_heat: Callable[[], None] | None = None,
) -> None:
    """Shows a trace, or appends a chunk to the one that is shown.

    Arguments:
        trace: what ``genlab.runtime.pixels.trace`` returned.
        identity: says which generation it is; chunks of one identity are joined, another one replaces the picture.
        heat: the overlay to open with.
        on_need: called when the browser wants more; ``st.session_state[key]["need"]`` is the step to go on from.
        on_focus, on_heat: called when ``focus`` or ``heat`` in that same state changed.
    """
    block = pack({"identity": identity, "heat": heat}, trace=np.frombuffer(trace, np.uint8))
    canvas("pixels/player/player", block, key=key, on={"need": on_need, "focus": on_focus, "heat": on_heat})
