"""The browser side of the Train panel: transport, samples that cross-fade, the loss curve, the film."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent
UI = BROWSER.parent
SHARED = ("unpack", "screen", "leaving", "journey")
CANVASES = (
    "flows/warp/plane",
    "flows/warp/warp",
    "flows/line/line",
    "gans/game/round",
    "gans/game/plane",
    "gans/game/game",
)


@cache
def _component() -> Any:
    shared = (*(BROWSER / f"{name}.js" for name in SHARED), *(UI / f"{name}.js" for name in CANVASES))
    scripts = (*shared, *(HERE / f"{name}.js" for name in ("chart", "film", "trainer")))
    styles = (
        HERE / "trainer.css",
        *(UI / f"{name}.css" for name in ("flows/warp/warp", "flows/line/line", "gans/game/game")),
    )
    return st.components.v2.component(
        "genlab_trainer",
        html=(HERE / "trainer.html").read_text(),
        css="\n".join(style.read_text() for style in styles),
        js="\n".join(script.read_text() for script in scripts),
    )


def trainer(
    present: bytes,
    *,
    key: str,
    on_action: Callable[[], None],
    on_need: Callable[[], None],
    on_heights: Callable[[], None],
) -> None:
    """Shows the present state of a training.

    Arguments:
        present: what ``genlab.ui.training.trainer.present.present`` packed.
        on_action: called when a button was pressed; ``st.session_state[key]["action"]["name"]`` is train, pause, step,
            reset, slow, or the name of a player whose move it is.
        on_heights: called when a density on the line was drawn; ``["heights"]`` is its table.
        on_need: called when the film lacks frames; ``st.session_state[key]["need"]`` lists their steps.
    """
    _component()(
        key=key,
        height="content",
        data=present,
        on_action_change=on_action,
        on_need_change=on_need,
        on_heights_change=on_heights,
    )
