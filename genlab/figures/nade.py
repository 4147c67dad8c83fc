"""NADE from inside, as maps that lie as the image does. Takes what ``genlab.views.nade`` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from genlab.figures.colours import MAGNITUDE, SIGNED, Colours
from genlab.figures.maps import Figure, Maps, ink, magnitude, ramp
from genlab.figures.pixels import FEW
from genlab.formats import format_count


def hidden_vector(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """The image so far, and five numbers of the hidden vector: as they grew, and what makes them grow."""
    image = np.stack([arrays["image"], arrays["expected"]])
    drawn = ink(image, ["drawn so far", "expected"], low=0, high=1, colours=colours, side=FEW)
    hidden, weights = arrays["hidden"], arrays["weights"]
    now = [f"{h:.2f} here" for h in hidden[:, meta["row"], meta["column"]]]
    grown = Maps(
        magnitude(np.nan_to_num(hidden), np.isfinite(hidden)),
        hidden,
        [f"h, unit {unit}" for unit in meta["units"]],
        notes=now,
        legend=[{"ramp": list(MAGNITUDE), "label": "", "ticks": ["0", "1"]}],
        side=FEW,
    )
    most = float(np.abs(weights).max())
    adds = Maps(
        ramp(SIGNED[colours], (weights / most + 1) / 2),
        weights,
        [f"W, unit {unit}" for unit in meta["units"]],
        legend=[{"ramp": list(SIGNED[colours]), "label": "", "ticks": [f"−{most:.1f}", "0", f"{most:.1f}"]}],
        side=FEW,
    )
    return Figure(
        [drawn, grown, adds],
        f"Up to here the sums inside h took **{format_count(meta['work'])}** multiplications, one row of W a pixel. "
        f"Anew for every pixel they would have taken **{format_count(meta['anew'])}**.",
    )
