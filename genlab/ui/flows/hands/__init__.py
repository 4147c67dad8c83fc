"""The browser side of one layer in a visitor's hands: its numbers are dragged, and the plane bends at once."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def hands(source: str | bytes, *, key: str, at: str, layer: int) -> None:
    """Shows a planar, radial or spline layer to be dragged.

    Arguments:
        source: a catalogue name, or weights.
        key: unique on the page.
        at: the place that says which layer, see ``genlab.ui.shell.dials``.
        layer: where that place begins; from 1, the first one from the data's side.
    """
    question = asking(source, {"name": "layer_numbers"}, at=at, place={"layer": layer})
    canvas("flows/hands/hands", question, key=key)
