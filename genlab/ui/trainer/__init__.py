"""The browser side of the Train panel: transport, samples that cross-fade, the loss curve, the film."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    scripts = (HERE.parent / "unpack.js", HERE.parent / "leaving.js", HERE / "chart.js", HERE / "film.js", HERE / "trainer.js")
    return st.components.v2.component(
        "genlab_trainer",
        html=(HERE / "trainer.html").read_text(),
        css=(HERE / "trainer.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def trainer(present: bytes, *, key: str, on_action: Callable[[], None], on_need: Callable[[], None]) -> None:
    """Shows the present state of a training.

    Arguments:
        present: what ``genlab.ui.trainer.present.present`` packed.
        on_action: called when a button was pressed; ``st.session_state[key]["action"]["name"]`` is train, pause, step
            or reset.
        on_need: called when the film lacks frames; ``st.session_state[key]["need"]`` lists their steps.
    """
    _component()(key=key, height="content", data=present, on_action_change=on_action, on_need_change=on_need)
