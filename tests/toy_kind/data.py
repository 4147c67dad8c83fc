"""Words of bits whose letters are in order: 000, 001, 011, 111."""

from __future__ import annotations

import torch

from genlab.data.datasets import Batch
from genlab.data.table import Points


class Bits:
    """All such words, as a part of a data set."""

    def __init__(self, words: torch.Tensor) -> None:
        self.words = words

    def __len__(self) -> int:
        return len(self.words)

    def to(self, device: torch.device | str) -> Bits:
        return Bits(self.words.to(device))

    def batch(self, index: torch.Tensor | slice, generator: torch.Generator) -> Batch:
        return self.words[index], None

    def held_out_batches(self, device: torch.device) -> list[Batch]:
        return [(self.words.to(device), None)]


def load(length: int, seed: int) -> Points:
    """What is learnt from, 100 times over and shuffled, and what is held back: all words are in both."""
    words = torch.ones(length + 1, length, dtype=torch.long).tril(-1).flip(1)[:, None]
    shuffled = torch.randperm(100 * len(words), generator=torch.Generator().manual_seed(seed)) % len(words)
    return Points(Bits(words[shuffled]), Bits(words))  # type: ignore[arg-type]
