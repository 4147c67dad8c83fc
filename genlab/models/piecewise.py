"""The lecture's one-dimensional flow: an increasing, piecewise linear map (Fleuret, lecture 10.3)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from genlab.models.flow import Flow, FlowLayer

LOW, HIGH = -4.0, 4.0  # where the pieces lie


class PiecewiseLinearLayer(FlowLayer):
    """f is α plus the sum of exp ξ₀ … exp ξ_n at the n-th of Q + 1 nodes, and a straight line between two nodes.

    The lecture's map is flat outside [LOW, HIGH]: its derivative is 0 there, and log 0 is no density. Here the first
    and the last piece go on for ever instead, so that f maps R onto R and p integrates to 1.

    Arguments:
        pieces: Q.
    """

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces
        self.alpha = nn.Parameter(torch.tensor([LOW]))
        self.xi = nn.Parameter(torch.empty(pieces + 1).normal_(math.log((HIGH - LOW) / pieces), 1e-4))

    def nodes(self) -> Tensor:
        """f at the Q + 1 nodes, increasing."""
        return self.alpha + self.xi.exp().cumsum(0)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``, D = 1: log f′(x) is the logarithm of the slope of x's piece."""
        nodes, width = self.nodes(), (HIGH - LOW) / self.pieces
        u = (x[:, 0] - LOW) / width
        n = u.detach().clamp(0, self.pieces - 1).long()
        y = nodes[n] + (u - n) * self.xi[n + 1].exp()
        return y[:, None], self.xi[n + 1] - math.log(width)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``, D = 1."""
        nodes, width = self.nodes(), (HIGH - LOW) / self.pieces
        n = torch.searchsorted(nodes[1:-1].contiguous(), y[:, 0].contiguous())
        return (LOW + width * (n + (y[:, 0] - nodes[n]) / self.xi[n + 1].exp()))[:, None]


class PiecewiseLinear(Flow):
    """One such layer: μ_X(x) = N(f(x); 0, 1) f′(x).

    Arguments:
        pieces: Q.
    """

    def __init__(self, pieces: int = 50) -> None:
        super().__init__(1, [PiecewiseLinearLayer(pieces)])
