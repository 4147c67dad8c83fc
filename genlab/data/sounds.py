"""Sounds to learn from and to judge by."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genlab.data import tones

TRAIN, VALIDATION = 2080, 208  # tones: 40 and 4 of each class, on the average
AT_ONCE = 16  # held-out tones: as many as memory bears


@dataclass(frozen=True)
class SoundsSplit:
    """Part of a data set.

    Attributes:
        levels: uint8 (N, T), μ-law.
        labels: int64 (N,).
    """

    levels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.levels)

    def to(self, device: torch.device | str) -> SoundsSplit:
        """The same sounds in a device's memory."""
        return SoundsSplit(self.levels.to(device), self.labels.to(device))

    def batch(self, index: Tensor | slice, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Sounds as a model takes them, int64 (B, 1, T), and their classes."""
        return self.levels[index].long()[:, None], self.labels[index]

    def held_out_batches(self, device: torch.device) -> list[tuple[Tensor, Tensor]]:
        """What a held-out loss is made of."""
        parts = (part.to(device).split(AT_ONCE) for part in (self.levels.long()[:, None], self.labels))
        return list(zip(*parts, strict=True))


@dataclass(frozen=True)
class Sounds:
    """A data set in its two parts."""

    train: SoundsSplit
    validation: SoundsSplit


@functools.lru_cache(maxsize=1)
def load(length: int, seed: int) -> Sounds:
    """Tones from their beginning on, drawn with a seed."""
    rng = np.random.default_rng(seed)

    def split(n: int) -> SoundsSplit:
        levels, labels = tones.tones(rng, n, length)
        return SoundsSplit(torch.from_numpy(levels), torch.from_numpy(labels))

    return Sounds(split(TRAIN), split(VALIDATION))
