"""The browser side of the Watch panel: asks for a generation over the wire and plays it, 60 steps a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
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
    more: Mapping[str, Any] = MappingProxyType({}),
    on_settings: Callable[[], None] | None = None,
    on_focus: Callable[[], None] | None = None,
    on_heat: Callable[[], None] | None = None,
    on_drawing: Callable[[], None] | None = None,
) -> None:
    """Shows how images are written.

    Arguments:
        source: a catalogue name, or weights.
        question: ``genlab.runtime.questions.pixels.Trace`` without its source and what is set in the browser.
        heat, focus: the overlay, and the image with its posteriors, to open with.
        controls: those that are, see ``genlab.ui.shell.controls.held``.
        more: for drawing on it and for another generation beside it: ``size`` and ``levels`` of the model, the
            visitor's ``ink`` as base64 or None, its ``version``, and other ``models`` of that size, name and title.
        on_settings, on_focus, on_heat, on_drawing: called when ``settings``, ``focus``, ``heat`` or ``drawing`` in
            ``st.session_state[key]`` changed.
    """
    about = GLOSSARY["posterior"]
    block = asking(source, question, controls=list(controls), heat=heat, focus=focus, about=about, **more)
    calls = {"settings": on_settings, "focus": on_focus, "heat": on_heat, "drawing": on_drawing}
    canvas("pixels/player/player", block, key=key, on=calls)
