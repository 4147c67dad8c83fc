"""NICE (Dinh et al. 2014): additive couplings, which keep every volume."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from genlab.models.flow import Flow, FlowLayer, silu_mlp


class AdditiveCoupling(FlowLayer):
    """Half of the coordinates move by what a network reads in the other half: ``y_b = x_b + t(x_a)``.

    Arguments:
        dim: D; a is the first half of the coordinates, b the rest, or the other way round if ``swap``.
        hidden: units of the network's two hidden layers.
    """

    def __init__(self, dim: int, hidden: int, swap: bool) -> None:
        super().__init__()
        self.cut, self.swap = dim // 2, swap
        fixed = dim - self.cut if swap else self.cut
        self.net = silu_mlp([fixed, hidden, hidden, dim - fixed], last=0.1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``; the log-determinant is 0."""
        a, b = self.halves(x)
        return self.join(a, b + self.net(a)), x.new_zeros(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``."""
        a, b = self.halves(y)
        return self.join(a, b - self.net(a))

    def halves(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What is kept, and what changes."""
        first, rest = x[:, : self.cut], x[:, self.cut :]
        return (rest, first) if self.swap else (first, rest)

    def join(self, a: Tensor, b: Tensor) -> Tensor:
        """The other way round."""
        return torch.cat((b, a) if self.swap else (a, b), 1)


class NICE(Flow):
    """Additive couplings that take turns.

    Arguments:
        dim: D.
        hidden: units of the networks.
        depth: couplings.
    """

    def __init__(self, dim: int = 2, hidden: int = 64, depth: int = 6) -> None:
        super().__init__(dim, [AdditiveCoupling(dim, hidden, swap=bool(k % 2)) for k in range(depth)])
        self.floor = dim / 2 * math.log(2 * math.pi)  # that of the noise in its middle: no volume changes
