"""Points drawn from a density on the line."""

from __future__ import annotations

import torch
from torch import Tensor

from genlab.data import line
from genlab.data.table import Points


def load(dataset: str, table: str, seed: int) -> Points:
    """Points to learn from and others to judge by, drawn with a seed. Raises GenlabError as ``line.shape``."""
    density = torch.from_numpy(line.shape(dataset, table))

    def sample(n: int, generator: torch.Generator) -> Tensor:
        cell = torch.multinomial(density, n, replacement=True, generator=generator)
        return (line.LOW + line.WIDTH * (cell + torch.rand(n, generator=generator)))[:, None]

    return Points.drawn(sample, seed)
