"""The masked-input LeNet of lecture 10.1: an ordinary network that is told which pixels are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.autoregressive import AutoregressiveImage, exchange

KERNEL = 5  # of the second convolution
CHUNK = 256  # masked images in one pass of logits: with 1024, each takes 1.5 times as long on one core


class MaskedLeNet(AutoregressiveImage):
    """A LeNet with two input channels, mask and values, that predicts one pixel a pass.

    At 28×28 it is the lecture's; smaller images skip the pooling, those below 8×8 are padded with zeros to 8×8.
    """

    one_pass = False
    loss_draws = 8  # one position says little of an image

    def __init__(self, size: int, levels: int) -> None:
        super().__init__(size, levels)
        self.padding = max(8 - size, 0)
        pool = 2 if size > 8 else 1
        side = (size + self.padding - 2) // pool - 4
        self.features = nn.Sequential(
            nn.Conv2d(2, 32, kernel_size=3), nn.MaxPool2d(pool), nn.ReLU(), nn.Conv2d(32, 64, KERNEL), nn.ReLU()
        )
        self.fc = nn.Sequential(nn.Linear(64 * side * side, 512), nn.ReLU(), nn.Linear(512, levels))

    def masked(self, x: Tensor, t: Tensor) -> Tensor:
        """What the network sees of images x (N, 1, H, W) before positions t (N,): mask and values, (N, 2, H, W)."""
        positions = torch.arange(self.size**2, device=x.device).view(1, 1, self.size, self.size)
        mask = positions < t.view(-1, 1, 1, 1)
        # where, not a product: what stands in unknown positions must not matter at all
        values = torch.where(mask, self.normalise(x), 0)
        return torch.cat([mask.to(values.dtype), values], 1)

    def next_logits(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (N, levels) of the pixel at position t (N,) of each image, given those before it."""
        inputs = F.pad(self.masked(x, t), (0, self.padding, 0, self.padding))
        return self.fc(self.features(inputs).flatten(1))

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Logits of every pixel: one pass a pixel, CHUNK passes at a time."""
        n, total = x.shape[0], self.size**2
        logits = self.logits_at(x, torch.arange(total, device=x.device).expand(n, -1))
        return logits.view(n, self.size, self.size, self.levels).permute(0, 3, 1, 2)

    def logits_at(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (N, K, levels) at K positions t (N, K) of each image: a pass each, CHUNK at a time."""
        index = torch.arange(x.shape[0], device=x.device).repeat_interleave(t.shape[1])
        parts = zip(index.split(CHUNK), t.flatten().split(CHUNK), strict=True)
        return torch.cat([self.next_logits(x[i], p) for i, p in parts]).unflatten(0, tuple(t.shape))

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """As in ``AutoregressiveImage``, in a single pass."""
        return self.next_logits(x, torch.full((x.shape[0],), t, device=x.device))

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean nats a pixel at one random position of each image, drawn from the generator."""
        self.check(x)
        t = torch.randint(self.size**2, (x.shape[0],), generator=generator, device=generator.device).to(x.device)
        targets = x.flatten(1).gather(1, t[:, None])[:, 0]
        return F.cross_entropy(self.next_logits(x, t), targets.long())

    def stepper(self, n: int, labels: Tensor | None = None) -> MaskedStepper:
        """As in ``AutoregressiveImage``."""
        self.check_labels(labels, n)
        return MaskedStepper(self, n)


class MaskedStepper:
    """Exact incremental prediction: a new pixel computes only what it changes, at the same places for all images.

    One pixel of the input reaches 3×3 outputs of the first convolution, at most 2×2 cells of its pooled map, and
    through these 6×6 places of the second map, which at 28×28 has 9×9: 15 of these 81 on the average. The first dense
    layer is a sum over places, ``Σ_p W_p h_p``: the terms are kept, and their sums over each row of places. All that
    has changed is computed anew and added up in the same order, never corrected by a difference: errors do not grow.

    Images that agree so far, on the empty paper at the top or on the known part of a drawing, are computed once.
    """

    @torch.no_grad()
    def __init__(self, model: MaskedLeNet, n: int) -> None:
        self.model, self.n, self.next, self.together = model, n, 0, True
        conv1, pool, _, conv2, _, dense, _, last = cast(Iterable[Any], (*model.features, *model.fc))
        self.conv1, self.pool, self.last = conv1, pool.kernel_size, last
        weight, self.bias2 = conv2.weight, conv2.bias.detach()
        self.weight2 = weight.permute(2, 3, 1, 0).flatten(0, 2)  # (5 · 5 · 32, 64)
        self.bias = dense.bias.detach()
        side = model.size + model.padding
        self.pixels = weight.new_zeros(1, 2, side, side)
        cells = F.max_pool2d(self.conv1(self.pixels), self.pool).relu_()
        self.cells = cells.permute(0, 2, 3, 1).contiguous()  # (n, C, C, 32), n = 1 while they are together
        places = self.cells.shape[1] - KERNEL + 1
        self.dense = dense.weight.view(-1, weight.shape[0], places, places).permute(2, 3, 1, 0).contiguous()
        # What each place gives to the dense layer, (P, P, n, 512), and each row of places, (P, n, 512).
        self.terms = weight.new_empty(places, places, 1, len(self.bias))
        self.rows = weight.new_empty(places, 1, len(self.bias))
        self._places(range(places), range(places))
        self.changes = [self._reach(v) for v in range(model.size)]

    def _reach(self, v: int) -> tuple[range, range]:
        """Which rows of cells, and of places, the pixels of row v change; the same for columns."""
        first, last = max(0, v - 2) // self.pool, min(v, self.pixels.shape[2] - 3) // self.pool
        cells = range(first, min(last + 1, self.cells.shape[1]))
        return cells, range(max(0, first - KERNEL + 1), min(cells.stop, len(self.rows)))

    @torch.no_grad()
    def __call__(self, t: int, x: Tensor) -> Tensor:
        """Logits (n, levels) at position t. Raises ValueError where t is not the next position."""
        if t != self.next:
            raise ValueError(f"positions come one after the other: {self.next} is next, not {t}")
        self.next += 1
        if t:
            self._pixel(t - 1, x.flatten(1)[:, t - 1])
        logits = self.last((self.rows.sum(0) + self.bias).relu_())
        return logits.expand(self.n, -1)

    def _pixel(self, t: int, levels: Tensor) -> None:
        """The pixel at t becomes known, (n,)."""
        if self.together and self.n > 1 and bool((levels != levels[0]).any()):
            self.together = False
            self.pixels, self.cells = (part.repeat(self.n, 1, 1, 1) for part in (self.pixels, self.cells))
            self.terms, self.rows = self.terms.repeat(1, 1, self.n, 1), self.rows.repeat(1, self.n, 1)
        r, c = divmod(t, self.model.size)
        self.pixels[:, 0, r, c] = 1
        self.pixels[:, 1, r, c] = self.model.normalise(levels[: len(self.pixels)])
        (cell_rows, rows), (cell_columns, columns) = self.changes[r], self.changes[c]
        if cell_rows and cell_columns:  # the pooling can leave out the last row and column
            self._cells(cell_rows, cell_columns)
            self._places(rows, columns)

    def _cells(self, rows: range, columns: range) -> None:
        """Computes cells of the pooled first map anew."""
        high, wide = (slice(self.pool * part.start, self.pool * part.stop + 2) for part in (rows, columns))
        cells = F.max_pool2d(self.conv1(self.pixels[:, :, high, wide]), self.pool).relu_()
        self.cells[:, rows.start : rows.stop, columns.start : columns.stop] = cells.permute(0, 2, 3, 1)

    def _places(self, rows: range, columns: range) -> None:
        """Computes places of the second map anew, and what they give to the dense layer."""
        reach = KERNEL - 1
        seen = self.cells[:, rows.start : rows.stop + reach, columns.start : columns.stop + reach]
        windows = seen.unfold(1, KERNEL, 1).unfold(2, KERNEL, 1).permute(1, 2, 0, 4, 5, 3)  # (R, C, n, 5, 5, 32)
        places = torch.addmm(self.bias2, windows.reshape(-1, len(self.weight2)), self.weight2).relu_()
        places = places.view(len(rows), len(columns), len(self.pixels), -1)
        across = slice(columns.start, columns.stop)
        for row, place in zip(rows, places, strict=True):  # a row of weights lies in one piece: it is not copied
            torch.bmm(place, self.dense[row, across], out=self.terms[row, across])
        down = slice(rows.start, rows.stop)
        torch.sum(self.terms[down], 1, out=self.rows[down])

    def select(self, index: Tensor) -> None:
        """As in ``Stepper``."""
        if not self.together:
            exchange((self.pixels, self.cells, self.terms.movedim(2, 0), self.rows.movedim(1, 0)), index)
