"""PixelCNN with two stacks of causal convolutions, after lecture 10.2 (van den Oord et al. 2016b), or one (2016a)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genlab.layers.causal import CausalConv2d, column_causal, masked_halves, row_causal
from genlab.models.causal_image import CachedStepper, CausalImage

KERNEL = 5


class PixelCNN(CausalImage):
    """Two stacks of two layers that meet in 1×1 convolutions.

    The vertical stack (the lecture's ``h``) sees the rows above, the horizontal one (its ``v``) the pixels to the left.
    With one masked stack they are the halves of its kernels: added in each layer, so that all of it must be masked.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        position: True for the 5 + 5 Boolean channels that tell where a pixel is. Without them the model is the same
            everywhere, which gives strokes that do not add up to a digit.
        masked: True for one stack of masked convolutions, of the same depth and about as many weights.
    """

    def __init__(self, size: int, levels: int, position: bool = True, masked: bool = False) -> None:
        super().__init__(size, levels, position=position)
        self.masked = masked
        if masked:
            self.vertical1, self.horizontal1 = masked_halves(self.in_channels, 40, KERNEL, hidden=True)
            self.vertical2, self.horizontal2 = masked_halves(40, 80, KERNEL)
            self.final1, self.final2 = CausalConv2d(80, 128), CausalConv2d(128, levels)
            return
        self.vertical1 = row_causal(self.in_channels, 32, KERNEL, hidden=True)
        self.vertical2 = row_causal(32, 64, KERNEL)
        self.horizontal1 = column_causal(self.in_channels, 32, KERNEL, hidden=True)
        self.horizontal2 = column_causal(32, 64, KERNEL)
        self.final1 = CausalConv2d(128, 128)
        self.final2 = CausalConv2d(128, levels)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        inputs = self.inputs(x)
        if self.masked:
            y = (self.vertical1(inputs) + self.horizontal1(inputs)).relu()
            return self.final2(self.final1((self.vertical2(y) + self.horizontal2(y)).relu()).relu())
        vertical = self.vertical2(self.vertical1(inputs).relu()).relu()
        horizontal = self.horizontal2(self.horizontal1(inputs).relu()).relu()
        return self.final2(self.final1(torch.cat([vertical, horizontal], 1)).relu())

    @property
    def inner(self) -> list[nn.Parameter]:
        """The kernels of all layers but the first and the last."""
        layers = (self.vertical2, self.horizontal2, self.final1)
        return [weight for layer in layers for weight in layer.parameters() if weight.dim() == 4]

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> CachedStepper:
        """As in ``AutoregressiveImage``. The vertical half of ``final1`` is computed once a row with its stack."""
        self.check_labels(labels, n)
        if self.masked:
            return self._masked_stepper(n)
        size, half = self.size, self.vertical2.out_channels
        vertical1 = self.vertical1.rows(n, size, self.level_weight(self.vertical1))
        vertical2 = self.vertical2.rows(n, size)
        horizontal1 = self.horizontal1.columns(n, size, self.level_weight(self.horizontal1))
        horizontal2 = self.horizontal2.columns(n, size)
        from_vertical = self.final1.points(self.final1.weight[:, :half])
        from_horizontal = self.final1.points(self.final1.weight[:, half:])
        final2 = self.final2.points()
        above, beside = self.constant(self.vertical1), self.constant(self.horizontal1)
        beside_at: list[Tensor] = []  # by column, of the row under way
        below = above.new_empty(n, size, self.final1.out_channels)  # the same: what the vertical stack gives to final1
        below_at = below.unbind(1)

        def row(r: int) -> None:
            beside_at[:] = beside[r].unbind(0)
            torch.clamp_min(vertical1(r, above[r]), 0, out=vertical2.write[r])
            from_vertical(vertical2(r).relu_().flatten(0, 1), out=below.view(n * size, -1))

        def pixel(c: int) -> Tensor:
            horizontal1(c, beside_at[c], out=horizontal2.write[c]).relu_()
            y = horizontal2(c).relu_()
            return final2(from_horizontal(y, below_at[c]).relu_())

        parts = {
            "vertical 1": vertical1,
            "vertical 2": vertical2,
            "final 1, vertical half": from_vertical,
            "horizontal 1": horizontal1,
            "horizontal 2": horizontal2,
            "final 1, horizontal half": from_horizontal,
            "final 2": final2,
        }
        return CachedStepper(size, parts, vertical1, horizontal1, row, pixel, [below])

    def _masked_stepper(self, n: int) -> CachedStepper:
        """Of one masked stack: what the rows above give to both layers is computed once a row."""
        size = self.size
        vertical1 = self.vertical1.rows(n, size, self.level_weight(self.vertical1))
        vertical2 = self.vertical2.rows(n, size)
        horizontal1 = self.horizontal1.columns(n, size, self.level_weight(self.horizontal1))
        horizontal2 = self.horizontal2.columns(n, size)
        final1, final2 = self.final1.points(), self.final2.points()
        constant = self.constant(self.vertical1) + self.constant(self.horizontal1)
        # What the rows above give to the row under way, by column.
        above = [constant.new_empty(n, size, layer.out_channels) for layer in (self.vertical1, self.vertical2)]
        above1, above2 = (part.unbind(1) for part in above)
        written: list[Tensor] = []  # the same: where the next row reads the first layer

        def row(r: int) -> None:
            above[0].copy_(vertical1(r, constant[r]))
            above[1].copy_(vertical2(r))
            written[:] = vertical2.write[r].unbind(1)

        def pixel(c: int) -> Tensor:
            y = horizontal1(c, above1[c], out=horizontal2.write[c]).relu_()
            written[c].copy_(y)
            y = horizontal2(c, above2[c]).relu_()
            return final2(final1(y).relu_())

        parts = {
            "vertical 1": vertical1,
            "vertical 2": vertical2,
            "horizontal 1": horizontal1,
            "horizontal 2": horizontal2,
            "final 1": final1,
            "final 2": final2,
        }
        return CachedStepper(size, parts, vertical1, horizontal1, row, pixel, above)
