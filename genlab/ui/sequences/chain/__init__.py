"""The browser side of the page Chain rule: what is clicked is computed and drawn there."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.views.pack import pack


def chain(view: str) -> None:
    """Shows a view: event, unroll or categorical."""
    canvas("sequences/chain/chain", pack({"view": view}), key=f"chain.{view}")
