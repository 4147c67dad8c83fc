"""Gated PixelCNN: residual, dilated, class-conditional (van den Oord et al. 2016b, arXiv 1606.05328)."""

from __future__ import annotations

from itertools import cycle, islice
from typing import cast

import torch
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.layers.causal import CausalConv2d, column_causal, row_causal
from genlab.models.causal_image import CachedStepper, CausalImage

DILATIONS = (1, 2, 4, 8)


def gate(x: Tensor, dim: int) -> Tensor:
    """``tanh(a) σ(b)`` of the two halves a and b of a dimension."""
    a, b = x.chunk(2, dim)
    return a.tanh() * b.sigmoid()


class GatedBlock(nn.Module):
    """One layer of both stacks.

    ``a = W_v ∗ v + y``, ``v' = v + gate(a)``, ``h' = h + W_o gate(W_h ∗ h + W_l a)`` with a bias y for each class.
    """

    def __init__(self, channels: int, dilation: int, conditional: bool) -> None:
        super().__init__()
        self.vertical = row_causal(channels, 2 * channels, 3, dilation=dilation)
        self.horizontal = column_causal(channels, 2 * channels, 3, dilation=dilation)
        self.link = CausalConv2d(2 * channels, 2 * channels)
        self.out = CausalConv2d(channels, channels, bias=False)
        self.label = nn.Embedding(CLASSES, 2 * channels) if conditional else None

    def forward(self, v: Tensor, h: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor]:
        """Maps v and h with shape (N, C, H, W), the vertical and the horizontal stack's, to those of the next block."""
        a = self.vertical(v)  # (N, 2C, H, W)
        if self.label is not None:
            a = a + self.label(labels)[:, :, None, None]
        return v + gate(a, 1), h + self.out(gate(self.horizontal(h) + self.link(a), 1))


class CachedBlock:
    """A block while an image is written: its vertical stack a row at a time, its horizontal stack a column at a time.

    A sigmoid is three times as fast as a tanh, and ``tanh(a) = 2σ(2a) − 1``. So the halves (a, b) before a gate are
    computed as (2a, b), the factor being part of the weights, and ``gate = 2 σ(2a) σ(b) − σ(b)`` takes one sigmoid.
    """

    def __init__(self, block: GatedBlock, n: int, size: int, labels: Tensor | None) -> None:
        channels = block.out.in_channels
        factor = block.out.weight.new_tensor([2.0, 1.0]).repeat_interleave(channels)  # of (a, b)
        scale = factor.view(-1, 1, 1, 1)
        self.vertical = block.vertical.rows(n, size, block.vertical.weight * scale)
        self.link = block.link.points(block.link.weight * scale / factor.view(1, -1, 1, 1))
        self.horizontal = block.horizontal.columns(n, size, block.horizontal.weight * scale)
        self.out = block.out.points(torch.cat([2 * block.out.weight, -block.out.weight], 1))
        label = 0 if block.label is None else block.label(labels).unsqueeze(1)
        self.bias_v = (self.vertical.bias + label) * factor  # (n, 1, 2C), or (2C,) without classes
        self.bias_h = (self.link.bias + self.horizontal.bias) * factor
        self.gates = factor.new_empty(n, 2 * channels)
        self.a, self.b = self.gates.chunk(2, 1)
        self.from_vertical: tuple[Tensor, ...] = ()  # by column, for the row under way

    def row(self, r: int, v: Tensor) -> Tensor:
        """Row r of the vertical stack, (n, W, C) to (n, W, C); keeps what it gives to the horizontal one."""
        self.vertical.write[r].copy_(v)
        gates = self.vertical(r, self.bias_v)  # (n, W, 2C)
        n, width, _ = gates.shape
        self.from_vertical = self.link(gates.flatten(0, 1), self.bias_h).view(n, width, -1).unbind(1)
        a, b = gates.sigmoid_().chunk(2, 2)
        return torch.addcmul(v - b, a, b, value=2)

    def pixel(self, c: int, h: Tensor, out: Tensor | None) -> Tensor:
        """Column c of the horizontal stack, (n, C) to (n, C), written to ``out``; h stands in the buffer too."""
        self.horizontal(c, self.from_vertical[c], out=self.gates).sigmoid_()
        self.a.mul_(self.b)
        return self.out(self.gates, h, out=out)


class GatedPixelCNN(CausalImage):
    """Gated residual blocks after a first causal convolution.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        channels: feature maps of each stack.
        layers: gated blocks.
        dilated: True for dilations 1, 2, 4, 8, 1, 2 …, which widen the receptive field for free.
        conditional: True for a bias of its own for each class in every block.
    """

    def __init__(
        self,
        size: int,
        levels: int,
        channels: int = 32,
        layers: int = 6,
        dilated: bool = True,
        conditional: bool = False,
    ) -> None:
        super().__init__(size, levels, conditional)
        dilations = islice(cycle(DILATIONS if dilated else (1,)), layers)
        self.vertical = row_causal(self.in_channels, channels, 5, hidden=True)
        self.horizontal = column_causal(self.in_channels, channels, 5, hidden=True)
        self.blocks = nn.ModuleList(GatedBlock(channels, dilation, conditional) for dilation in dilations)
        self.final1 = CausalConv2d(channels, 4 * channels)
        self.final2 = CausalConv2d(4 * channels, levels)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        inputs = self.inputs(x)
        v, h = self.vertical(inputs), self.horizontal(inputs)
        for block in self.blocks:
            v, h = block(v, h, labels)
        return self.final2(self.final1(h.relu()).relu())

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> CachedStepper:
        """As in ``AutoregressiveImage``."""
        self.check_labels(labels, n)
        size = self.size
        vertical = self.vertical.rows(n, size, self.level_weight(self.vertical))
        horizontal = self.horizontal.columns(n, size, self.level_weight(self.horizontal))
        blocks = [CachedBlock(cast(GatedBlock, block), n, size, labels) for block in self.blocks]
        final1, final2 = self.final1.points(), self.final2.points()
        above = self.constant(self.vertical)
        beside, beside_at = self.constant(self.horizontal), list[Tensor]()  # the latter by column, of the row under way
        inputs = [block.horizontal.write for block in blocks]  # where each block reads, by column
        outputs: list[list[Tensor] | list[None]] = [*inputs[1:], [None] * size]  # where the next one reads

        def row(r: int) -> None:
            beside_at[:] = beside[r].unbind(0)
            v = vertical(r, above[r])  # (n, W, C)
            for block in blocks:
                v = block.row(r, v)

        def pixel(c: int) -> Tensor:
            h = horizontal(c, beside_at[c], out=inputs[0][c])  # (n, C)
            for block, output in zip(blocks, outputs, strict=True):
                h = block.pixel(c, h, output[c])
            return final2(final1(h.relu()).relu_())

        parts = {"vertical, first": vertical, "horizontal, first": horizontal}
        for i, block in enumerate(blocks, 1):
            parts |= {
                f"vertical {i}": block.vertical,
                f"link {i}": block.link,
                f"horizontal {i}": block.horizontal,
                f"out {i}": block.out,
            }
        parts |= {"final 1": final1, "final 2": final2}
        return CachedStepper(size, parts, vertical, horizontal, row, pixel)
