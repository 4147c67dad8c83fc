"""The browser side of padding: a small tensor, and what ``F.pad`` makes of it."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.views.pack import pack


def padding(*, key: str) -> None:
    """Shows the tensor, with the lecture's examples as presets."""
    canvas("sequences/padding/padding", pack({}), key=key)
