"""A fragment that runs every so often, like Streamlit's ``run_every``, but never while the visitor leaves the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    scripts = (BROWSER / "leaving.js", HERE / "pulse.js")
    return st.components.v2.component("genlab_pulse", html="", js="\n".join(script.read_text() for script in scripts))


def pulse(seconds: float, *, key: str) -> None:
    """Runs the fragment in which it stands again and again. It takes no room: see the shell's style.

    Arguments:
        seconds: between two runs.
        key: unique on the page.
    """
    with st.container(key=f"pulse-{key}"):
        _component()(key=key, data=seconds, on_beat_change=lambda: None)
