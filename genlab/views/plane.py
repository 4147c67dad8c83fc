"""What can be seen of a flow on the plane."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genlab.data import plane
from genlab.data.entropy import PLANE
from genlab.data.own import decode
from genlab.formats import format_count, format_number
from genlab.models.flow import Flow, FlowLayer
from genlab.models.planar import PlanarLayer
from genlab.models.radial import RadialLayer
from genlab.models.spline import SplineCoupling
from genlab.views.limits import HALF
from genlab.views.seen import Seen, floats

BINS = 32  # of a side, for comparing two sets of points
FAR = 1e6  # where a point that has left every picture is drawn


def jacobian(layer: FlowLayer, x: Tensor) -> tuple[Tensor, Tensor]:
    """y with shape (N, D), and ∂y/∂x with shape (N, D, D), by autograd: of any layer, whatever its own formula says."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y, _ = layer(x)
        rows = [torch.autograd.grad(y[:, i].sum(), x, retain_graph=True)[0] for i in range(x.shape[1])]
    return y.detach(), torch.stack(rows, 1)


def warp(
    model: Flow, dataset: str, table: str = "", seed: int = 0, side: int = 40, count: int = 2000, grid: int = 96
) -> Seen:
    """A mesh and points on their way through every layer, from the noise to the data and back.

    Arguments:
        dataset, table: what the model learnt, see ``genlab.data.plane``.
        seed: of the fixed noise.
        side: vertices on a side of the mesh.
        count: points.
        grid: places on a side at which the density of every stage is told, 0 for none.

    Returns:
        For each direction, ``generate`` (regular mesh and points of N(0, I) at the noise) and ``normalize`` (regular
        mesh and held-out points at the data): ``_mesh`` (K+1, side², 2), ``_logp`` (K+1, side²) in nats, ``_jac``
        (K, side², 2), trace and determinant of each layer's Jacobian towards the noise, ``_points`` (K+1, count, 2),
        ``_sums`` (K+1, count): log N(z) of the points, and what the layers so far add to it, the last ones log p(x);
        stage 0 is the noise. ``data`` (count, 2) are held-out points, ``density`` (K+1, grid,
        grid) the log-density of each stage over the view, row 0 on top. All float32. ``meta`` names the layers.
    """
    generator = torch.Generator().manual_seed(seed)
    weight = next(model.parameters())
    line = torch.linspace(-HALF, HALF, side, device=weight.device, dtype=weight.dtype)
    mesh = torch.cartesian_prod(line, line).flip(1)  # row by row
    data = plane.load(dataset, table, seed).validation.points[:count].to(weight)
    arrays = {"data": floats(data)}
    with torch.no_grad():
        starts = {"generate": (model.generation(mesh), model.generation(model.noise(count, generator)))}
        starts["normalize"] = (model.trajectory(mesh)[::-1], model.trajectory(data)[::-1])
    for way, (path, points) in starts.items():
        log_p = [-0.5 * path[0].square().sum(1) - math.log(2 * math.pi)]
        traces = []
        for layer, x in zip(reversed(model.chain()), path[1:], strict=True):
            _, j = jacobian(layer, x)
            det = torch.linalg.det(j)
            traces.append(torch.stack((j.diagonal(dim1=1, dim2=2).sum(1), det), 1))
            log_p.append(log_p[-1] + det.abs().clamp_min(1e-30).log())
        with torch.no_grad():
            sums = [-0.5 * points[0].square().sum(1) - math.log(2 * math.pi)]
            for layer, x in zip(reversed(model.chain()), points[1:], strict=True):
                sums.append(sums[-1] + layer(x)[1])
        arrays |= {
            f"{way}_mesh": _drawable(torch.stack(path)),
            f"{way}_logp": floats(torch.stack(log_p)),
            f"{way}_jac": floats(torch.stack(traces)),
            f"{way}_points": _drawable(torch.stack(points)),
            f"{way}_sums": floats(torch.stack(sums)),
        }
    if grid:
        arrays["density"] = floats(_densities(model, grid))
    layers = [f"{type(layer).__name__.removesuffix('Layer')}" for layer in reversed(model.chain())]
    names = [f"{_words(name)} {len(layers) - k}" for k, name in enumerate(layers)]
    return Seen({"layers": names, "half": HALF, "side": side, "autoplay": True}, arrays)


@torch.inference_mode()
def _densities(model: Flow, side: int) -> Tensor:
    """log p_k over the view, (K+1, side, side), row 0 on top: the layers between stage k and the noise tell it."""
    weight = next(model.parameters())
    line = (torch.arange(side, device=weight.device, dtype=weight.dtype) + 0.5) * (2 * HALF / side) - HALF
    places, chain = torch.cartesian_prod(line.flip(0), line).flip(1), model.chain()
    stages = []
    for k in range(len(chain) + 1):
        z, log_det = places, torch.zeros_like(places[:, 0])
        for layer in chain[len(chain) - k :]:
            z, more = layer(z)
            log_det = log_det + more
        stages.append(log_det - 0.5 * z.square().sum(1) - math.log(2 * math.pi))
    return torch.stack(stages).view(-1, side, side).clamp(-1e4, 1e4)


