"""Data that are points of R^D: a table of them in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

TRAIN, VALIDATION = 2**18, 4096  # points drawn from a density: so many that none is seen often


@dataclass(frozen=True)
class PointsSplit:
    """Part of a data set.

    Attributes:
        points: float32 (N, D).
    """

    points: Tensor

    def __len__(self) -> int:
        return len(self.points)

    def to(self, device: torch.device | str) -> PointsSplit:
        """The same points in a device's memory."""
        return PointsSplit(self.points.to(device))

    def batch(self, index: Tensor | slice, generator: torch.Generator) -> tuple[Tensor, None]:
        """Points as a model takes them, float32 (B, D), and no labels."""
        return self.points[index], None

    def fixed(self, count: int | None = None) -> tuple[Tensor, None]:
        """The first ``count`` points (all, if None)."""
        return self.points[:count], None

    def held_out_batches(self, device: torch.device) -> list[tuple[Tensor, None]]:
        """What a held-out loss is made of: all points at once."""
        return [(self.points.to(device), None)]


@dataclass(frozen=True)
class Points:
    """A data set in its two parts: who needs a test draws fresh points."""

    train: PointsSplit
    validation: PointsSplit

    @classmethod
    def drawn(cls, sample: Callable[[int, torch.Generator], Tensor], seed: int) -> Points:
        """Points drawn by ``sample(n, generator)``."""
        generator = torch.Generator().manual_seed(seed)
        return cls(PointsSplit(sample(TRAIN, generator)), PointsSplit(sample(VALIDATION, generator)))
