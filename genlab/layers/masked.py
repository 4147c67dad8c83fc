"""Masked convolution: one stack for the whole past, at the price of a blind spot (van den Oord et al. 2016a)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MaskedConv2d(nn.Conv2d):
    """``y = x ∗ (W ⊙ M) + b`` where M is 1 at the taps that come before the present pixel in raster order.

    Arguments:
        kernel: odd width of the square kernel.
        hidden: True in the first layer: M is 0 at the present pixel too.
    """

    mask: Tensor

    def __init__(self, in_channels: int, out_channels: int, kernel: int, *, hidden: bool = False) -> None:
        super().__init__(in_channels, out_channels, kernel, padding=kernel // 2)
        middle = kernel**2 // 2
        mask = torch.arange(kernel**2) < middle + (not hidden)
        self.register_buffer("mask", mask.float().view(kernel, kernel), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, in, H, W) to (N, out, H, W)."""
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)
