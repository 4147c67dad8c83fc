"""A fragment that runs every so often, like Streamlit's ``run_every``, but never while the visitor leaves the page."""

from __future__ import annotations

import streamlit as st

from genlab.ui.browser import canvas


def pulse(seconds: float, *, key: str) -> None:
    """Runs the fragment in which it stands again and again. It takes no room: see the shell's style.

    Arguments:
        seconds: between two runs.
        key: unique on the page.
    """
    with st.container(key=f"pulse-{key}"):
        canvas("browser/pulse/pulse", seconds, key=key, on={"beat": None})
