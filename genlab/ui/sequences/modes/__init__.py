"""The browser side of regression against classification: two posteriors of the same future."""

from __future__ import annotations

from genlab.data.toy import JUMP
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking

MODELS = {"categories": "gated-forks", "Gaussian": "gaussian-forks"}  # of the catalogue


def modes(*, key: str) -> None:
    """Shows what both expect of a fork that is made by hand, for which it asks over the wire."""
    canvas("sequences/modes/modes", asking(None, {}, models=MODELS, length=32, jump=JUMP), key=key)
