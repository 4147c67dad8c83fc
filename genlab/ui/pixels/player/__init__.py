"""The browser side of the Watch panel: asks for a generation over the wire and plays it, 60 steps a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from genlab.glossary import GLOSSARY
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def player(
    source: str | bytes,
    question: dict[str, Any],
    *,
    key: str,
    heat: str,
    focus: int = 0,
    controls: Sequence[dict[str, Any]] = (),
    on_settings: Callable[[], None] | None = None,
    on_focus: Callable[[], None] | None = None,
    on_heat: Callable[[], None] | None = None,
) -> None:
    """Shows how images are written.

    Arguments:
        source: a catalogue name, or weights.
        question: ``genlab.runtime.questions.Trace`` without its source and what is set in the browser.
        heat, focus: the overlay, and the image with its posteriors, to open with.
        controls: those that are, see ``genlab.ui.shell.controls.held``.
        on_settings, on_focus, on_heat: called when ``settings``, ``focus`` or ``heat`` in ``st.session_state[key]``
            changed.
    """
    about = GLOSSARY["posterior"]
    block = asking(source, question, controls=list(controls), heat=heat, focus=focus, about=about)
    calls = {"settings": on_settings, "focus": on_focus, "heat": on_heat}
    canvas("pixels/player/player", block, key=key, on=calls)
