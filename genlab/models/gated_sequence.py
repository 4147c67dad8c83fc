"""A gated, residual, dilated network of sequences (as in van den Oord et al. 2016a, WaveNet, arXiv 1609.03499)."""

from __future__ import annotations

import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.causal1d import CausalConv1d
from genlab.models.causal_sequence import CausalSequence, Convolve


class GatedBlock(nn.Module):
    """``z = tanh(W_f ∗ h) ⊙ σ(W_g ∗ h)``; it adds ``W_r z`` to h, and hands ``W_s z`` to the head."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.gate = CausalConv1d(channels, 2 * channels, 2, dilation=dilation)
        self.out = CausalConv1d(channels, 2 * channels)

    def forward(self, h: Tensor, convolve: Convolve) -> tuple[Tensor, Tensor]:
        """The next h and what goes to the head, from h (N, channels, T)."""
        value, gate = convolve(self.gate, h).chunk(2, 1)
        more, skip = convolve(self.out, torch.tanh(value) * torch.sigmoid(gate)).chunk(2, 1)
        return h + more, skip


class GatedSequence(CausalSequence):
    """A posterior over all levels: it can have as many peaks as it needs.

    Arguments:
        channels: feature maps.
        blocks: with dilations 1, 2, 4, 8, 16, 1, 2 …
    """

    def __init__(self, length: int, levels: int, channels: int = 48, blocks: int = 10) -> None:
        super().__init__(length, levels)
        self.first = CausalConv1d(levels + 1, channels, shift=1)
        self.blocks = nn.ModuleList(GatedBlock(channels, 2 ** (k % 5)) for k in range(blocks))
        self.last = CausalConv1d(channels, channels)
        self.head = CausalConv1d(channels, self.outputs)

    @property
    def outputs(self) -> int:
        """Numbers that the network says of each place."""
        return self.levels

    def inputs(self, x: Tensor) -> Tensor:
        """As in ``CausalSequence``: which level, and how high it is."""
        return torch.cat([self.one_hot(x), self.normalise(x)], 1)

    def network(self, x: Tensor, convolve: Convolve) -> Tensor:
        """As in ``CausalSequence``."""
        h, told = convolve(self.first, x), 0
        for block in self.blocks:
            h, skip = cast(GatedBlock, block)(h, convolve)
            told = told + skip
        return self.posterior(convolve(self.head, F.relu(convolve(self.last, F.relu(cast(Tensor, told))))))

    def posterior(self, said: Tensor) -> Tensor:
        """Logits (N, levels, T) from what the network says of each place."""
        return said


class GaussianSequence(GatedSequence):
    """The same network as a regression: it says mean and deviation of a normal distribution.

    So that both can be compared, the level k is as likely as the interval around it, whose ends reach to infinity for
    the first and the last level: ``p(k) = Φ((k + ½ − μ) / σ) − Φ((k − ½ − μ) / σ)``.
    """

    @property
    def outputs(self) -> int:
        """As in ``GatedSequence``: μ and log σ."""
        return 2

    def moments(self, said: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation in levels, (N, 1, T) each, from what the network says, (N, 2, T)."""
        mean, log_deviation = said.chunk(2, 1)
        unit = self.levels / 8
        return (self.levels - 1) / 2 + unit * mean, unit * torch.exp(log_deviation.clamp(-7, 5))

    def posterior(self, said: Tensor) -> Tensor:
        """Logits (N, levels, T): log-probabilities of the intervals around the levels."""
        mean, deviation = self.moments(said)
        edges = torch.arange(1, self.levels, device=said.device, dtype=said.dtype).view(1, -1, 1) - 0.5
        u = (edges - mean) / deviation
        below, above = torch.special.log_ndtr(u), torch.special.log_ndtr(-u)
        # log(Φ(b) − Φ(a)): from the tail that is the smaller one, so that nothing is lost far from the mean.
        lower, upper = u[:, :-1], u[:, 1:]
        left = lower + upper < 0
        near = torch.where(left, below[:, 1:], above[:, :-1])
        far = torch.where(left, below[:, :-1], above[:, 1:])
        inner = near + torch.log(-torch.expm1((far - near).clamp(max=-math.ulp(1.0))))
        return torch.cat([below[:, :1], inner, above[:, -1:]], 1)
