"""The browser side of a normalizing flow: a plane that bends layer by layer, with its density and points on it."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def warp(source: str | bytes, *, key: str) -> None:
    """Shows a flow, for which it asks over the wire. Another one is reached in a morph; position and direction stay.

    Arguments:
        source: a catalogue name, or weights.
        key: unique on the page.
    """
    canvas("flows/warp/warp", asking(source, {"name": "warp"}), key=key)
