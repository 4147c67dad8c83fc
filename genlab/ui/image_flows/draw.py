"""The Draw panel of flows on images: a drawing goes to its noise and back."""

from __future__ import annotations

from genlab.experiments.entries import Family
from genlab.ui.shell.easel import panel

HAND = "its noise follows, and the way back leads to the very same drawing. A little further off: what is near it?"


def draw(family: Family) -> None:
    """Draws the panel."""
    panel(family, "image_flows/mirror/mirror", heights=(500, 1100), hand=HAND)
