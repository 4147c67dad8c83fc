"""The browser side of a normalizing flow: a plane that bends layer by layer, with its density and points on it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.ui.browser import BROWSER

HERE = Path(__file__).parent


@cache
def _component() -> Any:
    shared = (BROWSER / f"{name}.js" for name in ("unpack", "screen", "journey"))
    scripts = (*shared, *(HERE / f"{name}.js" for name in ("plane", "warp", "component")))
    return st.components.v2.component(
        "genlab_warp",
        html=(HERE / "warp.html").read_text(),
        css=(HERE / "warp.css").read_text(),
        js="\n".join(script.read_text() for script in scripts),
    )


def warp(block: bytes, *, key: str, height: int | str = "content") -> None:
    """Shows a flow. Another block of the same shapes is reached in a morph; position, direction and zoom stay.

    Arguments:
        block: what ``genlab.views.pack.pack(meta, **arrays)`` returned. ``meta`` has ``layers`` (names of the K layers,
            from noise to data), ``half`` (the view is [-half, half]²), ``side`` (M) and ``autoplay``. The arrays are
            float32. ``data`` (Q, 2) are held-out points; the others stand there once for each direction d, ``generate``
            (fixed noise carried to the data) and ``normalize`` (the other way round). Stage 0 is N(0, I), stage K the
            data:

            - ``d_mesh`` (K+1, M*M, 2): vertices at every stage, row by row.
            - ``d_jac`` (K, M*M, 2): trace and determinant of the Jacobian of the layer between stages k and k+1, from
              the data's side to the noise's, at each vertex.
            - ``d_logp`` (K+1, M*M): log-density of the model at that stage, in nats.
            - ``d_points`` (K+1, P, 2): points that travel.
        key: unique on the page.
        height: of the component: pixels, or ``"content"``.
    """
    _component()(key=key, height=height, data=block)
