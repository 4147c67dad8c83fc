"""Gated PixelCNN: residual, dilated, class-conditional (van den Oord et al. 2016b, arXiv 1606.05328)."""

from __future__ import annotations

from itertools import cycle, islice
from typing import cast

import torch
from torch import Tensor, nn

from genlab.layers.causal import CausalConv2d, column_causal, row_causal
from genlab.models.autoregressive import CLASSES
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


class GatedPixelCNN(CausalImage):
    """Gated residual blocks after a first causal convolution.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        channels: feature maps of each stack.
        layers: gated blocks.
        dilated: True for dilations 1, 2, 4, 8, 1, 2 …, which widen the receptive field for free.
        conditional: True for a bias of its own for each class in every block.
    """

    def __init__(self, size: int, levels: int, channels: int = 32, layers: int = 6, dilated: bool = True,
                 conditional: bool = False) -> None:
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
        """As in ``AutoregressiveImage``. What the vertical stack gives to each block is computed once a row."""
        self.check_labels(labels, n)
        size, blocks = self.size, cast(list[GatedBlock], list(self.blocks))
        first_v = self.vertical.rows(n, size, self.level_weight(self.vertical))
        first_h = self.horizontal.columns(n, size, self.level_weight(self.horizontal))
        vertical = [block.vertical.rows(n, size) for block in blocks]
        horizontal = [block.horizontal.columns(n, size) for block in blocks]
        link, out = [block.link.points() for block in blocks], [block.out.points() for block in blocks]
        # The bias of the horizontal convolution is the same in every column: it joins the row's contribution.
        bias = [b + a.bias for b, a in zip((part.bias for part in link), horizontal, strict=True)]
        label = [block.label(labels).unsqueeze(1) if block.label is not None else 0 for block in blocks]
        final1, final2 = self.final1.points(), self.final2.points()
        above, beside = self.constant(self.vertical), self.constant(self.horizontal)
        beside_at = [row.unbind(0) for row in beside.unbind(0)]
        below: list[tuple[Tensor, ...]] = [()] * len(blocks)  # by block and column
        inputs = [part.write for part in horizontal] + [[None] * size]  # where the next block reads

        def row(r: int) -> None:
            v = first_v(r, above[r])  # (n, W, C)
            for i in range(len(blocks)):
                vertical[i].write[r].copy_(v)
                a = vertical[i](r) + label[i]
                below[i] = link[i](a.flatten(0, 1), bias[i]).view(n, size, -1).unbind(1)
                v = v + gate(a, 2)

        def pixel(r: int, c: int) -> Tensor:
            h = first_h(c, beside_at[r][c], out=inputs[0][c])  # (n, C)
            for i in range(len(blocks)):
                h = out[i](gate(horizontal[i](c, below[i][c]), 1), h, out=inputs[i + 1][c])
            return final2(final1(h.relu()).relu_())

        parts = {"vertical, first": first_v, "horizontal, first": first_h}
        for i in range(len(blocks)):
            parts |= {f"vertical {i + 1}": vertical[i], f"link {i + 1}": link[i],
                      f"horizontal {i + 1}": horizontal[i], f"out {i + 1}": out[i]}
        parts |= {"final 1": final1, "final 2": final2}
        return CachedStepper(size, parts, first_v, first_h, row, pixel)
