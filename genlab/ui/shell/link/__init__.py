"""A button that copies the address of the page as it is set now."""

from pathlib import Path

import streamlit as st

from genlab.ui.shell.links import PRIVATE

HERE = Path(__file__).parent


def copy_link(key: str) -> None:
    """Draws the button. The browser copies its own address, so no setting can be behind.

    Arguments:
        key: unique on the page.
    """
    component = st.components.v2.component(
        "genlab_link",
        html=(HERE / "link.html").read_text(),
        css=(HERE / "link.css").read_text(),
        js=(HERE / "link.js").read_text(),
    )
    component(key=key, width="content", data=sorted(PRIVATE))
