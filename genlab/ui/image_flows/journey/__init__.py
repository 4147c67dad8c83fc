"""The browser side of a flow's journey: samples, and one of them on its way from noise to an image."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking


def journey(
    source: str | bytes,
    label: int | None,
    sample: int,
    controls: Sequence[dict[str, Any]],
    *,
    key: str,
    on_settings: Callable[[], None],
) -> None:
    """Shows samples of a flow on images, and how noise becomes one of them.

    Arguments:
        source: a catalogue name, or weights.
        label: the class of all; None: each its own.
        sample: the one whose way is shown, from 1.
        controls: seed and temperature, see ``genlab.ui.shell.controls.held``.
        key: unique on the page, also of a saved picture.
        on_settings: called when ``st.session_state[key]["settings"]`` changed: the controls, or the sample with them.
    """
    question = {"name": "flow_journey", "label": label, "sample": sample - 1}
    block = asking(source, question, controls=list(controls))
    canvas("image_flows/journey/journey", block, key=key, on={"settings": on_settings})
