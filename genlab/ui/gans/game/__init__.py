"""The browser side of a GAN on the plane: the discriminator as heat, the generator as a warped mesh, their moves."""

from __future__ import annotations

from genlab.ui.browser import canvas


def game(block: bytes, *, key: str) -> None:
    """Shows both players: one moment, or a round move by move, over and over. Another block is reached in a morph.

    Arguments:
        block: what ``genlab.views.game.game`` or ``genlab.views.game.played`` saw, packed.
        key: unique on the page.
    """
    canvas("gans/game/game", block, key=key)
