"""NADE, the neural autoregressive distribution estimator (Larochelle and Murray 2011, AISTATS)."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.autoregressive import AutoregressiveImage, StepByStep


class NADE(AutoregressiveImage):
    """One hidden vector that grows along the image: ``h_d = σ(c + Σ_{i<d} x_i W_i)``, logits ``b_d + h_d V_d``.

    x is ink, from 0 to 1. The logit of level 0 is 0, so two levels give the paper's ``p(x_d = 1) = σ(b_d + h_d V_d)``.
    From a pixel to the next the sum in h grows by one term: an image costs O(HD) multiplications, with D pixels.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        hidden: H, numbers in the hidden vector.
    """

    def __init__(self, size: int, levels: int, hidden: int) -> None:
        super().__init__(size, levels)
        d = size**2
        self.W = nn.Parameter(torch.randn(d, hidden) / d**0.5)  # row i: what pixel i adds
        self.c = nn.Parameter(torch.zeros(hidden))
        self.V = nn.Parameter(torch.randn(d, hidden, levels - 1) / hidden**0.5)
        self.b = nn.Parameter(torch.zeros(d, levels - 1))

    def ink(self, x: Tensor) -> Tensor:
        """Levels to [0, 1] in the type of the weights: (N, D)."""
        return x.to(self.W.dtype).flatten(1) / (self.levels - 1)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        logits = self.b.unsqueeze(1) + Recursion.apply(self.ink(x), self.W, self.c, self.V)  # (D, N, levels − 1)
        return F.pad(logits, (1, 0)).permute(1, 2, 0).unflatten(2, (self.size, self.size))

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """As in ``AutoregressiveImage``: one pixel needs no recursion."""
        hidden = (self.c + self.ink(x)[:, :t] @ self.W[:t]).sigmoid()
        return F.pad(self.b[t] + hidden @ self.V[t], (1, 0))

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> StepByStep:
        """As in ``AutoregressiveImage``: the recursion itself."""
        self.check_labels(labels, n)
        a = self.c.expand(n, -1).clone()

        def next_logits(t: int, x: Tensor) -> Tensor:
            if t:
                a.addr_(self.ink(x)[:, t - 1], self.W[t - 1])
            return F.pad(self.b[t] + a.sigmoid() @ self.V[t], (1, 0))

        return StepByStep(next_logits, [a])


class Recursion(torch.autograd.Function):
    """``h_d V_d`` of all d, (D, N, levels − 1), from x (N, D), W (D, H), c (H,) and V (D, H, levels − 1).

    The H numbers of an image stay in the processor's cache. On the way back they are taken apart again, last pixel
    first, so that no h is kept: all of them would be D times as many.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, W: Tensor, c: Tensor, V: Tensor) -> Tensor:
        """As the class says."""
        pixels = x.t().contiguous()
        a = c.expand(len(x), -1).clone()  # (N, H)
        out = x.new_empty(len(V), len(x), V.shape[2])
        for d in range(len(V)):
            torch.mm(a.sigmoid(), V[d], out=out[d])
            a.addr_(pixels[d], W[d])
        ctx.save_for_backward(pixels, W, V, a)
        return out

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Slopes of the four arguments from that of the result."""
        pixels, W, V, a = ctx.saved_tensors
        a, of_a = a.clone(), torch.zeros_like(a)
        of_x, of_W, of_V = torch.empty_like(pixels), torch.empty_like(W), torch.empty_like(V)
        for d in reversed(range(len(V))):
            torch.mv(of_a, W[d], out=of_x[d])
            torch.mv(of_a.t(), pixels[d], out=of_W[d])
            a.addr_(pixels[d], W[d], alpha=-1)
            h = a.sigmoid()
            torch.mm(h.t(), slope[d], out=of_V[d])
            of_a += slope[d] @ V[d].t() * h * (1 - h)
        return of_x.t(), of_W, of_a.sum(0), of_V
