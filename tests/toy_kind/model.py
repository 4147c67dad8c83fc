"""The model: each letter from those after it, so that words are written backwards."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Writer(nn.Module):
    """``p(x) = Π_t p(x_t | x_{t+1} …)`` over words (N, 1, length)."""

    levels, conditional, loss_draws = 2, False, 1

    def __init__(self, length: int, hidden: int) -> None:
        super().__init__()
        self.shape, self.order = (1, length), range(length - 1, -1, -1)
        self.nets = nn.ModuleList(
            nn.Sequential(nn.Linear(2 * length, hidden), nn.Tanh(), nn.Linear(hidden, 2)) for _ in range(length)
        )

    def at(self, x: Tensor, position: int) -> Tensor:
        """Logits (N, 2) of a letter."""
        later = torch.arange(self.shape[1], device=x.device) > position
        known = torch.cat((x.flatten(1) * later, later.expand(len(x), -1)), 1)
        return self.nets[position](known.to(next(self.parameters()).dtype))

    def check(self, x: Tensor) -> None:
        if x.shape[1:] != self.shape:
            raise ValueError("no words of this model")

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        return lambda t, x: self.at(x, self.order[t])

    def log_prob(self, x: Tensor) -> Tensor:
        """Nats of each word, (N,)."""
        return -torch.stack([F.cross_entropy(self.at(x, p), x[:, 0, p], reduction="none") for p in self.order]).sum(0)

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        return -self.log_prob(x).mean()
