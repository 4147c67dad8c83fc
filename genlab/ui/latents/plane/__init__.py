"""The browser side of the latent plane: images as ellipses, the decoder under the pointer, walks drawn by hand."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def plane(source: str | bytes, *, key: str) -> None:
    """Shows the plane of two latents of a model.

    Arguments:
        source: a catalogue name, or weights.
        key: unique on the page.
    """
    canvas("latents/plane/plane", asking(source, {"name": "latent_plane"}), key=key)
