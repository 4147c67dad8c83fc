"""What can be seen of a flow on the line."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import torch

from genlab.data import line as densities
from genlab.models.flow import Flow
from genlab.models.piecewise import HIGH, LOW, PiecewiseLinearLayer
from genlab.views.seen import Seen, floats

POINTS = 401
QUANTILES = 31


@torch.no_grad()
def line(model: Flow, dataset: str, table: str = "", drawable: bool = False) -> Seen:
    """The learned map f̂ and the density that it gives, beside the density of the data.

    Arguments:
        drawable: the picture lets its visitor draw another target.

    Returns:
        Over 401 places ``x`` of [−4, 4]: ``f``, its slope ``slope``, ``p`` = N(f; 0, 1) · slope, and the target ``mu``;
        ``nodes`` (Q + 1, 2), (x, f̂(x)) at the ends of the pieces; ``inverse`` (31, 2), (z, f̂⁻¹(z)) at quantiles of
        the noise. ``meta`` has ``nll`` of the data under the model and their ``entropy``, in nats, by exact sums.
    """
    (layer,) = model.chain()
    layer = cast(PiecewiseLinearLayer, layer)
    weight = layer.xi
    x = torch.linspace(LOW, HIGH, POINTS, dtype=weight.dtype, device=weight.device)[:, None]
    f, log_slope = model(x)
    share = (torch.arange(QUANTILES, dtype=weight.dtype, device=weight.device) + 0.5) / QUANTILES
    z = torch.special.ndtri(share)[:, None]
    density = densities.shape(dataset, table)
    centres = LOW + densities.WIDTH * (np.arange(densities.CELLS) + 0.5)
    log_p = floats(model.log_prob(torch.from_numpy(centres)[:, None].to(weight))).astype(np.float64)
    ends = torch.linspace(LOW, HIGH, layer.pieces + 1, dtype=weight.dtype, device=weight.device)
    cell = np.clip(((floats(x[:, 0]) - LOW) / densities.WIDTH).astype(int), 0, densities.CELLS - 1)
    return Seen(
        {
            "low": LOW,
            "high": HIGH,
            "nll": -float((density * log_p).sum() * densities.WIDTH),
            "entropy": densities.entropy(density),
            "drawable": drawable,
        },
        {
            "x": floats(x[:, 0]),
            "f": floats(f[:, 0]),
            "slope": floats(log_slope.exp()),
            "p": floats((log_slope - f[:, 0].square() / 2).exp() / math.sqrt(2 * math.pi)),
            "mu": density[cell].astype(np.float32),
            "nodes": floats(torch.stack((ends, model(ends[:, None])[0][:, 0]), 1)),
            "inverse": floats(torch.cat((z, model.inverse(z)), 1)),
        },
    )
