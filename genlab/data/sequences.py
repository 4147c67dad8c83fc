"""Sequences to learn from and to judge by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genlab.data import own_sequences, toy

TRAIN, VALIDATION = 2**17, 2048  # sequences: so many that none is seen often
PARTS = 2**15  # of own sequences


@dataclass(frozen=True)
class SequencesSplit:
    """Part of a data set.

    Attributes:
        values: uint8 (N, 1, T).
    """

    values: Tensor

    def __len__(self) -> int:
        return len(self.values)

    def to(self, device: torch.device | str) -> SequencesSplit:
        """The same sequences in a device's memory."""
        return SequencesSplit(self.values.to(device))

    def batch(self, index: Tensor | slice, generator: torch.Generator) -> tuple[Tensor, None]:
        """Sequences as a model takes them, int64 (B, 1, T), and no labels."""
        return self.values[index].long(), None

    def held_out_batches(self, device: torch.device) -> list[tuple[Tensor, None]]:
        """What a held-out loss is made of: all sequences at once."""
        return [(self.values.to(device).long(), None)]


@dataclass(frozen=True)
class Sequences:
    """A data set in its two parts."""

    train: SequencesSplit
    validation: SequencesSplit


def load(dataset: str, length: int, table: str, seed: int) -> Sequences:
    """Toy sequences of a law, "lines" or "forks", drawn with a seed; or parts of a visitor's "own".

    Raises:
        GenlabError: own sequences that cannot be read, or are shorter than that.
    """
    rng = np.random.default_rng(seed)
    if dataset == "own":
        given = own_sequences.decode(table)
        if given.drawn:
            both = [own_sequences.around(rng, given, n, length) for n in (PARTS, VALIDATION)]
        else:
            both = list(own_sequences.windows(rng, given, length, PARTS))
    else:
        both = [toy.LAWS[dataset](rng, n, length) for n in (TRAIN, VALIDATION)]
    return Sequences(*(SequencesSplit(torch.from_numpy(values.astype(np.uint8))[:, None]) for values in both))
