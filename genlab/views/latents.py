"""What can be seen of a model with latents: where images lie on the plane of two of them, and what is decoded there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from genlab.data.images import examples
from genlab.evaluation.bounds import LADDER, tightened
from genlab.models.flow_posterior import Flowed
from genlab.models.fvae import FVAE
from genlab.models.vae import VAE, Gaussian
from genlab.training.checkpoints import load
from genlab.views.limits import ACTIVE, SHOWN
from genlab.views.seen import Seen, floats

COUNT = 500  # images on the plane
LEAST = 3.0  # half of the plane's side, at least
SIDE = 17  # images along a side of the sheet
CLOUD = 64  # draws behind the ellipse of a posterior that is no Gaussian
FINE = 96  # points along a side of a density
COARSE, REACH = 112, 4.5  # along a side of the grid on which the true posterior is looked for, and its half
NEAR = 8.0  # nats: less likely places are no part of the true posterior
MANY = 4096  # latents that are decoded at a time


def axes(model: VAE, x: Tensor) -> list[int]:
    """The two dimensions of z, counted from 0, whose KL is largest, in their order; of one dimension it twice."""
    best = used(model, x).topk(min(2, model.latent)).indices.sort().values.tolist()
    return [best[0], best[-1]]


@torch.inference_mode()
def used(model: VAE, x: Tensor) -> Tensor:
    """KL of each dimension in nats (D,), mean over images: of the Gaussian before any flow, to N(0, I)."""
    return _base(model, x).kl().mean(0)


def _base(model: VAE, x: Tensor) -> Gaussian:
    q = model.infer(x)
    return q.base if isinstance(q, Flowed) else q  # type: ignore[return-value]


@torch.inference_mode()
def plane(model: VAE, dataset: str, size: int, levels: int, count: int = COUNT, seed: int = 0) -> Seen:
    """Test images on the plane of two latents, and what the decoder draws there, all other latents 0.

    Arguments:
        dataset, size, levels: of the experiment.
        count: images at most.
        seed: of the draws of z.

    Returns:
        As ``learning``, without the samples; ``images`` uint8 (n, H, W), ink 255; ``sheet`` uint8 (17², H, W): decoded
        on [−half, half]², row by row from the top; where the prior of two latents is no N(0, I), ``prior`` float32
        (96, 96): its density, rows from the top. ``meta`` has also ``sure``: the standard error of the ELBO's mean.
    """
    x, labels = examples(dataset, size, levels, count)
    meta, arrays = _placed(model, x, labels, torch.Generator().manual_seed(seed))
    half, across = meta["half"], meta["axes"]
    arrays |= {"images": _grey(x, levels), "sheet": _decoded(model, _grid(SIDE, half), across)}
    if isinstance(model, FVAE) and model.latent == 2:
        grid = _grid(FINE, half).to(next(model.parameters()))
        arrays["prior"] = floats(model.log_prior(grid).exp().view(FINE, FINE))
    return Seen(meta, arrays)


@torch.inference_mode()
def learning(model: VAE, x: Tensor, labels: Tensor, seed: int) -> Seen:
    """Where images lie on the plane of two latents, and samples.

    Arguments:
        x, labels: images, integers (n, 1, H, W), and their classes (n,).
        seed: of all draws.

    Returns:
        ``samples`` uint8 (16, H, W), ink 255: mean images of z ~ p(z); ``mean`` float32 (n, 2), ``spread`` float32
        (n, 3): the covariance xx, xy, yy; ``labels`` uint8 (n,); ``kl`` float32 (D,). ``meta`` has ``latent``,
        ``axes``, ``half`` of the plane's side, ``elbo``, ``reconstruction``, ``divergence`` (nats, means), and
        ``active``: dimensions in use, or None where a KL has none.
    """
    meta, arrays = _placed(model, x, labels, torch.Generator().manual_seed(seed))
    return Seen(meta, made(model, seed).arrays | arrays)


def _placed(
    model: VAE, x: Tensor, labels: Tensor, generator: torch.Generator
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    x = x.to(next(model.parameters()).device)
    q, base, across = model.infer(x), _base(model, x), axes(model, x)
    if isinstance(q, Flowed) and q.steps:
        z = q.draw(torch.randn(CLOUD, len(x), model.latent, generator=generator).to(base.mean))[0][..., across]
        mean, away = z.mean(0), z - z.mean(0)
        spread = torch.stack([(away[..., a] * away[..., b]).mean(0) for a, b in ((0, 0), (0, 1), (1, 1))], -1)
    else:
        mean, variance = base.mean[:, across], (2 * base.log_std[:, across]).exp()
        spread = torch.stack((variance[:, 0], torch.zeros_like(mean[:, 0]), variance[:, 1]), -1)
    bound, kl = model.bound(x, generator), base.kl().mean(0)
    elbo = bound.reconstruction - bound.kl
    meta = {
        "latent": model.latent,
        "axes": across,
        "half": max(LEAST, math.ceil(2.1 * float(mean.abs().flatten().quantile(0.98))) / 2),
        "elbo": float(elbo.mean()),
        "sure": float(elbo.std() / math.sqrt(len(x))),
        "reconstruction": float(bound.reconstruction.mean()),
        "divergence": float(bound.kl.mean()),
        "active": None if isinstance(model, FVAE) else int((kl > ACTIVE).sum()),
    }
    placed = {
        "mean": floats(mean),
        "spread": floats(spread),
        "labels": labels.to(torch.uint8).numpy(),
        "kl": floats(kl),
    }
    return meta, placed


@torch.inference_mode()
def decoded(model: VAE, points: Sequence[Sequence[float]], across: Sequence[int]) -> Seen:
    """``decoded`` uint8 (n, H, W), ink 255: what is drawn at points of the plane, all other latents 0.

    Raises:
        ValueError: no such axes.
    """
    if max(across) >= model.latent:
        raise ValueError(f"z has {model.latent} dimensions, there is no {max(across) + 1}")
    return Seen({}, {"decoded": _decoded(model, torch.tensor(points, dtype=torch.float32).view(-1, 2), list(across))})


@torch.inference_mode()
def passage(model: VAE, dataset: str, size: int, levels: int, a: int, b: int, frames: int = 33) -> Seen:
    """The straight way from the posterior's mean of one test image to that of another, in all dimensions.

    Returns:
        ``decoded`` uint8 (frames, H, W); ``path`` float32 (frames, 2), on the plane.

    Raises:
        ValueError: no such image.
    """
    x, _ = examples(dataset, size, levels, COUNT)
    if not 0 <= min(a, b) <= max(a, b) < len(x):
        raise ValueError(f"there are {len(x)} images on the plane, no {max(a, b) + 1}")
    x = x.to(next(model.parameters()).device)
    across, ends = axes(model, x), _base(model, x[[a, b]]).mean
    z = torch.lerp(ends[0], ends[1], torch.linspace(0, 1, frames).to(ends)[:, None])
    return Seen({}, {"decoded": _ink(model.expected(z)), "path": floats(z[:, across])})


@torch.inference_mode()
def made(model: VAE, seed: int = 0, count: int = SHOWN) -> Seen:
    """``samples`` uint8 (count, H, W), ink 255: mean images of z ~ p(z); ``z`` float32 (count, D)."""
    generator = torch.Generator().manual_seed(seed)
    weight = next(model.parameters())
    z = model.latents(torch.randn(count, model.latent, generator=generator).to(weight))
    return Seen({}, {"samples": _ink(model.expected(z)), "z": floats(z)})


@torch.inference_mode()
def reconstructed(model: VAE, drawing: bytes, dataset: str, size: int, levels: int, seed: int = 0) -> Seen:
    """What becomes of one image: its posterior, reconstructions of draws from it, and bounds of its log-likelihood.

    Arguments:
        drawing: grey levels, uint8 in raster order.
        dataset, size, levels: of the experiment; test images are scored beside it.
        seed: of the draws.

    Returns:
        ``mean`` uint8 (H, W), ink 255: decoded at the posterior's mean; ``drawn`` uint8 (8, H, W): at draws of z;
        ``z`` float32 (8, 2) and ``centre`` float32 (2,): of these on the plane; ``kl`` float32 (D,) of each dimension;
        ``others`` float32 (200,): −ELBO of test images. ``meta`` has ``reconstruction``, ``divergence`` and ``elbo``
        (nats), ``bounds`` by the number of draws, ``axes``.
    """
    x = torch.frombuffer(bytearray(drawing), dtype=torch.uint8).long().view(1, 1, size, size)
    weight = next(model.parameters())
    x = x.to(weight.device)
    generator = torch.Generator().manual_seed(seed)
    some = examples(dataset, size, levels, 200)[0].to(weight.device)
    across = axes(model, some)
    q = model.infer(x)
    z, log_q = q.draw(torch.randn(LADDER[-1], 1, model.latent, generator=generator).to(weight))
    likely, prior = model.log_likelihood(x, z), model.log_prior(z)
    bounds = tightened(likely + prior - log_q)
    centre = z[:, 0].mean(0)
    arrays = {
        "mean": _ink(model.expected(centre[None]))[0],
        "drawn": _ink(model.expected(z[:8, 0])),
        "z": floats(z[:8, 0, across]),
        "centre": floats(centre[across]),
        "kl": floats(_base(model, x).kl()[0]),
        "others": floats(-model.elbo(some, generator)),
    }
    meta = {
        "reconstruction": float(likely.mean()),
        "divergence": float((log_q - prior).mean()),
        "elbo": float((likely + prior - log_q).mean()),
        "bounds": {str(k): float(bound) for k, bound in bounds.items()},
        "axes": across,
    }
    return Seen(meta, arrays)


@torch.inference_mode()
def bounds(model: VAE, dataset: str, size: int, levels: int, count: int = 64, seed: int = 0) -> Seen:
    """The ELBO in its parts, and importance-weighted bounds, of test images.

    Returns:
        ``kl`` float32 (D,) of each dimension; ``bounds`` float32 (n, 4): by the number of draws, in nats; ``meta`` has
        ``n``, ``draws``, ``mean`` and ``sure`` (standard errors) of the bounds, ``rises`` and their errors: how much
        each bound lies above the ELBO, ``reconstruction``, ``divergence``, ``published``.
    """
    x, _ = examples(dataset, size, levels, count)
    x = x.to(next(model.parameters()).device)
    generator = torch.Generator().manual_seed(seed)
    parts = model.bound(x, generator)
    found = torch.stack(list(tightened(model.weights(x, LADDER[-1], generator)).values()), -1).double()
    root = math.sqrt(len(x))
    kl = parts.kl.double().mean()
    meta = {
        "n": len(x),
        "draws": LADDER,
        "mean": found.mean(0).tolist(),
        "sure": (found.std(0) / root).tolist(),
        "rises": (found - found[:, :1]).mean(0).tolist(),
        "rises_sure": ((found - found[:, :1]).std(0) / root).tolist(),
        "reconstruction": float(found[:, 0].mean() + kl),
        "divergence": float(kl),
    }
    return Seen(meta, {"kl": floats(used(model, x)), "bounds": floats(found)})


@torch.inference_mode()
def gain(
    model: VAE, other: str, dataset: str, size: int, levels: int, count: int = COUNT, draws: int = 64, seed: int = 0
) -> Seen:
    """How much higher the bounds of a model are than those of another one, image by image.

    Arguments:
        other: name of its catalogue entry, of the same data.
        dataset, size, levels: of the experiment.
        count: images at most.
        draws: of z for each image.
        seed: of these draws.

    Returns:
        ``meta`` has ``n``, ``draws``, and for the ELBO and the importance-weighted bound ``of``, ``than`` (means,
        nats), ``gain`` and ``sure``, its standard error over images.

    Raises:
        CheckpointError: there are no weights of it.
    """
    x, _ = examples(dataset, size, levels, count)
    found = []
    for each in (model, cast(VAE, load(other))):
        device = next(each.parameters()).device
        generator = torch.Generator().manual_seed(seed)
        weights = torch.cat([each.weights(part.to(device), draws, generator) for part in x.split(50)], 1).double()
        found.append(torch.stack((weights.mean(0), weights.logsumexp(0) - math.log(draws))).cpu())
    more = found[0] - found[1]
    meta = {
        "n": len(x),
        "draws": draws,
        "of": found[0].mean(1).tolist(),
        "than": found[1].mean(1).tolist(),
        "gain": more.mean(1).tolist(),
        "sure": (more.std(1) / math.sqrt(len(x))).tolist(),
    }
    return Seen(meta, {})


# The posterior of one image, of two latents


@torch.inference_mode()
def bent(model: VAE, dataset: str, size: int, levels: int, image: int = 0) -> Seen:
    """The posterior of one image after each layer of the flow, beside the true one by quadrature.

    Nothing holds what comes between to a place: every density has a window of its own, the last one that of the true
    posterior, and densities are those in a window from −1 to 1.

    Returns:
        ``after`` float32 (K + 1, 96, 96): densities q(z|x) after no layer, after the first, … after all, rows from the
        top; ``path`` float32 (K + 1, 200, 2): points on their way, in their windows; ``true`` float32 (96, 96): p(z|x);
        ``image`` uint8 (H, W), ``decoded`` uint8 (H, W): at the mean of q. ``meta`` has ``halves`` of the windows;
        ``kl``: KL(q‖p(z|x)) after each layer, in nats; ``elbo`` after each; ``log_p``: log p(x); ``label``; ``count``
        of images.

    Raises:
        ValueError: no such image, or z has not two dimensions.
    """
    if model.latent != 2:
        raise ValueError("the true posterior is summed up on the plane: z must have two dimensions")
    x, labels = examples(dataset, size, levels, COUNT)
    if image >= len(x):
        raise ValueError(f"there are {len(x)} images, no {image + 1}")
    weight = next(model.parameters())
    x = x[image : image + 1].to(weight.device)
    q = model.infer(x)
    flowed = q if isinstance(q, Flowed) else Flowed(q, ())  # type: ignore[arg-type]
    noise = torch.randn(LADDER[-1], 1, 2, generator=torch.Generator().manual_seed(0)).to(weight)
    path = flowed.path(noise)
    windows = [_around(z[:, 0]) for z, _ in path[:-1]] + [_window(model, x, path[-1][0])]
    unit = _grid(FINE, 1.0).to(weight)
    after = [
        flowed.log_prob((centre + half * unit)[:, None], k)[:, 0].exp() * half**2
        for k, (centre, half) in enumerate(windows)
    ]
    centre, half = windows[-1]
    true = joint(model, x, centre + half * unit)
    log_p = float(true.logsumexp(0)) + 2 * math.log(2 * half / FINE)
    elbos = [float((model.log_likelihood(x, z) + model.log_prior(z) - log_q).double().mean()) for z, log_q in path]
    points = [(z[:200, 0] - centre) / half for (z, _), (centre, half) in zip(path, windows, strict=True)]
    arrays = {
        "after": floats(torch.stack(after).view(-1, FINE, FINE)),
        "true": floats((true - log_p).exp().view(FINE, FINE) * half**2),
        "image": _grey(x, levels)[0],
        "decoded": _ink(model.expected(path[-1][0][:, 0].mean(0)[None]))[0],
        "path": floats(torch.stack(points)),
    }
    meta = {
        "halves": [half for _, half in windows],
        "elbo": elbos,
        "log_p": log_p,
        "kl": [log_p - elbo for elbo in elbos],
        "label": int(labels[image]),
        "count": len(labels),
    }
    return Seen(meta, arrays)


def joint(model: VAE, x: Tensor, z: Tensor) -> Tensor:
    """log p(x, z) in nats of one image (1, 1, H, W) at points (n, D), with shape (n,), in float64."""
    parts = [model.log_likelihood(x, part[:, None])[:, 0] + model.log_prior(part) for part in z.split(MANY)]
    return torch.cat(parts).double()


def _window(model: VAE, x: Tensor, drawn: Tensor) -> tuple[Tensor, float]:
    """Middle and half of a square that holds the true posterior of an image, and what was drawn (n, 1, 2)."""
    grid = _grid(COARSE, REACH).to(drawn)
    likely = joint(model, x, grid)
    ends = drawn[:, 0].quantile(torch.tensor([0.01, 0.99]).to(drawn), 0)
    there = torch.cat((grid[likely > likely.max() - NEAR], ends))
    low, high = there.amin(0), there.amax(0)
    return (low + high) / 2, float((high - low).max()) / 2 + 2 * REACH / COARSE


def _around(z: Tensor) -> tuple[Tensor, float]:
    """Middle and half of a square around points (n, 2)."""
    low, high = z.quantile(torch.tensor([0.01, 0.99]).to(z), 0)
    return (low + high) / 2, 0.8 * float((high - low).max())


def _grid(side: int, half: float) -> Tensor:
    """Middles of the cells of [−half, half]², (side², 2), row by row from the top."""
    middles = half * ((2 * torch.arange(side) + 1) / side - 1)
    y, x = torch.meshgrid(middles.flip(0), middles, indexing="ij")
    return torch.stack((x.flatten(), y.flatten()), -1)


def _decoded(model: VAE, points: Tensor, across: list[int]) -> np.ndarray:
    """Images at points (n, 2) of the plane, uint8 (n, H, W)."""
    weight = next(model.parameters())
    z = torch.zeros(len(points), model.latent).to(weight)
    z[:, across] = points.to(weight)
    return _ink(model.expected(z))


def _ink(intensity: Tensor) -> np.ndarray:
    """Intensities from 0 to 1 as uint8, ink 255."""
    return (255 * intensity).round().to("cpu", torch.uint8).numpy()


def _grey(x: Tensor, levels: int) -> np.ndarray:
    """Grey levels (n, 1, H, W) as uint8 (n, H, W), ink 255."""
    return _ink(x[:, 0].float() / (levels - 1))