@torch.no_grad()
def numbers(model: Flow, dataset: str, table: str = "", seed: int = 0, count: int = 20_000) -> Seen:
    """How good a flow is, on fresh points.

    Returns:
        ``meta`` with ``nll`` and its ``standard_error`` in nats on ``count`` fresh points (of one's own table: on those
        held back), ``entropy`` of the data or None, ``floor`` of the model or None (see ``Flow``), ``mass``: the
        integral of the model's density over the view, ``js`` in nats between histograms of its samples and of the data,
        and ``js_floor`` between two sets of the data; ``sentence``: all this in words.
    """
    generator = torch.Generator().manual_seed(1000 + seed)
    weight = next(model.parameters())
    if dataset == "own" and decode(table)[1] == 0:
        fresh = other = plane.load(dataset, table, seed).validation.points
    else:
        target = plane.target(dataset, table)
        fresh, other = target.sample(count, generator), target.sample(count, generator)
    log_p = model.log_prob(fresh.to(weight))
    samples = model.sample(len(fresh), generator).float().cpu()
    steps = 512
    line = (torch.arange(steps, device=weight.device, dtype=weight.dtype) + 0.5) * (2 * HALF / steps) - HALF
    grid = torch.cartesian_prod(line, line)
    mass = sum(float(model.log_prob(part).exp().sum()) for part in grid.split(16384)) * (2 * HALF / steps) ** 2
    meta = {
        "nll": float(-log_p.mean()),
        "standard_error": float(log_p.std() / math.sqrt(len(log_p))),
        "entropy": PLANE.get(dataset),
        "floor": model.floor,
        "mass": mass,
        "js": jensen_shannon(samples, other),
        "js_floor": None if fresh is other else jensen_shannon(fresh, other),
        "points": len(fresh),
    }
    return Seen({**meta, "sentence": sentence(meta)}, {})


def sentence(meta: dict[str, Any]) -> str:
    """How good a flow is, in one line."""
    nll = f"**{format_number(meta['nll'], 3)}** ± {format_number(meta['standard_error'], 3)} nats"
    bounds = {"entropy": "any model {}, the entropy of the data", "floor": "one that keeps all areas {}, log 2π"}
    least = [words.format(format_number(meta[name], 3)) for name, words in bounds.items() if meta[name] is not None]
    floor = f" (the least expected: of {'; of '.join(least)})" if least else ""
    js = f"**{format_number(meta['js'], 3)}** nats"
    noise = "" if meta["js_floor"] is None else f" (between two sets of data: {format_number(meta['js_floor'], 3)})"
    points, mass = format_count(meta["points"]), format_number(meta["mass"], 4)
    return (
        f"Held-out negative log-likelihood, mean of {points} fresh points: {nll}{floor}. Jensen–Shannon divergence of "
        f"samples and data, on a 32×32 grid: {js}{noise}. Probability inside the picture: **{mass}**."
    )


def jensen_shannon(a: Tensor, b: Tensor) -> float:
    """Between the histograms of two sets of points (N, 2) on 32 × 32 cells of the view and one cell for all outside.

    Returns:
        Nats, from 0 (the same) to log 2 (apart). With finitely many points it is above 0 even for the same density.
    """
    p, q = _histogram(a), _histogram(b)
    middle = (p + q) / 2

    def kl(x: Tensor) -> float:
        return float(torch.special.xlogy(x, x / middle.clamp_min(1e-30)).sum())

    return (kl(p) + kl(q)) / 2


def _histogram(x: Tensor) -> Tensor:
    cell = ((x.double() + HALF) / (2 * HALF) * BINS).floor().long()
    inside = ((cell >= 0) & (cell < BINS)).all(1)
    index = torch.where(inside, cell[:, 0] * BINS + cell[:, 1], BINS**2)
    return torch.bincount(index, minlength=BINS**2 + 1).double() / len(x)


