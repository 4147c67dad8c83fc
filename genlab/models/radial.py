"""Radial flows (Rezende and Mohamed 2015): each layer pulls towards one point, or pushes away from it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.flow import Flow, FlowLayer


class RadialLayer(FlowLayer):
    """``y = x + β (x − x₀) / (α + r)``, r = |x − x₀|, with α > 0 and β > −α, which makes it invertible.

    Arguments:
        dim: D.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.centre = nn.Parameter(torch.randn(dim))
        self.raw_alpha = nn.Parameter(torch.zeros(1))
        self.raw_beta = nn.Parameter(0.1 * torch.randn(1))

    def numbers(self) -> tuple[Tensor, Tensor]:
        """α > 0 and β > −α; β = 0 where its raw number is 0 and α is log 2."""
        alpha = F.softplus(self.raw_alpha)
        return alpha, F.softplus(self.raw_beta) - alpha

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``: of the D directions one is radial, the others are stretched alike."""
        alpha, beta = self.numbers()
        away = x - self.centre
        reach = alpha + _norm(away)
        around = beta / reach
        along = around * alpha / reach  # β h + β h′ r
        log_det = (self.dim - 1) * torch.log1p(around) + torch.log1p(along)
        return x + around * away, log_det.squeeze(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``: |y − x₀| = r + β r / (α + r) is a quadratic equation for r."""
        alpha, beta = self.numbers()
        away = y - self.centre
        far = _norm(away)
        half = (alpha + beta - far) / 2
        root = (half.square() + alpha * far).sqrt()
        r = torch.where(half > 0, alpha * far / (half + root), root - half)  # of the two forms the one that is exact
        return self.centre + away * (alpha + r) / (alpha + beta + r)


def _norm(x: Tensor) -> Tensor:
    """Length with shape (N, 1), whose gradient at 0 is a number."""
    return x.square().sum(1, keepdim=True).clamp_min(1e-30).sqrt()


class Radial(Flow):
    """Radial layers.

    Arguments:
        dim: D.
        depth: layers.
    """

    def __init__(self, dim: int = 2, depth: int = 16) -> None:
        super().__init__(dim, [RadialLayer(dim) for _ in range(depth)])
