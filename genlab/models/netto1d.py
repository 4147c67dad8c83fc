"""The causal convolutional networks of lecture 10.2, without and with dilation."""

from __future__ import annotations

from typing import cast

import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.causal1d import CausalConv1d
from genlab.models.causal_sequence import CausalSequence, Convolve


class NetToy1d(CausalSequence):
    """Six convolutions; with the lecture's four kernels of 2 taps side by side, five past values are seen.

    Arguments:
        channels: feature maps of each layer.
    """

    dilations: tuple[int, ...] = (1, 1, 1, 1)  # distance between the taps of each inner convolution

    def __init__(self, length: int, levels: int, channels: int = 32) -> None:
        super().__init__(length, levels)
        self.conv0 = CausalConv1d(1, channels, shift=1)
        self.inner = nn.ModuleList(CausalConv1d(channels, channels, 2, dilation=step) for step in self.dilations)
        self.conv5 = CausalConv1d(channels, levels)

    def network(self, x: Tensor, convolve: Convolve) -> Tensor:
        """As in ``CausalSequence``."""
        x = F.relu(convolve(self.conv0, x))
        for layer in self.inner:
            x = F.relu(convolve(cast(CausalConv1d, layer), x))
        return convolve(self.conv5, x)


class NetToy1dWithDilation(NetToy1d):
    """The same network with taps 2, 4, 8 and 16 places apart: of 31 past values, sixteen are seen."""

    dilations = (2, 4, 8, 16)
