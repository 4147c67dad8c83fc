"""Causal convolutions on images, over whole maps or one new pixel at a time.

Raster order: a pixel comes after every pixel of the rows above and after those to its left. The *vertical* stack is
made of row-causal convolutions, which see the rows above; the *horizontal* stack of column-causal ones, which see the
pixels to the left. Together they see the whole past and have no blind spot (van den Oord et al. 2016b, Conditional
image generation with PixelCNN decoders). The first convolution of each stack is shifted by one: it hides the present.

Over a whole map a layer is an ordinary convolution of a padded input. While an image is written, ``rows``, ``columns``
and ``points`` give the same numbers from what is already there: a row-causal layer computes one row when a row begins,
a column-causal one a single column, and their inputs stay in buffers that never move.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CausalConv2d(nn.Conv2d):
    """A convolution that looks up and to the left only.

    ``y[:, r, c] = b + Σ_ij W[:, :, i, j] x[:, r − s_r − (K_r − 1 − i) d, c − s_c + (j − J) d]``, zeros outside, where
    J centres the columns of a row-causal kernel and ends those of a column-causal one at the present.

    Arguments:
        kernel: (K_r, K_c), rows and columns of the kernel.
        dilation: d, the distance between taps.
        shift: (s_r, s_c), by how many rows and columns the input is moved away to hide the present.
        centred: True where the kernel extends to the right as far as to the left (the rows above are all past).
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: tuple[int, int] = (1, 1),
        *,
        dilation: int = 1,
        shift: tuple[int, int] = (0, 0),
        centred: bool = False,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel, dilation=dilation, bias=bias)
        self.step, self.shift = dilation, shift
        self.above, across = (kernel[0] - 1) * dilation, (kernel[1] - 1) * dilation
        self.right = across // 2 if centred else 0
        self.left = across - self.right

    def forward(self, x: Tensor) -> Tensor:
        """Maps of shape (N, in, H, W) to (N, out, H, W)."""
        down, aside = self.shift
        pad = (self.left + aside, self.right - aside, self.above + down, -down)
        return super().forward(F.pad(x, pad) if any(pad) else x)  # padding by nothing would copy

    def rows(self, n: int, size: int, weight: Tensor | None = None) -> Rows:
        """This layer one row at a time, for n images of size × size. ``weight`` stands in for the layer's own."""
        return Rows(self, n, size, (self.weight if weight is None else weight).detach())

    def columns(self, n: int, size: int, weight: Tensor | None = None) -> Columns:
        """This layer one column of one row at a time. ``weight`` stands in for the layer's own."""
        return Columns(self, n, size, (self.weight if weight is None else weight).detach())

    def points(self, weight: Tensor | None = None) -> Points:
        """This 1×1 layer at any number of positions. ``weight`` stands in for the layer's own."""
        return Points(self, (self.weight if weight is None else weight).detach())


