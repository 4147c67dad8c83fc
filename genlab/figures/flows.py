"""What is seen inside a flow: a layer's fields, arrows and Jacobian as maps, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from genlab.figures.colours import Colours
from genlab.figures.maps import Figure, Maps, matrix, signed
from genlab.formats import format_number

ARROWS = 13  # on a side of the chessboard whose black squares have one
SMALL, LARGE = 196, 330  # sides of a map, in screen pixels: four stand in a row, or two


def layer_fields(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """What one layer moves, how it changes areas, and its Jacobian, see ``genlab.views.plane.layer_fields``."""
    kept, moved = ([i for i, moves in zip("₁₂", meta["moved"], strict=True) if moves is so] for so in (False, True))
    does = (
        f"It keeps **x{kept[0]}** and transforms **x{moved[0]}** in a way that x{kept[0]} alone decides."
        if len(kept) == 1
        else "It moves **both coordinates**."
        if moved
        else "It moves nothing."
    )
    fields = {"log |det J|, closed form": arrays["log_det"], "log |det J|, autograd": arrays["autograd"]}
    if "s" in arrays:  # an autoregressive layer keeps nothing, and divides by its scale on the way to the noise
        scale, shift = ("log-scale s", "shift t") if kept else ("log σ, last coordinate", "μ, last coordinate")
        fields |= {scale: arrays["s"], shift: arrays["t"]}
    towards_noise = ("log |det J|", "log-scale")  # where these are above 0, areas shrink from noise to data
    agree = (
        f"agrees with the determinant of autograd's full Jacobian up to **{meta['gap']:.1g}**: rounding in float32."
        if meta["gap"]
        else "is exactly the determinant of autograd's full Jacobian."
    )
    side = SMALL if len(fields) > 2 else LARGE
    note = f"row y{kept[0]} is that of the identity" if len(kept) == 1 else "by autograd"
    return Figure(
        [
            *(
                signed(
                    values, name, colours=colours, turned=name.startswith(towards_noise), half=meta["half"], side=side
                )
                for name, values in fields.items()
            ),
            arrows(arrays["shift"], meta["half"]),
            matrix(arrays["jacobian"], "Jacobian J at the centre", colours=colours, notes=[note], side=LARGE),
        ],
        f"Layer **{meta['layer'] + 1} of {meta['layers']}**, {meta['kind']}. {does} The closed form {agree}",
    )


def arrows(shift: np.ndarray, half: float) -> Maps:
    """Where points of [−half, half]² go, (side, side, 2) with row 0 on top, as arrows from points to their images.

    The pointer reads how far.
    """
    side = len(shift)
    pick = np.linspace(0, side - 1, ARROWS).round().astype(int)
    rows, columns = (pick[i] for i in np.nonzero(np.indices((ARROWS, ARROWS)).sum(0) % 2 == 0))
    start = np.stack((columns, rows), -1) / (side - 1)
    end = start + shift[rows, columns] * np.array([1, -1]) / (2 * half)
    far = np.hypot(*np.moveaxis(shift, -1, 0)).astype(np.float32)
    return Maps(
        np.zeros((1, side, side, 4), np.uint8),
        far[None],
        ["where it moves points"],
        ["from each point to its image"],
        half=half,
        side=LARGE,
        arrows=np.hstack((start, end)).astype(np.float32),
    )


def coupling_example(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """The lecture's coupling in six dimensions: its Jacobian, and ``autograd`` and ``closed`` log-determinants."""
    return Figure(
        [matrix(arrays["jacobian"], "∂y / ∂x, by autograd", colours=colours, block=3, side=LARGE)],
        f"Its log-determinant is **{format_number(meta['autograd'], 6)}** by elimination and "
        f"**{format_number(meta['closed'], 6)}** in closed form.",
    )
