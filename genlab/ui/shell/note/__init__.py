"""A sentence about a model under its picture, which keeps nobody waiting."""

from __future__ import annotations

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def note(source: str | bytes, question: str, *, key: str) -> None:
    """Shows the sentence of an answer, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        question: name of one in ``genlab.runtime.questions`` whose answer has ``sentence``.
        key: unique on the page.
    """
    canvas("shell/note/note", asking(source, {"name": question}), key=key)
