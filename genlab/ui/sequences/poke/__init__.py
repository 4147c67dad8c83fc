"""The browser side of causality: one value is changed, and what moves is seen, layer by layer."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def poke(source: str | bytes, *, length: int, causal: bool, key: str) -> None:
    """Shows the layers of a model, of which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        length: T.
        causal: True where a first layer hides the present, which can then be done otherwise.
        key: unique on the page.
    """
    canvas("sequences/poke/poke", asking(source, {"name": "poke", "place": 0}, length=length, causal=causal), key=key)
