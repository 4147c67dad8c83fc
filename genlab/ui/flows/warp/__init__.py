"""The browser side of a normalizing flow: a plane that bends layer by layer, with its density and points on it."""

from __future__ import annotations

from genlab.ui.browser import canvas


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
    canvas("flows/warp/warp", block, key=key, height=height)
