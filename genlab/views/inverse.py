"""Where the invertibility of a flow ends in practice: round trips, in the numbers that a computer has.

J. Behrmann, P. Vicol, K.-C. Wang, R. Grosse and J.-H. Jacobsen. Understanding and mitigating exploding inverses in
invertible neural networks. AISTATS, 2021.
"""

from __future__ import annotations

import copy
import math

import numpy as np
import torch
from torch import Tensor

from genlab.data import plane
from genlab.data.classes import CLASSES
from genlab.data.drawing import examples
from genlab.models.flow import Flow
from genlab.models.image_flow import MARGIN, ImageFlow
from genlab.views.seen import Seen, floats

RADII = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0)
TEMPERATURES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)
NEARLY_ALL = 0.99  # of the data, or of the noise, lie within a line of the picture


@torch.no_grad()
def on_plane(model: Flow, dataset: str, table: str = "", seed: int = 0, count: int = 200) -> Seen:
    """How far from where they began points arrive that go through all layers and back.

    Arguments:
        dataset, table, seed: the data, see ``genlab.data.plane``.
        count: of points, all round, at each distance from the middle.

    Returns:
        ``at`` (R,), distances from the middle. ``data`` (3, R): of x → z → x the median error in float32, the largest
        one, and the largest one in float64; ``noise`` (3, R): of z → x → z. All float32; not finite where a number
        overflows. ``meta``: ``within`` for both: the distance within which 99 % of them lie; ``held_out``: the largest
        error in float32 of held-out data.
    """
    double = copy.deepcopy(model).double()
    generator = torch.Generator().manual_seed(seed)
    angle = 2 * math.pi * torch.rand(count, generator=generator, dtype=torch.float64)
    circle = torch.stack((angle.cos(), angle.sin()), 1).to(next(model.parameters()).device)
    points = (torch.tensor(RADII).to(circle)[:, None, None] * circle).flatten(0, 1)
    errors = {
        "data": lambda flow, x: _distance(_towards_data(flow, _towards_noise(flow, x)), x),
        "noise": lambda flow, z: _distance(_towards_noise(flow, _towards_data(flow, z)), z),
    }
    held_out = plane.load(dataset, table, seed).validation.points.to(next(model.parameters()))
    meta = {
        "within": {
            "data": float(held_out.norm(dim=1).quantile(NEARLY_ALL)),
            "noise": math.sqrt(-2 * math.log(1 - NEARLY_ALL)),  # |z|² of two dimensions is exponential
        },
        "held_out": float(errors["data"](model, held_out).max()),
    }
    arrays = {"at": np.array(RADII, np.float32)}
    for name, error in errors.items():
        single = error(model, points.float()).view(len(RADII), count)
        exact = error(double, points).view(len(RADII), count)
        arrays[name] = _summed(single, exact)
    return Seen(meta, arrays)


@torch.no_grad()
def on_images(model: ImageFlow, seed: int = 0, count: int = 4) -> Seen:
    """How far from where it began noise arrives that becomes the logits of an image, and noise again.

    Arguments:
        seed: of the noise.
        count: images at each temperature; the noise of all temperatures has the same directions.

    Returns:
        ``at`` (R,), temperatures: what noise of N(0, I) is multiplied with. ``noise`` (3, R): of z → y → z, y logits,
        the median over images of the distance in float32, the largest one, and the largest one in float64; ``image``
        (3, R): how far from the first image the second one is at its worst pixel, in grey levels; ``cut`` (R,): the
        share of pixels that are blacker than black or whiter than white, and are cut off. All float32; not finite
        where a number overflows. ``meta``: ``digits``: the largest error in float32 of the example digits, in grey
        levels; ``levels``; ``dim``: numbers of an image.
    """
    double = copy.deepcopy(model).double()
    labels = torch.arange(count) % CLASSES
    direction = torch.randn(count, model.dim, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    shape = len(TEMPERATURES), count
    z = torch.cat([temperature * direction for temperature in TEMPERATURES])
    trips = [_trip(flow, z, labels.repeat(len(TEMPERATURES))) for flow in (model, double)]
    arrays = {"at": np.array(TEMPERATURES, np.float32)}
    for name, (single, exact) in zip(("noise", "image"), zip(*(trip[:2] for trip in trips), strict=True), strict=True):
        arrays[name] = _summed(single.view(shape), exact.view(shape))
    arrays["cut"] = floats(trips[1][2].view(shape).mean(1))
    return Seen({"digits": _digits(model), "levels": model.levels, "dim": model.dim}, arrays)


def _trip(flow: ImageFlow, z: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Errors in z and in grey levels, and the share of pixels that are cut off, (N,) each."""
    weight = next(flow.parameters())
    z, labels = z.to(weight), labels.to(weight.device)
    told = labels if flow.conditional else None

    def decode(noise: Tensor) -> Tensor:
        *_, (y, _) = flow.generation(noise, told)
        return y

    y = decode(z)
    back = _normalized(flow, y, labels)
    again = decode(back.nan_to_num(0, 0, 0))
    grey = (flow.intensities(y) - flow.intensities(again)).abs().flatten(1).amax(1) * flow.levels
    cut = (y.abs() > math.log((1 - MARGIN) / MARGIN)).double().flatten(1).mean(1)
    return _distance(back, z), grey.nan_to_num(math.inf, math.inf), cut


def _normalized(flow: ImageFlow, y: Tensor, labels: Tensor) -> Tensor:
    """From logits to noise, without the checks of the flow, and whatever intensities could not say any more."""
    h, left, chain = y, list[Tensor](), flow.chain()
    for layers in chain:
        for layer in layers:
            h, _ = layer(h)
        if layers is not chain[-1]:
            h, block = h.chunk(2, 1)
            left.append(block)
    if flow.conditional:
        h = (h - flow.class_mean[labels]) * (-flow.class_log_scale[labels]).exp()
    return torch.cat([block.flatten(1) for block in (*left, h)], 1)


def _digits(model: ImageFlow) -> float:
    """The largest error of x → z → x on the example digits, in grey levels."""
    x = torch.stack([torch.from_numpy(examples(model.size)[str(k)].levels(model.levels)) for k in range(CLASSES)])
    v = model.dequantize(x[:, None], torch.Generator().manual_seed(0)).to(next(model.parameters()))
    labels = torch.arange(CLASSES).to(v.device) if model.conditional else None
    return float((model.inverse(model(v, labels)[0], labels) - v).abs().max() * model.levels)


def _summed(single: Tensor, exact: Tensor) -> np.ndarray:
    """Median and largest of errors (R, N) in float32, and the largest in float64, (3, R)."""
    return np.stack([floats(single.median(1)[0]), floats(single.amax(1)), floats(exact.amax(1))])


def _towards_noise(flow: Flow, x: Tensor) -> Tensor:
    for layer in flow.chain():  # without the flow's own checks: a point that overflows is part of the picture
        x, _ = layer(x)
    return x


def _towards_data(flow: Flow, z: Tensor) -> Tensor:
    for layer in reversed(flow.chain()):
        z = layer.inverse(z)
    return z


def _distance(a: Tensor, b: Tensor) -> Tensor:
    return (a - b).norm(dim=1).nan_to_num(math.inf, math.inf)
