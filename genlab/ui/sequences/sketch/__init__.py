"""The browser side of Draw: a part of a sequence that is given by hand, and how a model goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genlab.ui.browser import canvas
from genlab.ui.sequences.given import Given
from genlab.ui.shell.visitor import asking


def sketch(
    source: str | bytes,
    experiment: Any,
    given: Given,
    presets: Mapping[str, Given],
    *,
    controls: Sequence[dict[str, Any]],
    key: str,
    on: Mapping[str, Callable[[], None]],
) -> None:
    """Shows what is given, and how a model goes on, for which it asks over the wire.

    Arguments:
        source: a catalogue name, or weights.
        experiment: they came from.
        given, presets: to begin with, and to choose from.
        controls: what is set in the browser, see ``genlab.ui.shell.controls.held``.
        on: what is called when one of these changed in ``st.session_state[key]``: ``settings``; ``given``, a text as
            ``genlab.ui.sequences.given.read`` reads it.
    """
    block = asking(
        source,
        {"name": "written", "n": 48},
        length=experiment.length,
        levels=experiment.levels,
        dataset=experiment.dataset,
        causal="channels" in experiment.architecture_fields,
        given=given,
        presets=dict(presets),
        controls=list(controls),
    )
    canvas("sequences/sketch/sketch", block, key=key, on=on)
