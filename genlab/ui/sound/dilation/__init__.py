"""The browser side of WaveNet's Look inside: the dilation tree of a sample, and what layers hold at each place."""

from __future__ import annotations

from genlab.data.tones import CLASSES, INSTRUMENTS, LOWEST, PITCHES
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def dilation(source: str | bytes, *, key: str) -> None:
    """Shows what a model computed for a sample of a sound, of which it asks over the wire."""
    titles = [
        f"{INSTRUMENTS[label // PITCHES]}, {LOWEST * 2 ** (label % PITCHES / 12):.0f} Hz" for label in range(CLASSES)
    ]
    canvas("sound/dilation/dilation", asking(source, {}, titles=titles), key=key)
