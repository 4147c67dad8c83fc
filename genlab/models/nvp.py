"""The lecture's non-volume-preserving network (Fleuret, lecture 10.3; Dinh et al. 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genlab.models.flow import Flow, FlowLayer, bounded

BOUND = 3.0  # of the log-scales s


class MaskedCoupling(FlowLayer):
    """``c(x) = b ⊙ x + (1 − b) ⊙ (x ⊙ exp s(b ⊙ x) + t(b ⊙ x))``.

    The log-scales lie softly within ±3: the lecture's are not bounded, and a training that goes astray overflows.

    Arguments:
        mask: b, with shape (D,), of zeros and ones.
        hidden: units of the one hidden layer of s, and of t.
    """

    mask: Tensor

    def __init__(self, mask: Tensor, hidden: int) -> None:
        super().__init__()
        dim = len(mask)
        self.register_buffer("mask", mask)
        self.s = nn.Sequential(nn.Linear(dim, hidden), nn.Tanh(), nn.Linear(hidden, dim))
        self.t = nn.Sequential(nn.Linear(dim, hidden), nn.Tanh(), nn.Linear(hidden, dim))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``."""
        s, t = self.fields(x)
        return self.mask * x + (1 - self.mask) * (x * s.exp() + t), ((1 - self.mask) * s).sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``."""
        s, t = self.fields(y)
        return self.mask * y + (1 - self.mask) * ((y - t) * (-s).exp())

    def fields(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """s and t, each with shape (N, D), of which only the places with mask 0 are used."""
        kept = self.mask * x
        return bounded(self.s(kept), BOUND), self.t(kept)


class NVP(Flow):
    """Masked couplings: every second mask draws half of the coordinates, the next one is its complement.

    Arguments:
        dim: D.
        hidden: units of each of the small networks.
        depth: couplings.
    """

    def __init__(self, dim: int = 2, hidden: int = 2, depth: int = 4) -> None:
        mask, layers = torch.empty(dim), list[FlowLayer]()
        for k in range(depth):
            if k % 2 == 0:
                mask = torch.zeros(dim)
                mask[torch.randperm(dim)[: dim // 2]] = 1
            else:
                mask = 1 - mask
            layers.append(MaskedCoupling(mask, hidden))
        super().__init__(dim, layers)
