"""The browser side of an image GAN's noise: a walk between two samples, and rows of images along directions.

Both stand at one place of the noise, which either of them can change: the seed, the samples A and B, and the moves from
sample A to A itself. Of a change ``st.session_state[key]["place"]["value"]`` tells: ``seed``, ``a``, ``b`` and
``moves``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking
from genlab.views.limits import LONGEST

QUESTIONS = {"walk": "walk", "rows": "directions"}


def at_place(
    name: Literal["walk", "rows"],
    source: str | bytes,
    label: int | None,
    place: Mapping[str, Any],
    *,
    page: str,
    controls: Sequence[dict[str, Any]],
    on_settings: Callable[[], None],
    on_place: Callable[[], None],
) -> None:
    """Shows a sheet of samples and the walk from one of them to another, or the rows of images through A.

    Arguments:
        source: a catalogue name, or weights.
        label: the class of all samples; None: each its own.
        place: to begin with: ``seed``, ``a`` and ``b`` from 0, ``moves``; more than ``LONGEST`` moves are told of by
            ``rows``, but not made.
        page: what stands at the same place has the same one; the key, also of a saved picture, is ``page.name``.
        controls: the seed or the kind of directions, see ``genlab.ui.shell.controls.held``.
        on_settings, on_place: called when ``settings`` or ``place`` in ``st.session_state[key]`` changed.
    """
    question = {"name": QUESTIONS[name], "label": label}
    block = asking(source, question, place=place, page=page, controls=list(controls), longest=LONGEST)
    canvas(
        f"gans/walk/{name}",
        block,
        key=f"{page}.{name}",
        on={"settings": on_settings},
        once={"place": on_place},
        styles=("gans/walk/noise",),
    )
