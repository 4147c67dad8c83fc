"""The density on a grid: probabilities add up, the density integrates to 1, and the row hears the column alone."""

from __future__ import annotations

import math

import pytest
import torch

from genlab.errors import OutsideDomain
from genlab.models.grid import HALF, Grid
from tests.models.zoo import randomised

BINS = 6


def grid(layers: int = 1, seed: int = 0) -> Grid:
    """Small, in float64, with random weights of which none is zero."""
    return randomised(Grid(hidden=7, layers=layers, bins=BINS), seed)  # type: ignore[type-var]


def middles() -> torch.Tensor:
    """The middle of each cell, (BINS², 2), row after row of the same column."""
    line = (torch.arange(BINS, dtype=torch.float64) + 0.5) * (2 * HALF / BINS) - HALF
    return torch.cartesian_prod(line, line)


@pytest.mark.parametrize("layers", [1, 3])
@torch.no_grad()
def test_probabilities_of_all_cells_add_up_to_one(layers: int) -> None:
    log_p = grid(layers).log_prob(middles()) + 2 * math.log(2 * HALF / BINS)
    assert float(log_p.exp().sum()) == pytest.approx(1, abs=1e-12)


@torch.no_grad()
def test_the_density_integrates_to_one_and_is_constant_in_a_cell() -> None:
    model, fine = grid(), 10
    line = (torch.arange(fine * BINS, dtype=torch.float64) + 0.5) * (2 * HALF / (fine * BINS)) - HALF
    density = model.log_prob(torch.cartesian_prod(line, line)).exp()
    assert float(density.sum()) * (2 * HALF / (fine * BINS)) ** 2 == pytest.approx(1, abs=1e-12)
    blocks = density.view(BINS, fine, BINS, fine)
    assert float((blocks - blocks[:, :1, :, :1]).abs().max()) == 0


@torch.no_grad()
def test_the_density_is_the_product_of_two_tables_by_hand() -> None:
    model = grid()
    i, j = 4, 1
    first, second = model.net
    column = torch.nn.functional.one_hot(torch.tensor(i), BINS).double()
    hidden = (first.weight[:, :BINS] @ column + first.bias).relu()  # type: ignore[operator]
    of_column = first.bias.new_tensor(second.bias[:BINS].tolist()).softmax(0)  # type: ignore[union-attr,operator]
    of_row = (second.weight[BINS:] @ hidden + second.bias[BINS:]).softmax(0)  # type: ignore[operator]
    x = middles()[i * BINS + j][None]
    expected = math.log(of_column[i] * of_row[j] / (2 * HALF / BINS) ** 2)
    assert float(model.log_prob(x)) == pytest.approx(expected, abs=1e-12)


@torch.no_grad()
def test_the_column_hears_nothing_and_the_row_hears_no_row() -> None:
    model = grid(2)
    cells = torch.cartesian_prod(torch.arange(BINS), torch.arange(BINS))
    logits = model.logits(cells)
    assert torch.equal(logits[:, 0], logits[:1, 0].expand(BINS**2, -1))
    rows = logits[:, 1].view(BINS, BINS, BINS)  # by column, row, logit
    assert torch.equal(rows, rows[:, :1].expand(-1, BINS, -1))
    assert not torch.allclose(rows[0, 0], rows[1, 0])


def test_gradients_reach_every_weight_that_is_heard() -> None:
    model = grid(2)
    x = 8 * torch.rand(400, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) - 4
    model.loss(x).backward()
    for mask, layer in zip(model.masks(), model.net, strict=True):
        grad = layer.weight.grad  # type: ignore[union-attr]
        assert bool((grad[~mask] == 0).all())  # type: ignore[index]
        assert bool((grad != 0).any()) and bool((layer.bias.grad != 0).any())  # type: ignore[union-attr,operator]
    torch.testing.assert_close(model.loss(x), -model.log_prob(x).mean())


@torch.no_grad()
def test_samples_fall_into_cells_as_often_as_these_are_likely() -> None:
    model, n = grid(), 40_000
    x = model.sample(n, torch.Generator().manual_seed(1))
    assert bool((x.abs() <= HALF).all())
    cell = model.cells(x)
    found = torch.bincount(cell[:, 0] * BINS + cell[:, 1], minlength=BINS**2) / n
    p = model.log_prob(middles()).exp() * (2 * HALF / BINS) ** 2
    assert bool(((found - p).abs() < 5 * (p * (1 - p) / n).sqrt() + 1e-4).all())
    assert torch.equal(x, model.sample(n, torch.Generator().manual_seed(1)))
    inside = ((x + HALF) / (2 * HALF / BINS)) % 1
    assert float((inside.mean(0) - 0.5).abs().max()) < 0.01  # uniform in its cell


@torch.no_grad()
def test_outside_the_grid_there_is_no_density_and_what_is_no_point_is_refused() -> None:
    model = grid()
    assert float(model.log_prob(torch.tensor([[HALF + 0.1, 0.0]], dtype=torch.float64))) == -math.inf
    assert math.isfinite(float(model.loss(torch.tensor([[99.0, 0.0]], dtype=torch.float64))))
    for wrong in (torch.zeros(3), torch.zeros(2, 3), torch.full((1, 2), math.nan)):
        with pytest.raises(OutsideDomain):
            model.log_prob(wrong.double())
