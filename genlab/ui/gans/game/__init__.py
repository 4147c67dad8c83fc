"""The browser side of a GAN on the plane: the discriminator as heat, the generator as a warped mesh, their moves."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    shared = (BROWSER / f"{name}.js" for name in ("unpack", "screen", "journey"))
    scripts = (*shared, *(HERE / f"{name}.js" for name in ("round", "plane", "game", "component")))
    return st.components.v2.component(
        "genlab_game",
        html=(HERE / "game.html").read_text(),
        css=(HERE / "game.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def game(block: bytes, *, key: str) -> None:
    """Shows both players: one moment, or a round move by move, over and over. Another block is reached in a morph.

    Arguments:
        block: what ``genlab.views.game.game`` or ``genlab.views.game.played`` saw, packed.
        key: unique on the page.
    """
    _component()(key=key, height="content", data=block)
