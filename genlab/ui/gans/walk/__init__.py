"""The browser side of an image GAN's noise: a walk between two samples, and rows of images along directions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent


@cache
def _component(name: str) -> Any:
    shared = (BROWSER / f"{script}.js" for script in ("unpack", "screen", "leaving"))
    scripts = (*shared, HERE / "images.js", HERE / f"{name}.js")
    return st.components.v2.component(
        f"genlab_{name}",
        html=(HERE / "walk.html").read_text(),
        css=(HERE / "walk.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def walk(block: bytes, *, key: str, on_ends: Callable[[], None]) -> None:
    """Shows a sheet of samples and the way from one of them to another; other images are reached in a cross-fade.

    Arguments:
        block: what ``genlab.views.latent.sheet`` and ``walk`` gave, as one; ``meta`` has also ``a`` and ``b``, the
            samples that are A and B, and ``moved``: how many moves A is away from its sample.
        key: unique on the page; also the name of a saved picture.
        on_ends: called when another A or B was chosen; ``st.session_state[key]["ends"]`` is the two.
    """
    _component("walk")(key=key, height="content", on_ends_change=on_ends, data=block)


def rows(block: bytes, *, key: str, on_moves: Callable[[], None]) -> None:
    """Shows rows of images along directions through A.

    Arguments:
        block: what ``genlab.views.latent.directions`` gave; ``meta`` has also ``a`` and ``moves``: from that sample
            to A.
        key: unique on the page.
        on_moves: called when A was moved; ``st.session_state[key]["moves"]`` are all moves from the sample on.
    """
    _component("rows")(key=key, height="content", on_moves_change=on_moves, data=block)
