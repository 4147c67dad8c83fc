"""Gated PixelCNN: residual, dilated, class-conditional (van den Oord et al. 2016b, arXiv 1606.05328)."""

from __future__ import annotations

import math
from itertools import cycle, islice
from typing import cast

import torch
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.layers.attention import CausalAttention
from genlab.layers.causal import CausalConv2d, column_causal, row_causal
from genlab.models.causal_image import CachedStepper, CausalImage

DILATIONS = (1, 2, 4, 8)


def gate(a: Tensor, dim: int) -> Tensor:
    """``tanh(f) σ(g)`` of the two halves f and g of a dimension."""
    f, g = a.chunk(2, dim)
    return f.tanh() * g.sigmoid()


class GatedBlock(nn.Module):
    """One layer of both stacks.

    ``a = W_v ∗ v + Vᵀ h``, ``v' = v + gate(a)``, ``u' = u + W_o gate(W_u ∗ u + W_l a)``, h being the class, one-hot.
    """

    def __init__(self, channels: int, dilation: int, conditional: bool) -> None:
        super().__init__()
        self.vertical = row_causal(channels, 2 * channels, 3, dilation=dilation)
        self.horizontal = column_causal(channels, 2 * channels, 3, dilation=dilation)
        self.link = CausalConv2d(2 * channels, 2 * channels)
        self.out = CausalConv2d(channels, channels, bias=False)
        self.label = nn.Embedding(CLASSES, 2 * channels) if conditional else None

    def forward(self, v: Tensor, u: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor]:
        """Maps v and u with shape (N, C, H, W), the vertical and the horizontal stack's, to those of the next block."""
        a = self.vertical(v)  # (N, 2C, H, W)
        if self.label is not None:
            a = a + self.label(labels)[:, :, None, None]
        return v + gate(a, 1), u + self.out(gate(self.horizontal(u) + self.link(a), 1))


class CachedBlock:
    """A block while an image is written: its vertical stack a row at a time, its horizontal stack a column at a time.

    A sigmoid is three times as fast as a tanh, and ``tanh(f) = 2σ(2f) − 1``. So the halves (f, g) before a gate are
    computed as (2f, g), the factor being part of the weights, and ``gate = 2 σ(2f) σ(g) − σ(g)`` takes one sigmoid.
    """

    def __init__(self, block: GatedBlock, n: int, size: int, labels: Tensor | None) -> None:
        channels = block.out.in_channels
        factor = block.out.weight.new_tensor([2.0, 1.0]).repeat_interleave(channels)  # of (f, g)
        scale = factor.view(-1, 1, 1, 1)
        self.vertical = block.vertical.rows(n, size, block.vertical.weight * scale)
        self.link = block.link.points(block.link.weight * scale / factor.view(1, -1, 1, 1))
        self.horizontal = block.horizontal.columns(n, size, block.horizontal.weight * scale)
        self.out = block.out.points(torch.cat([2 * block.out.weight, -block.out.weight], 1))
        label = 0 if block.label is None else block.label(labels).unsqueeze(1)
        self.bias_v = (self.vertical.bias + label) * factor  # (n, 1, 2C), or (2C,) without classes
        self.bias_h = (self.link.bias + self.horizontal.bias) * factor
        self.gates = factor.new_empty(n, 2 * channels)
        self.f, self.g = self.gates.chunk(2, 1)
        self.from_vertical = factor.new_empty(n, size, 2 * channels)  # what the row under way gives
        self.from_vertical_at = self.from_vertical.unbind(1)
        self.kept = [self.from_vertical] + ([] if block.label is None else [self.bias_v])

    def row(self, r: int, v: Tensor) -> Tensor:
        """Row r of the vertical stack, (n, W, C) to (n, W, C); keeps what it gives to the horizontal one."""
        self.vertical.write[r].copy_(v)
        gates = self.vertical(r, self.bias_v)  # (n, W, 2C)
        self.link(gates.flatten(0, 1), self.bias_h, out=self.from_vertical.view(-1, gates.shape[2]))
        f, g = gates.sigmoid_().chunk(2, 2)
        return torch.addcmul(v - g, f, g, value=2)

    def pixel(self, c: int, u: Tensor, out: Tensor | None) -> Tensor:
        """Column c of the horizontal stack, (n, C) to (n, C), written to ``out``; u stands in the buffer too."""
        self.horizontal(c, self.from_vertical_at[c], out=self.gates).sigmoid_()
        self.f.mul_(self.g)
        return self.out(self.gates, u, out=out)


