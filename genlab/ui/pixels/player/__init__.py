"""The browser side of the Watch panel: plays a trace of a generation on canvases, 60 steps a second."""

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


def _nothing() -> None:
    """Declares the name of a value that the browser sends."""


@cache
def _component() -> Any:
    shared = (BROWSER / f"{name}.js" for name in ("unpack", "screen", "leaving"))
    scripts = (*shared, *(HERE / f"{name}.js" for name in ("words", "panels", "trace", "player")))
    return st.components.v2.component(
        "genlab_player",
        html=(HERE / "player.html").read_text(),
        css=(HERE / "player.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def player(
    trace: bytes,
    *,
    identity: str,
    heat: str,
    key: str,
    on_need: Callable[[], None],
    on_focus: Callable[[], None] = _nothing,
    on_heat: Callable[[], None] = _nothing,
) -> None:
    """Shows a trace, or appends a chunk to the one that is shown.

    Arguments:
        trace: what ``genlab.runtime.pixels.trace`` returned.
        identity: says which generation it is; chunks of one identity are joined, another one replaces the picture.
        heat: the overlay to open with.
        on_need: called when the browser wants more; ``st.session_state[key]["need"]`` is the step to go on from.
        on_focus, on_heat: called when ``focus`` or ``heat`` in that same state changed.
    """
    _component()(
        key=key,
        height="content",
        on_need_change=on_need,
        on_focus_change=on_focus,
        on_heat_change=on_heat,
        data=pack({"identity": identity, "heat": heat}, trace=np.frombuffer(trace, np.uint8)),
    )
