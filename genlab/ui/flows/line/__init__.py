"""The browser side of a one-dimensional flow: a map between two densities, the noise pushed through it, a pen."""

from __future__ import annotations

from collections.abc import Callable

from genlab.ui.browser import canvas


def line(block: bytes, *, key: str, on_heights: Callable[[], None] | None = None) -> None:
    """Shows a flow on a line. Another block of the same shapes is reached in a morph.

    Arguments:
        block: what ``genlab.views.pack.pack(meta, **arrays)`` returned. ``meta`` has ``low`` and ``high`` (the interval
            of x), ``nll`` (or None) and ``entropy`` (of the data) in nats, and ``drawable`` (whether the data's density
            can be drawn by hand). The arrays are float32:

            - ``x`` (n,): increasing, from low to high.
            - ``f`` (n,), ``slope`` (n,): the map from data to noise and its derivative, at x.
            - ``p`` (n,), ``mu`` (n,): the densities of the model and of the data, at x.
            - ``nodes`` (Q+1, 2): x and f(x) where the pieces of the map meet.
            - ``inverse`` (m, 2): z and f⁻¹(z) of points that travel; z are quantiles of N(0, 1), in order.
        key: unique on the page.
        on_heights: called when a density was drawn; ``st.session_state[key]["heights"]`` is 128 hex digits: 64 heights
            of 0 to 255, at equally spaced x from low to high (both included), straight lines between them.
    """
    canvas("flows/line/line", block, key=key, on={"heights": on_heights})
