"""The browser side of drawing one's own data: strokes become points of the plane."""

from __future__ import annotations

from collections.abc import Callable

from genlab.ui.browser import canvas


def pad(*, key: str, on_points: Callable[[], None]) -> None:
    """Shows an empty plane [−1, 1]² to draw on.

    Arguments:
        key: unique on the page.
        on_points: called after each stroke; ``st.session_state[key]["points"]`` is the base64 of float32 (n, 2), evenly
            spaced along all strokes.
    """
    canvas("training/pad/pad", key=key, on={"points": on_points})
