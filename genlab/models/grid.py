"""An autoregressive density of the plane: both coordinates on a grid, and MADE (Germain et al. 2015) on the two."""

from __future__ import annotations

import itertools
import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.errors import OutsideDomain
from genlab.generation.steps import draw
from genlab.layers.degrees import masks

HALF = 4.0  # the grid covers [−4, 4]²: no data set of the plane has a point outside, but perhaps one's own


class Grid(nn.Module):
    """``p(x) = P(i) P(j | i) / area``: x lies in column i and row j of a grid whose cells have that area.

    Both are categorical. So the density is constant in each cell, and 0 outside the grid. The network sees the cells
    as one-hot vectors; its masks let the logits of j hear i, and nothing hears j.

    Arguments:
        hidden: units of each hidden layer.
        layers: hidden layers.
        bins: cells on a side.
    """

    loss_draws = 1  # the loss is exact: nothing is drawn at random
    degrees: Tensor

    def __init__(self, hidden: int = 128, layers: int = 1, bins: int = 128) -> None:
        super().__init__()
        self.bins = bins
        coordinate = torch.tensor([1, 2]).repeat_interleave(bins)
        self.register_buffer("degrees", coordinate, persistent=False)  # (2 · bins,) of inputs and outputs
        widths = [2 * bins, *[hidden] * layers, 2 * bins]
        self.net = nn.ModuleList(nn.Linear(n, m) for n, m in itertools.pairwise(widths))

    def masks(self) -> list[Tensor]:
        """Of each layer, bool (out, in). All hidden units have degree 1: there is nothing else to be heard."""
        hidden = [torch.ones_like(cast(nn.Linear, layer).bias, dtype=torch.long) for layer in list(self.net)[:-1]]
        return masks([self.degrees, *hidden, self.degrees])

    def logits(self, cells: Tensor) -> Tensor:
        """Of column and row, (N, 2, bins), of cells (N, 2): those of the row given the column."""
        layers = [cast(nn.Linear, layer) for layer in self.net]
        h = F.one_hot(cells, self.bins).flatten(1).to(layers[0].weight)
        for mask, layer in zip(self.masks(), layers, strict=True):
            h = F.linear(h, mask * layer.weight, layer.bias)
            if layer is not layers[-1]:
                h = h.relu()
        return h.unflatten(1, (2, self.bins))

    def cells(self, x: Tensor) -> Tensor:
        """Column and row of points (N, 2), int64 (N, 2); of a point outside the nearest ones.

        Raises:
            OutsideDomain: x has another shape or holds a number that is not finite.
        """
        if x.dim() != 2 or x.shape[1] != 2:
            raise OutsideDomain(f"points have the shape (N, 2), not {tuple(x.shape)}.")
        if not x.isfinite().all():
            raise OutsideDomain("a coordinate is not a finite number.")
        return ((x + HALF) * (self.bins / (2 * HALF))).floor().long().clamp(0, self.bins - 1)

    @property
    def log_area(self) -> float:
        """Logarithm of the area of a cell."""
        return 2 * math.log(2 * HALF / self.bins)

    def log_prob(self, x: Tensor) -> Tensor:
        """``log p(x)`` in nats with shape (N,), exact; −∞ outside the grid. Raises as ``cells``."""
        log_p = self._log_cell(self.cells(x)) - self.log_area
        return torch.where((x.abs() <= HALF).all(1), log_p, -math.inf)

    def loss(self, x: Tensor, labels: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        """Mean negative log-likelihood in nats; of a point outside the grid that of the nearest cell."""
        return self.log_area - self._log_cell(self.cells(x)).mean()

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n points with shape (n, 2): a column, a row, a place in their cell, by uniform numbers of a CPU generator."""
        weight = cast(nn.Linear, self.net[0]).weight
        u = torch.rand(n, 4, generator=generator, dtype=weight.dtype).to(weight.device)
        cells = torch.zeros(n, 2, dtype=torch.long, device=weight.device)
        for k in range(2):
            cells[:, k] = draw(self.logits(cells)[:, k], u[:, k : k + 1].contiguous()).flatten()
        return (cells + u[:, 2:]) * (2 * HALF / self.bins) - HALF

    def _log_cell(self, cells: Tensor) -> Tensor:
        """``log P(i) + log P(j | i)``, (N,)."""
        return -F.cross_entropy(self.logits(cells).transpose(1, 2), cells, reduction="none").sum(1)
