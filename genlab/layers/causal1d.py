"""Causal convolutions on sequences, over a whole one or one new place at a time.

Over a whole sequence a layer is an ordinary convolution of a padded input. While a sequence is written, a queue keeps
what each tap will need: then a new place costs the same however long the past is (Le Paine et al. 2016, Fast Wavenet
generation algorithm).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CausalConv1d(nn.Conv1d):
    """``y_t = b + Σ_i W_i x_{t − s − (K − 1 − i) d}``, zeros before the beginning.

    Arguments:
        kernel: K, its taps.
        dilation: d, the distance between taps.
        shift: s, by how many places the input is moved to the future: 1 hides the present.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int = 1, *, dilation: int = 1, shift: int = 0
    ) -> None:
        super().__init__(in_channels, out_channels, kernel, dilation=dilation)
        self.step, self.shift = dilation, shift
        self.pad = (kernel - 1) * dilation + shift, -shift

    def forward(self, x: Tensor) -> Tensor:
        """Sequences (N, in, T) to (N, out, T)."""
        return super().forward(F.pad(x, self.pad) if any(self.pad) else x)

    def queue(self, n: int) -> Queue:
        """This layer one place at a time, for n sequences."""
        return Queue(self, n)


class Queue:
    """A causal convolution that is given its input place by place: ``queue(x_t)`` is ``y_t``; with a shift, of x_{t−s}.

    A ring holds the last (K − 1) d + 1 inputs; at first they are zeros, as the padding is.
    """

    def __init__(self, conv: CausalConv1d, n: int) -> None:
        weight = conv.weight.detach()
        outputs, channels, taps = weight.shape
        span = (taps - 1) * conv.step + 1
        self.weight = weight.permute(2, 1, 0).reshape(taps * channels, outputs).contiguous()
        self.bias = weight.new_zeros(outputs) if conv.bias is None else conv.bias.detach()
        self.ring = weight.new_zeros(span, n, channels)
        self.window = weight.new_empty(n, taps, channels)
        # By where the newest input stands: the inputs that the taps meet, the oldest first.
        self.taps = [[(at + 1 + tap * conv.step) % span for tap in range(taps)] for at in range(span)]
        self.at = 0

    def __call__(self, x: Tensor) -> Tensor:
        """The next output (n, out) after the next input (n, in)."""
        self.ring[self.at] = x
        for tap, place in enumerate(self.taps[self.at]):
            self.window[:, tap] = self.ring[place]
        self.at = (self.at + 1) % len(self.ring)
        return torch.addmm(self.bias, self.window.flatten(1), self.weight)
