"""Planar flows (Rezende and Mohamed 2015): each layer pushes along one direction, across one hyperplane."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.flow import Flow, FlowLayer

LEAST = 1e-6  # by which a layer may stretch
HALVINGS, POLISH = 30, 4  # of an interval at most 2 |w·u| wide, then steps of Newton's method


def invertible(w: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """û with shape (…, D), and w·û > −1 with shape (…): the paper's appendix, for any w and u (…, D)."""
    wu = (w * u).sum(-1)
    allowed = (F.softplus(wu) - 1).clamp(min=LEAST - 1)  # in float32 the rest would round to −1, a singular layer
    return u + ((allowed - wu) / w.square().sum(-1))[..., None] * w, allowed


def undone(target: Tensor, wu: Tensor, b: Tensor) -> Tensor:
    """The s for which ``s + w·û tanh(s + b)`` is a target; it rises with s. All of the same shape, or to broadcast."""
    low, high = target - wu.abs(), target + wu.abs()
    for _ in range(HALVINGS):
        s = (low + high) / 2
        above = s + wu * torch.tanh(s + b) > target
        low, high = torch.where(above, low, s), torch.where(above, s, high)
    s = (low + high) / 2
    for _ in range(POLISH):
        h = torch.tanh(s + b)
        s = (s - (s + wu * h - target) / (1 + wu * (1 - h.square()))).clamp(low, high)
    return s


class PlanarLayer(FlowLayer):
    """``y = x + û tanh(w·x + b)`` with û such that w·û > −1 (the paper's appendix), which makes it invertible.

    Arguments:
        dim: D.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(dim))
        self.u = nn.Parameter(0.1 * torch.randn(dim))
        self.b = nn.Parameter(torch.randn(1))

    def direction(self) -> tuple[Tensor, Tensor]:
        """û with shape (D,), and w·û > −1."""
        return invertible(self.w, self.u)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``: log |det| = log(1 + w·û tanh′(w·x + b))."""
        u, wu = self.direction()
        h = torch.tanh(x @ self.w + self.b)
        return torch.addr(x, h, u), torch.log1p(wu * (1 - h.square()))

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``. No closed form: w·y = s + w·û tanh(s + b) is solved for s = w·x."""
        u, wu = self.direction()
        s = undone(y @ self.w, wu, self.b)
        return torch.addr(y, torch.tanh(s + self.b), u, alpha=-1)


class Planar(Flow):
    """Planar layers.

    Arguments:
        dim: D.
        depth: layers.
    """

    def __init__(self, dim: int = 2, depth: int = 16) -> None:
        super().__init__(dim, [PlanarLayer(dim) for _ in range(depth)])