def row_causal(
    in_channels: int,
    out_channels: int,
    kernel: int,
    *,
    dilation: int = 1,
    hidden: bool = False,
) -> CausalConv2d:
    """A layer of the vertical stack: the upper half of a kernel × kernel square, the present row included.

    Arguments:
        kernel: odd width of the square.
        hidden: True in the first layer: the present row is hidden, and one more row above is seen.
    """
    return CausalConv2d(
        in_channels, out_channels, (kernel // 2 + 1, kernel), dilation=dilation, shift=(int(hidden), 0), centred=True
    )


def column_causal(
    in_channels: int,
    out_channels: int,
    kernel: int,
    *,
    dilation: int = 1,
    hidden: bool = False,
) -> CausalConv2d:
    """A layer of the horizontal stack: the left half of a row of the kernel, the present pixel included.

    Arguments:
        kernel: odd width of the row.
        hidden: True in the first layer: the present pixel is hidden, and one more to the left is seen.
    """
    return CausalConv2d(in_channels, out_channels, (1, kernel // 2 + 1), dilation=dilation, shift=(0, int(hidden)))


def masked_halves(
    in_channels: int, out_channels: int, kernel: int, *, hidden: bool = False
) -> tuple[CausalConv2d, CausalConv2d]:
    """The halves of a masked convolution, the rows above and the present row, whose sum it is (``MaskedConv2d``).

    Arguments:
        kernel: odd width of the square.
        hidden: True for mask A, which hides the present pixel; False for mask B.
    """
    half = kernel // 2
    above = CausalConv2d(in_channels, out_channels, (half, kernel), shift=(1, 0), centred=True)
    left = CausalConv2d(in_channels, out_channels, (1, half + (not hidden)), shift=(0, int(hidden)), bias=False)
    return above, left


class Cached:
    """A layer whose input is kept from step to step. ``computed`` lists the positions of each call, where asked for."""

    weight: Tensor

    def __init__(self, conv: CausalConv2d) -> None:
        self.bias = conv.weight.new_zeros(conv.out_channels) if conv.bias is None else conv.bias.detach()
        self.computed: list[int] | None = None

    def count(self, positions: int) -> None:
        """Notes that ``positions`` positions were computed."""
        if self.computed is not None:
            self.computed.append(positions)

    def kept(self) -> list[Tensor]:
        """What later calls read of earlier ones, (n, …) each: views, so that an image can be given another past."""
        return []


class Rows(Cached):
    """A convolution that computes one row, ``rows(r)``, once its input's rows up to r − shift stand in ``write``."""

    def __init__(self, conv: CausalConv2d, n: int, size: int, weight: Tensor) -> None:
        super().__init__(conv)
        channels, above, down = weight.shape[1], conv.above, conv.shift[0]
        # Channels last: the weights of one tap meet neighbouring numbers. Padding is part of the buffer.
        buffer = weight.new_zeros(n, size + above + down, size + conv.left + conv.right, channels)
        self.size, self.dilation, self.row = size, conv.step, 0
        self.weight = weight.contiguous(memory_format=torch.channels_last)
        self.write = [buffer[:, r + above + down, conv.left : conv.left + size] for r in range(size)]  # (n, W, C) each
        self.read = [
            buffer[:, r : r + above + 1].permute(0, 3, 1, 2) for r in range(size)
        ]  # (n, C, above + 1, W + pad)
        self.past = [buffer[:, r + 1 : r + 1 + above + down] for r in range(size)]

    def __call__(self, row: int, bias: Tensor | None = None) -> Tensor:
        """Row ``row`` of the output, (n, W, out). ``bias``, (W, out) or (n, 1, out), stands in for the layer's own."""
        self.count(self.size)
        self.row = row
        y = F.conv2d(self.read[row], self.weight, self.bias if bias is None else None, dilation=self.dilation)
        y = y.permute(0, 2, 3, 1).squeeze(1)
        return y if bias is None else y.add_(bias)

    def kept(self) -> list[Tensor]:
        """As in ``Cached``: the rows that the next ones will see."""
        return [self.past[self.row]]


class Columns(Cached):
    """A convolution of one row that computes one column, ``columns(c, bias)``, from the columns in ``write``.

    The same buffer serves every row: a column is written anew before it is read, and the padding stays zero. Columns
    that a dilated kernel meets together lie side by side, so that every window is a view and every step one product.
    """

    def __init__(self, conv: CausalConv2d, n: int, size: int, weight: Tensor) -> None:
        super().__init__(conv)
        channels, width = weight.shape[1], weight.shape[3]
        span = width - 1 + -(-(size + conv.shift[1]) // conv.step)
        self.buffer = buffer = weight.new_zeros(n, conv.step * span * channels)

        def end(column: int) -> int:
            """Where the window ends whose newest input arrives at an output's column."""
            return (column % conv.step * span + column // conv.step + width) * channels

        self.weight = weight[:, :, 0].permute(2, 1, 0).flatten(0, 1).contiguous()  # (width * C, out)
        self.write = [buffer[:, end(c + conv.shift[1]) - channels : end(c + conv.shift[1])] for c in range(size)]
        self.read = [buffer[:, end(c) - width * channels : end(c)] for c in range(size)]

    def __call__(self, column: int, bias: Tensor | None = None, out: Tensor | None = None) -> Tensor:
        """Column ``column`` of the output, (n, out). ``bias``, (n, out) or (out,), stands in for the layer's own."""
        self.count(1)
        return torch.addmm(self.bias if bias is None else bias, self.read[column], self.weight, out=out)

    def kept(self) -> list[Tensor]:
        """As in ``Cached``."""
        return [self.buffer]


class Points(Cached):
    """A 1×1 convolution at M positions: it needs no buffer."""

    def __init__(self, conv: CausalConv2d, weight: Tensor) -> None:
        super().__init__(conv)
        self.weight = weight[:, :, 0, 0].t().contiguous()  # (C, out)

    def __call__(self, x: Tensor, bias: Tensor | None = None, out: Tensor | None = None) -> Tensor:
        """Positions (M, C) to (M, out). ``bias``, (M, out) or (out,), stands in for the layer's own."""
        self.count(x.shape[0])
        return torch.addmm(self.bias if bias is None else bias, x, self.weight, out=out)
