"""The browser side of Watch: sequences that are written, for which it asks over the wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from genlab.glossary import GLOSSARY
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def writer(
    source: str | bytes, *, lines: bool, controls: Sequence[dict[str, Any]], key: str, on_settings: Callable[[], None]
) -> None:
    """Shows how sequences are written.

    Arguments:
        source: a catalogue name, or weights.
        lines: True where the data are two straight pieces, so that it can be seen whether one has kept them.
        controls: what is set in the browser, see ``genlab.ui.shell.controls.held``.
        on_settings: called when ``settings`` in ``st.session_state[key]`` changed.
    """
    block = asking(source, {"name": "written"}, controls=list(controls), lines=lines, about=GLOSSARY["posterior"])
    canvas("sequences/writer/writer", block, key=key, on={"settings": on_settings})
