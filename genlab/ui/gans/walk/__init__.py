"""The browser side of an image GAN's noise: a walk between two samples, and rows of images along directions."""

from __future__ import annotations

from collections.abc import Callable

from genlab.ui.browser import canvas


def walk(block: bytes, *, key: str, on_ends: Callable[[], None]) -> None:
    """Shows a sheet of samples and the way from one of them to another; other images are reached in a cross-fade.

    Arguments:
        block: what ``genlab.views.latent.sheet`` and ``walk`` gave, as one; ``meta`` has also ``a`` and ``b``, the
            samples that are A and B, and ``moved``: how many moves A is away from its sample.
        key: unique on the page; also the name of a saved picture.
        on_ends: called when another A or B was chosen; ``st.session_state[key]["ends"]`` is the two.
    """
    canvas("gans/walk/walk", block, key=key, on={"ends": on_ends})


def rows(block: bytes, *, key: str, on_moves: Callable[[], None]) -> None:
    """Shows rows of images along directions through A.

    Arguments:
        block: what ``genlab.views.latent.directions`` gave; ``meta`` has also ``a`` and ``moves``: from that sample
            to A.
        key: unique on the page.
        on_moves: called when A was moved; ``st.session_state[key]["moves"]`` are all moves from the sample on.
    """
    canvas("gans/walk/rows", block, key=key, on={"moves": on_moves}, styles=("gans/walk/walk",))
