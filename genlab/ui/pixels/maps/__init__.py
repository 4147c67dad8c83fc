"""The browser side of Look inside: maps of pixels that change in place, and a pixel that can be moved on them."""

from __future__ import annotations

from collections.abc import Callable

from genlab.figures.pixels import Maps
from genlab.ui.browser import canvas
from genlab.views.pack import pack


def maps(
    shown: Maps,
    *,
    key: str,
    place: tuple[int, int] | None = None,
    side: int = 300,
    on_place: Callable[[], None] | None = None,
) -> None:
    """Shows maps. New values are painted over the old ones: nothing is taken down, so nothing blinks.

    Arguments:
        key: unique on the page; also the name of a saved picture.
        place: row and column of the red dot.
        side: of a map, in screen pixels; they shrink and wrap where there is less room.
        on_place: called when the dot was moved; ``st.session_state[key]["place"]`` is its row and column. Without it
            the dot cannot be moved.
    """
    meta = {
        "name": key,
        "titles": list(shown.titles),
        "notes": list(shown.notes),
        "legend": list(shown.legend),
        "words": list(shown.words),
        "place": place,
        "side": side,
        "movable": on_place is not None,
    }
    block = pack(meta, pixels=shown.pixels, values=shown.values)
    canvas("pixels/maps/maps", block, key=key, on={"place": on_place})
