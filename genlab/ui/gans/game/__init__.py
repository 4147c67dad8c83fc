"""The browser side of a GAN on the plane: the discriminator as heat, the generator as a warped mesh, their moves."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def game(source: str | bytes, *, key: str) -> None:
    """Shows both players in a round from a model's weights on, move by move, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        key: unique on the page.
    """
    canvas("gans/game/game", asking(source, {"name": "slow_round"}), key=key)
