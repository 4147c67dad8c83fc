"""The browser side of a flow posterior: its density after every layer, beside the true posterior."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def bend(source: str | bytes, *, key: str) -> None:
    """Shows how the layers bend the posterior of one image.

    Arguments:
        source: a catalogue name, or weights of a model of two latents.
        key: unique on the page.
    """
    canvas("latents/bend/bend", asking(source, {"name": "latent_bent"}), key=key)
