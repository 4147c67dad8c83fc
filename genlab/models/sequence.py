"""What every model of sequences has in common."""

from __future__ import annotations

import torch
from torch import Tensor

from genlab.models.autoregressive import AutoregressiveModel

SPREAD = 8  # of the levels, that are about a standard deviation of the toy sequences


class SequenceModel(AutoregressiveModel):
    """``p(x) = Π_t p(x_t | x_1 … x_{t−1})`` over the values of sequences (N, 1, length).

    Arguments:
        length: T, places of a sequence.
        levels: values that each can take, at least 2.
    """

    things = "sequences"

    def __init__(self, length: int, levels: int) -> None:
        super().__init__((1, length), levels)
        self.length = length

    def normalise(self, x: Tensor) -> Tensor:
        """Levels about 0, with a deviation of about 1, in the type of the model's weights."""
        return (x.to(next(self.parameters()).dtype) - (self.levels - 1) / 2) * (SPREAD / self.levels)

    def one_hot(self, x: Tensor) -> Tensor:
        """Levels (N, 1, T) as vectors (N, levels, T)."""
        levels = torch.arange(self.levels, device=x.device).view(1, -1, 1)
        return (x == levels).to(next(self.parameters()).dtype)