@torch.no_grad()
def layer_fields(model: Flow, layer: int, side: int = 48) -> Seen:
    """What a layer does over the plane of its input, the side of the data.

    Arguments:
        layer: from 0, the first one from the data.

    Returns:
        ``log_det`` (side, side), how the layer changes areas, in closed form, ``autograd`` (side, side), the same from
        the Jacobian, and ``shift`` (side, side, 2), how far it moves each point; ``jacobian`` (2, 2) in the middle.
        For couplings with s and t ``s`` and ``t`` (side, side). Row 0 is the largest x₂. ``meta`` has ``moved``: which
        coordinates change; ``gap``: the largest difference of the two log-determinants; ``layer`` of ``layers``, and
        its ``kind`` in words.

    Raises:
        ValueError: there is no such layer.
    """
    chain = model.chain()
    if not 0 <= layer < len(chain):
        raise ValueError(f"the flow has the layers 0 to {len(chain) - 1}, not {layer}")
    weight = next(model.parameters())
    line = torch.linspace(-HALF, HALF, side, device=weight.device, dtype=weight.dtype)
    x = torch.cartesian_prod(line.flip(0), line).flip(1)
    _, log_det = chain[layer](x)
    y, j = jacobian(chain[layer], x)
    auto = torch.linalg.slogdet(j)[1]
    arrays = {"log_det": log_det, "autograd": auto, "shift": y - x} | _scale_and_shift(chain[layer], x)
    shaped = {name: floats(a).reshape(side, side, *a.shape[1:]) for name, a in arrays.items()}
    middle = side * (side // 2) + side // 2
    moved = ((y - x).abs() > 1e-6).any(0)
    meta = {
        "layer": layer,
        "layers": len(chain),
        "kind": _words(type(chain[layer]).__name__.removesuffix("Layer")),
        "moved": moved.tolist(),
        "gap": float((log_det - auto).abs().max()),
        "half": HALF,
    }
    return Seen(meta, shaped | {"jacobian": floats(j[middle])})


@torch.no_grad()
def layer_numbers(
    model: Flow, dataset: str, layer: int, table: str = "", seed: int = 0, side: int = 49, count: int = 400
) -> Seen:
    """What a planar, radial or spline layer is made of, for hands to change.

    Arguments:
        dataset, table, seed: the data, see ``genlab.data.plane``.
        layer: from 0, the first one from the data.
        side: of a regular mesh over the view, with ``half`` its half side.
        count: of held-out points.

    Returns:
        ``points`` (count, 2), where held-out data are when they come to the layer.
        ``meta`` names the ``kind``: "planar" with ``w`` and ``u`` (2) and ``b``; "radial" with ``centre`` (2),
        ``alpha`` and ``beta``; "spline" with ``bins``, ``kept``: the coordinate, 0 or 1, that says which spline the
        other one goes through, and the array ``raw`` (side, 3 · bins − 1) at every place of the mesh along it, see
        ``models.spline``.

    Raises:
        ValueError: there is no such layer, or it is of another kind.
    """
    chain = model.chain()
    if not 0 <= layer < len(chain):
        raise ValueError(f"the flow has the layers 0 to {len(chain) - 1}, not {layer}")
    meta: dict[str, Any] = {"layer": layer, "layers": len(chain), "half": HALF, "side": side}
    weight = next(model.parameters())
    data = plane.load(dataset, table, seed).validation.points[:count].to(weight)
    arrays = {"points": _drawable(model.trajectory(data)[layer])}
    match chain[layer]:
        case PlanarLayer() as planar:
            meta |= {"kind": "planar", "w": planar.w.tolist(), "u": planar.u.tolist(), "b": float(planar.b)}
        case RadialLayer() as radial:
            alpha, beta = map(float, radial.numbers())
            meta |= {"kind": "radial", "centre": radial.centre.tolist(), "alpha": alpha, "beta": beta}
        case SplineCoupling() as spline:
            line = torch.linspace(-HALF, HALF, side, device=weight.device, dtype=weight.dtype)
            meta |= {"kind": "spline", "bins": spline.bins, "kept": int(spline.swap)}
            arrays["raw"] = floats(spline.net(line[:, None]))
        case _:
            raise ValueError("only planar, radial and spline layers have numbers that can be drawn in the plane")
    return Seen(meta, arrays)


def _scale_and_shift(layer: Any, x: Tensor) -> dict[str, Tensor]:
    """s and t of the coordinate that changes, where the layer has such."""
    if not hasattr(layer, "fields"):
        return {}
    if hasattr(layer, "halves"):
        s, t = layer.fields(layer.halves(x)[0])
        return {"s": s[:, 0], "t": t[:, 0]}
    if hasattr(layer, "mask"):
        s, t = layer.fields(x)
        changed = int((layer.mask == 0).nonzero()[0, 0])
        return {"s": s[:, changed], "t": t[:, changed]}
    shift, log_scale = layer.fields(x)
    last = layer.visits[-1]
    return {"s": log_scale[:, last], "t": shift[:, last]}


def _words(name: str) -> str:
    """AffineCoupling → affine coupling; MAF stays."""
    return name if name.isupper() else "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _drawable(x: Tensor) -> np.ndarray:
    return floats(x.nan_to_num(FAR, FAR, -FAR).clamp(-FAR, FAR))