class GatedPixelCNN(CausalImage):
    """Gated residual blocks after a first causal convolution.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        channels: feature maps of each stack.
        layers: gated blocks.
        dilated: True for dilations 1, 2, 4, 8, 1, 2 …, a wider receptive field with as many weights.
        conditional: True for a bias of its own for each class in every block.
        attention: so many of the blocks, evenly among them and the last one included, are followed by causal attention
            of the horizontal stack; each by at most one.
    """

    def __init__(
        self,
        size: int,
        levels: int,
        channels: int = 32,
        layers: int = 6,
        dilated: bool = True,
        conditional: bool = False,
        attention: int = 0,
    ) -> None:
        super().__init__(size, levels, conditional)
        dilations = islice(cycle(DILATIONS if dilated else (1,)), layers)
        self.vertical = row_causal(self.in_channels, channels, 5, hidden=True)
        self.horizontal = column_causal(self.in_channels, channels, 5, hidden=True)
        self.blocks = nn.ModuleList(GatedBlock(channels, dilation, conditional) for dilation in dilations)
        attended = sorted({math.ceil((k + 1) * layers / attention) - 1 for k in range(attention)})
        self.attention = nn.ModuleDict({str(i): CausalAttention(channels, self.position) for i in attended})
        self.final1 = CausalConv2d(channels, 4 * channels)
        self.final2 = CausalConv2d(4 * channels, levels)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        inputs = self.inputs(x)
        v, u = self.vertical(inputs), self.horizontal(inputs)
        for i, block in enumerate(self.blocks):
            v, u = block(v, u, labels)
            if str(i) in self.attention:
                u = self.attention[str(i)](u)
        return self.final2(self.final1(u.relu()).relu())

    @property
    def inner(self) -> list[nn.Parameter]:
        """The kernels of the blocks."""
        return [weight for weight in self.blocks.parameters() if weight.dim() == 4]

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> CachedStepper:
        """As in ``AutoregressiveImage``."""
        self.check_labels(labels, n)
        size = self.size
        vertical = self.vertical.rows(n, size, self.level_weight(self.vertical))
        horizontal = self.horizontal.columns(n, size, self.level_weight(self.horizontal))
        blocks = [CachedBlock(cast(GatedBlock, block), n, size, labels) for block in self.blocks]
        attention = {int(i): cast(CausalAttention, layer).places(n) for i, layer in self.attention.items()}
        final1, final2 = self.final1.points(), self.final2.points()
        above = self.constant(self.vertical)
        beside, beside_at = self.constant(self.horizontal), list[Tensor]()  # the latter by column, of the row under way
        inputs = [block.horizontal.write for block in blocks]  # where each block reads, by column
        outputs: list[list[Tensor] | list[None]] = [*inputs[1:], [None] * size]  # where the next one reads

        begin = 0  # of the row under way, in raster order

        def row(r: int) -> None:
            nonlocal begin
            begin = r * size
            beside_at[:] = beside[r].unbind(0)
            v = vertical(r, above[r])  # (n, W, C)
            for block in blocks:
                v = block.row(r, v)

        def pixel(c: int) -> Tensor:
            u = horizontal(c, beside_at[c], out=inputs[0][c])  # (n, C)
            for i, (block, output) in enumerate(zip(blocks, outputs, strict=True)):
                u = block.pixel(c, u, output[c])
                if i in attention:
                    attention[i](begin + c, u)
            return final2(final1(u.relu()).relu_())

        parts = {"vertical, first": vertical, "horizontal, first": horizontal}
        for i, block in enumerate(blocks, 1):
            parts |= {
                f"vertical {i}": block.vertical,
                f"link {i}": block.link,
                f"horizontal {i}": block.horizontal,
                f"out {i}": block.out,
            }
            if i - 1 in attention:
                parts |= {f"attention {i}": attention[i - 1].project, f"attention {i}, out": attention[i - 1].out}
        parts |= {"final 1": final1, "final 2": final2}
        kept = [tensor for block in blocks for tensor in block.kept]
        kept += [tensor for layer in attention.values() for tensor in layer.kept]
        return CachedStepper(size, parts, vertical, horizontal, row, pixel, kept)
