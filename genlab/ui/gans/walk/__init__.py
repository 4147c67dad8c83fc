"""The browser side of an image GAN's noise: a walk between two samples, and rows of images along directions.

Both stand at one place of the noise, which either of them can change: the seed, the samples A and B, and the moves from
sample A to A itself. Of a change ``st.session_state[key]["place"]`` tells: ``seed``, ``a``, ``b`` and ``moves``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import asking
from genlab.views.limits import LONGEST


def walk(
    source: str | bytes,
    label: int | None,
    place: Mapping[str, Any],
    *,
    page: str,
    controls: Sequence[dict[str, Any]],
    key: str,
    on_settings: Callable[[], None],
    on_place: Callable[[], None],
) -> None:
    """Shows a sheet of samples and the way from one of them to another; other images are reached in a cross-fade.

    Arguments:
        source: a catalogue name, or weights.
        label: the class of all samples; None: each its own.
        place: to begin with: ``seed``, ``a`` and ``b`` from 0, ``moves``.
        page: what stands at the same place has the same one.
        controls: the seed, see ``genlab.ui.shell.controls.held``.
        key: unique on the page; also the name of a saved picture.
        on_settings, on_place: called when ``settings`` or ``place`` in ``st.session_state[key]`` changed.
    """
    block = asking(source, {"name": "walk", "label": label}, place=place, page=page, controls=list(controls))
    canvas("gans/walk/walk", block, key=key, on={"settings": on_settings, "place": on_place})


def rows(
    source: str | bytes,
    label: int | None,
    place: Mapping[str, Any],
    *,
    page: str,
    controls: Sequence[dict[str, Any]],
    key: str,
    on_settings: Callable[[], None],
    on_place: Callable[[], None],
) -> None:
    """Shows rows of images along directions through A.

    Arguments:
        source, label, place, page, key, on_settings, on_place: as for ``walk``. More than ``LONGEST`` moves are told
            of, but not made.
        controls: the kind of directions.
    """
    question = {"name": "directions", "label": label}
    block = asking(source, question, place=place, page=page, controls=list(controls), longest=LONGEST)
    calls = {"settings": on_settings, "place": on_place}
    canvas("gans/walk/rows", block, key=key, on=calls, styles=("gans/walk/walk",))
