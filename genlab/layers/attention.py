"""Causal attention over the places of an image (Vaswani et al. 2017; Chen et al. 2018, arXiv 1712.09763)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.causal import CausalConv2d, Points

HEADS, KEYS = 1, 16  # and as many values: a pass over 28×28 takes a third longer for each such layer


class CausalAttention(nn.Module):
    """``u' = u + W_o Σ_s softmax_s(q_t · k_s / √d) v_s`` over the places s ≤ t in raster order, in each head.

    A place may look at itself, since u_t knows only pixels before t. What is asked, offered and handed over are linear
    in the maps and in a code of the place, without which all that look alike would be alike.

    Arguments:
        channels: C, of the maps u.
        code: (P, size, size), of the places.
    """

    code: Tensor

    def __init__(self, channels: int, code: Tensor) -> None:
        super().__init__()
        self.register_buffer("code", code, persistent=False)
        self.project = CausalConv2d(channels + len(code), 3 * HEADS * KEYS)
        self.out = CausalConv2d(HEADS * KEYS, channels, bias=False)

    def heads(self, u: Tensor) -> tuple[Tensor, ...]:
        """Queries, keys and values, (N, heads, T, d) each, of maps (N, C, H, W)."""
        y = self.project(torch.cat([u, self.code.expand(len(u), -1, -1, -1)], 1))
        return y.flatten(2).unflatten(1, (3, HEADS, KEYS)).transpose(3, 4).unbind(1)

    def forward(self, u: Tensor) -> Tensor:
        """Maps (N, C, H, W) to (N, C, H, W)."""
        q, k, v = self.heads(u)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (N, heads, T, d)
        return u + self.out(seen.transpose(2, 3).flatten(1, 2).unflatten(2, u.shape[2:]))

    def weights(self, u: Tensor, position: int) -> Tensor:
        """What a place attends to: (N, heads, T), 0 after it, of maps (N, C, H, W)."""
        q, k, _ = self.heads(u)
        scores = (k @ q[:, :, position, :, None])[..., 0] / math.sqrt(KEYS)
        past = torch.arange(k.shape[2], device=k.device) <= position
        return torch.softmax(scores.masked_fill(~past, -torch.inf), 2)

    def places(self, n: int) -> CachedAttention:
        """This layer one place at a time, for n images."""
        return CachedAttention(self, n)


class CachedAttention:
    """Attention while images are written: the keys and values of the places so far are kept."""

    def __init__(self, layer: CausalAttention, n: int) -> None:
        weight, size = layer.project.weight, layer.code.shape[1]
        channels = weight.shape[1] - len(layer.code)
        self.project: Points = layer.project.points(weight[:, :channels])
        self.out: Points = layer.out.points()
        code = layer.code.flatten(1).t() @ weight[:, channels:, 0, 0].t() + self.project.bias
        self.bias = code.unbind(0)  # by place: what its code adds
        self.keys = weight.new_zeros(n, HEADS, size * size, KEYS)
        self.values = torch.zeros_like(self.keys)
        self.kept = self.keys, self.values

    def __call__(self, t: int, u: Tensor) -> None:
        """Adds to maps (n, C) of place t what they attend to, in place."""
        q, k, v = self.project(u, self.bias[t]).view(len(u), 3, HEADS, KEYS).unbind(1)
        self.keys[:, :, t], self.values[:, :, t] = k, v
        scores = torch.matmul(self.keys[:, :, : t + 1], q.unsqueeze(3)) / math.sqrt(KEYS)  # (n, heads, t + 1, 1)
        seen = (torch.softmax(scores, 2) * self.values[:, :, : t + 1]).sum(2)
        u.add_(self.out(seen.flatten(1)))
