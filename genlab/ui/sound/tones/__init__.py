"""The browser side of WaveNet's Watch: asks for a sound over the wire, draws it and plays it while it is written."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from genlab.data.tones import INSTRUMENTS, PITCHES
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def tones(
    source: str | bytes,
    *,
    pitch: int,
    begin: bytes,
    controls: Sequence[dict[str, Any]],
    key: str,
    on_settings: Callable[[], None],
) -> None:
    """Shows a sound.

    Arguments:
        source: a catalogue name, or weights.
        pitch: semitones above the lowest A.
        begin: levels that are given, a byte each; the model goes on after them.
        controls: of instrument, seed and temperature, see ``genlab.ui.shell.controls.held``.
        key: unique on the page.
        on_settings: called when ``settings`` in ``st.session_state[key]`` changed, the pitch among them.
    """
    given = base64.b64encode(begin).decode()
    page = {"pitch": pitch, "begin": given, "controls": list(controls), "instruments": INSTRUMENTS, "pitches": PITCHES}
    canvas("sound/tones/tones", asking(source, {}, **page), key=key, on={"settings": on_settings})
