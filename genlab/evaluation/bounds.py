"""Bounds of log p(x) by which models with latents are judged."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from genlab.models.vae import VAE

SEED = 0  # of the draws of z
LADDER = (1, 8, 64, 512)  # draws of z behind the importance-weighted bounds


def tightened(weights: Tensor) -> dict[int, Tensor]:
    """Importance-weighted bounds (N,) by the number of draws k, all of the same draws.

    A bound of few draws is the mean over groups of so many; so no bound of more can lie below it.

    Arguments:
        weights: log p(x, z) − log q(z|x) of 512 draws, with shape (512, N), as ``VAE.weights`` gives them.
    """
    total = len(weights)
    return {k: (weights.unflatten(0, (total // k, k)).logsumexp(1) - math.log(k)).mean(0) for k in LADDER}


@torch.inference_mode()
def evaluate(
    model: VAE, images: Tensor, *, batch: int = 20, progress: Callable[[int], object] | None = None
) -> dict[str, float | int]:
    """The parts of the ELBO and the importance-weighted bound of 512 draws, as means over images, in nats.

    Arguments:
        images: integers (N, 1, H, W).
        batch: images at a time.
        progress: called with the number of images that are done.

    Returns:
        ``n``; ``negative_elbo``, ``reconstruction``, ``kl``, ``iw_512`` (−log p(x) at most) and the standard errors of
        the first and the last over images, ``…_se``; ``iw_512_bits_per_dim``; ``active``: dimensions with a KL of more
        than 0.01 nats, where a KL has dimensions.
    """
    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(SEED)
    elbo, kl, tight = [], [], []
    for part in images.split(batch):
        x = part.to(device)
        parts = model.bound(x, generator)
        weights = model.weights(x, LADDER[-1], generator)
        elbo.append(weights.mean(0))  # of 512 draws: less noise than of one
        kl.append(parts.kl)
        tight.append(tightened(weights)[LADDER[-1]])
        if progress:
            progress(len(x))
    of = {name: torch.cat(parts).double().cpu() for name, parts in (("elbo", elbo), ("kl", kl), ("tight", tight))}
    n, negative, bound = len(images), -of["elbo"], -of["tight"]
    return {
        "n": n,
        "negative_elbo": float(negative.mean()),
        "negative_elbo_se": float(negative.std() / math.sqrt(n)),
        "reconstruction": float((of["elbo"] + of["kl"]).mean()),
        "kl": float(of["kl"].mean()),
        "iw_512": float(bound.mean()),
        "iw_512_se": float(bound.std() / math.sqrt(n)),
        "iw_512_bits_per_dim": float(bound.mean()) / (model.size**2 * math.log(2)),
    }
