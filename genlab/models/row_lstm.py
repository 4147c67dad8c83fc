"""Row LSTM (van den Oord, Kalchbrenner and Kavukcuoglu 2016a, Pixel recurrent neural networks, arXiv 1601.06759)."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.causal import CausalConv2d, column_causal, masked_halves
from genlab.models.causal_image import CachedStepper, CausalImage

FIRST = 7  # width of the first layer's kernel
KERNEL = 3  # of the recurrence, along a row


def cell(gates: Tensor, memory: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """``c' = σ(f) c + σ(i) tanh(g)`` and ``h = σ(o) tanh(c')``, with the gates (o, f, i, g) along a dimension.

    Returns:
        h and c', of the shape of the memory c.
    """
    o, f, i, g = gates.chunk(4, dim)
    memory = f.sigmoid() * memory + i.sigmoid() * g.tanh()
    return o.sigmoid() * memory.tanh(), memory


class RowLayer(nn.Module):
    """An LSTM whose steps are the rows of an image, all columns of a row at once: ``x' = x + h``.

    ``(o, f, i, g) = K_is ∗ x_r + K_ss ∗ h_{r−1}``. The input-to-state kernel is masked: of its three taps it keeps the
    left one and the present one. The state-to-state kernel has all three: the row above is past.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.input = column_causal(channels, 4 * channels, KERNEL)
        self.state = CausalConv2d(channels, 4 * channels, (1, KERNEL), shift=(1, 0), centred=True, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) to (N, C, H, W)."""
        h = memory = torch.zeros_like(x[:, :, :1])
        rows = []
        for gates in self.input(x).split(1, 2):  # (N, 4C, 1, W) each
            h, memory = cell(gates + F.conv2d(h, self.state.weight, padding=(0, KERNEL // 2)), memory, 1)
            rows.append(h)
        return x + torch.cat(rows, 2)


class CachedRow:
    """A layer while an image is written: what the row above gives once a row, what is to the left a pixel at a time."""

    def __init__(self, layer: RowLayer, n: int, size: int) -> None:
        self.input, self.state = layer.input.columns(n, size), layer.state.rows(n, size)
        # Of the row above, and from column 0 on that of this one.
        weight = layer.input.weight
        self.memory = weight.new_zeros(n, size, layer.input.in_channels)
        self.r, self.above = 0, weight.new_empty(n, size, layer.input.out_channels)  # for the row under way
        self.kept = self.memory, self.above

    def row(self, r: int) -> None:
        """What row r − 1 gives to row r."""
        self.r = r
        self.above.copy_(self.state(r, self.input.bias))

    def pixel(self, c: int, x: Tensor) -> Tensor:
        """Column c of the row, (n, C) to (n, C)."""
        self.input.write[c].copy_(x)
        h, memory = cell(self.input(c, self.above[:, c]), self.memory[:, c], 1)
        self.memory[:, c] = memory
        self.state.write[self.r][:, c] = h
        return x + h


class RowLSTM(CausalImage):
    """Row LSTM layers after a first 7×7 convolution with mask A.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        channels: numbers in the state of a pixel.
        layers: LSTMs on top of each other.
    """

    def __init__(self, size: int, levels: int, channels: int, layers: int) -> None:
        super().__init__(size, levels)
        self.above, self.left = masked_halves(self.in_channels, channels, FIRST, hidden=True)
        self.layers = nn.ModuleList(RowLayer(channels) for _ in range(layers))
        self.final1 = CausalConv2d(channels, 2 * channels)
        self.final2 = CausalConv2d(2 * channels, levels)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        inputs = self.inputs(x)
        y = self.above(inputs) + self.left(inputs)
        for layer in self.layers:
            y = layer(y)
        return self.final2(self.final1(y).relu())

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> CachedStepper:
        """As in ``AutoregressiveImage``."""
        self.check_labels(labels, n)
        size = self.size
        above = self.above.rows(n, size, self.level_weight(self.above))
        left = self.left.columns(n, size, self.level_weight(self.left))
        layers = [CachedRow(cast(RowLayer, layer), n, size) for layer in self.layers]
        final1, final2 = self.final1.points(), self.final2.points()
        constant = self.constant(self.above) + self.constant(self.left)
        from_above = constant.new_empty(n, size, self.above.out_channels)  # to the row under way

        def row(r: int) -> None:
            from_above.copy_(above(r, constant[r]))
            for layer in layers:
                layer.row(r)

        def pixel(c: int) -> Tensor:
            y = left(c, from_above[:, c])
            for layer in layers:
                y = layer.pixel(c, y)
            return final2(final1(y).relu_())

        parts = {"vertical, first": above, "horizontal, first": left}
        for k, layer in enumerate(layers, 1):
            parts |= {f"state to state {k}": layer.state, f"input to state {k}": layer.input}
        parts |= {"final 1": final1, "final 2": final2}
        kept = [from_above, *(tensor for layer in layers for tensor in layer.kept)]
        return CachedStepper(size, parts, above, left, row, pixel, kept)
