"""The browser side of a one-dimensional flow: a map between two densities, the noise pushed through it."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def line(source: str | bytes, *, key: str) -> None:
    """Shows a flow on a line, for which it asks over the wire. Another one is reached in a morph.

    Arguments:
        source: a catalogue name, or weights.
        key: unique on the page.
    """
    canvas("flows/line/line", asking(source, {"name": "line"}), key=key)
