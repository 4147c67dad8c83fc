"""The Draw panel: a digit of one's own goes through encoder and decoder."""

from __future__ import annotations

from genlab.experiments.entries import Family
from genlab.ui.shell.easel import panel

HAND = "it comes back as the nearest thing that the model can say with its few latents. Then the horse: what is it?"


def draw(family: Family) -> None:
    """Draws the panel."""
    panel(family, "latents/echo/echo", heights=(620, 1300), hand=HAND, prior=family.name == "fvae")
