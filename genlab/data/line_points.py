"""Points drawn from a density on the line."""

from __future__ import annotations

import torch
from torch import Tensor

from genlab.data import line
from genlab.data.table import TRAIN, VALIDATION, Points, PointsSplit


def load(dataset: str, table: str, seed: int) -> Points:
    """Points to learn from, drawn with a seed, and others to judge by. Raises GenlabError as ``line.shape``.

    Those to judge by are quantiles, the middles of slices of equal probability: a mean over them is an integral over
    the density up to 1e-3, so that a held-out loss is the expected one and does not fall below the entropy by chance.
    """
    density = torch.from_numpy(line.shape(dataset, table))

    def sample(n: int, generator: torch.Generator) -> Tensor:
        cell = torch.multinomial(density, n, replacement=True, generator=generator)
        return (line.LOW + line.WIDTH * (cell + torch.rand(n, generator=generator)))[:, None]

    generator = torch.Generator().manual_seed(seed)
    return Points(PointsSplit(sample(TRAIN, generator)), PointsSplit(quantiles(density, VALIDATION)))


def quantiles(density: Tensor, n: int) -> Tensor:
    """The middles of n slices of equal probability of a density on the cells of ``line``, float32 (n, 1)."""
    mass = density * line.WIDTH
    share = (torch.arange(n, dtype=mass.dtype) + 0.5) / n
    cell = torch.searchsorted(mass.cumsum(0), share).clamp_(max=len(mass) - 1)
    part = (share - mass.cumsum(0)[cell] + mass[cell]) / mass[cell]
    return (line.LOW + line.WIDTH * (cell + part)).float()[:, None]
