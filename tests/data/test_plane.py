"""Densities on the plane and on the line: what is drawn follows what is said, and their entropies are true."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
import torch

from genlab.data import line, line_points, own, plane
from genlab.data.datasets import load
from genlab.data.entropy import PLANE
from genlab.errors import GenlabError
from genlab.experiments.flows import LineExperiment, NVPExperiment
from genlab.models.piecewise import PiecewiseLinear
from genlab.views.line import line as line_view


def drawn(name: str, n: int = 4000) -> torch.Tensor:
    return plane.target(name).sample(n, torch.Generator().manual_seed(0))


EDGE, SIDE = 3.5, 112  # quadrature over 112 × 112 cells of [−3.5, 3.5]², beyond which lie four millionths at most
CELL = 2 * EDGE / SIDE  # a sixteenth, so that no cell lies half in a square of the checkerboard


@functools.cache
def density(name: str) -> torch.Tensor:
    """In the middle of each cell, (112, 112)."""
    axis = (torch.arange(SIDE, dtype=torch.float64) + 0.5) * CELL - EDGE
    return plane.target(name).log_prob(torch.cartesian_prod(axis, axis)).exp().view(SIDE, SIDE)


@pytest.mark.parametrize("name", PLANE)
def test_the_density_integrates_to_one(name):
    assert float(density(name).sum()) * CELL**2 == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", PLANE)
def test_the_entropy_is_the_integral_of_minus_p_log_p(name):
    assert float(torch.special.entr(density(name)).sum()) * CELL**2 == pytest.approx(PLANE[name], abs=2e-4)


@pytest.mark.parametrize("name", PLANE)
def test_points_are_drawn_as_often_as_they_are_likely(name):
    """In each of 16 × 16 squares, within five standard errors; a twentieth for what the coarse sum gets wrong."""
    n = 20_000
    expected = density(name).view(16, 7, 16, 7).sum((1, 3)) * CELL**2
    square = ((drawn(name, n).double() + EDGE) * (16 / (2 * EDGE))).floor().long().clamp(0, 15)
    share = torch.bincount(square[:, 0] * 16 + square[:, 1], minlength=256).view(16, 16) / n
    assert ((share - expected).abs() <= 5 * (expected / n).sqrt() + 0.05 * expected + 1 / n).all()


@pytest.mark.parametrize("name", PLANE)
def test_points_fit_the_view(name):
    points = drawn(name)
    assert points.shape == (4000, 2) and points.dtype == torch.float32
    assert float((points.abs() < 3.2).all(1).float().mean()) > 0.98


def test_the_same_seed_gives_the_same_points():
    first, second, other = (load(NVPExperiment(seed=seed)).train.points for seed in (0, 0, 1))
    assert torch.equal(first, second) and not torch.equal(first, other)
    assert not torch.equal(first[: len(load(NVPExperiment()).validation)], load(NVPExperiment()).validation.points)


def test_no_held_out_point_is_learnt_from():
    data = load(NVPExperiment())
    learnt, held_out = (part.points.numpy().view(np.complex64) for part in (data.train, data.validation))
    assert len(np.unique(held_out)) == 4096 and not np.isin(held_out, learnt).any()


@pytest.mark.parametrize("name", ["bumps", "uniform", "triangle", "exponential", "steps"])
def test_densities_on_the_line_integrate_to_one_and_are_drawn_from(name):
    density = line.shape(name)
    assert density.sum() * line.WIDTH == pytest.approx(1)
    points = load(LineExperiment(dataset=name)).train.points[:, 0].numpy()
    histogram = np.histogram(points, line.CELLS, (line.LOW, line.HIGH), density=True)[0]
    assert np.abs(histogram - density).max() < 0.1 * density.max() + 0.02
    assert LineExperiment(dataset=name).entropy() == pytest.approx(
        -np.mean(np.log(density[np.clip(((points - line.LOW) / line.WIDTH).astype(int), 0, line.CELLS - 1)])), abs=0.02
    )


@pytest.mark.parametrize("name", LineExperiment.options("dataset")[:-1])
def test_a_mean_over_held_out_points_of_the_line_is_the_expectation(name: str) -> None:
    density = line.shape(name)
    points = line_points.load(name, "", 0).validation.points[:, 0].double()
    assert points.diff().min() > 0
    for f in (torch.sin, torch.square, torch.abs):
        edges = line.LOW + line.WIDTH * torch.arange(line.CELLS * 10 + 1, dtype=torch.float64) / 10
        exact = f((edges[1:] + edges[:-1]) / 2) @ torch.from_numpy(density).repeat_interleave(10) * line.WIDTH / 10
        assert float(f(points).mean()) == pytest.approx(float(exact), abs=1e-3)
    flow = PiecewiseLinear(7).double()
    with torch.no_grad():
        flow.layers[0].xi.add_(torch.randn(8, generator=torch.Generator().manual_seed(1)))  # type: ignore[operator]
        expected = float(-flow.log_prob(points[:, None]).mean())
    assert expected == pytest.approx(line_view(flow, name).meta["nll"], abs=5e-3)
    assert expected > line.entropy(density)


def test_points_on_the_line_lie_anywhere_in_their_cell():
    points = load(LineExperiment()).train.points.double()
    place = (points - line.LOW) / line.WIDTH % 1
    assert torch.histc(place, 10, 0, 1).div(len(place)).tolist() == pytest.approx([0.1] * 10, abs=0.01)


@pytest.mark.parametrize(
    ("name", "entropy"),
    [
        ("uniform", math.log(3)),
        ("triangle", 0.5 + math.log(2)),
        ("steps", (3 * math.log(4) + math.log(12)) / 4),  # three quarters of the mass at ¼, one quarter at 1/12
        ("exponential", 1 - 6 / (math.exp(6) - 1) + math.log1p(-math.exp(-6))),  # cut off after 6
    ],
)
def test_entropies_on_the_line_are_those_of_the_closed_forms(name, entropy):
    assert LineExperiment(dataset=name).entropy() == pytest.approx(entropy, abs=1e-3)


def test_heights_drawn_by_hand_are_a_density():
    table = bytes([0] * 32 + [200] * 32).hex()
    density = line.shape("own", table)
    assert density[:190].max() == 0
    assert density.sum() * line.WIDTH == pytest.approx(1)
    for bad in ("", "00" * 64, "zz" * 64, "ff"):
        with pytest.raises(GenlabError, match="64 heights"):
            line.shape("own", bad)


def test_own_points_come_back_as_they_were():
    points = np.random.default_rng(0).normal(size=(300, 2)).astype(np.float32)
    again, noise = own.decode(own.encode(points, 0.25))
    assert np.abs(again - points).max() <= own.UNIT / 2 + 1e-6
    assert noise == 0.25
    assert len(own.decode(own.encode(np.zeros((9999, 2)), 0.0))[0]) == own.MOST


@pytest.mark.parametrize("bad", ["", "a", "%%%", "AAAA", own.heart()[:-8], own.heart()[:100] + "A" * 8])
def test_own_points_that_cannot_be_read_are_one_sentence(bad):
    with pytest.raises(GenlabError, match="draw or upload"):
        own.decode(bad)


def test_a_table_that_unpacks_to_too_much_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(10**7))).decode()
    with pytest.raises(GenlabError):
        own.decode(bomb)


def test_of_uploaded_points_a_fifth_is_held_back():
    table = own.encode(np.random.default_rng(0).normal(size=(100, 2)), 0.0)
    data = load(NVPExperiment(dataset="own", table=table))
    assert (len(data.train), len(data.validation)) == (80, 20)
    everything = torch.cat((data.train.points, data.validation.points))
    assert torch.equal(everything.sort(0).values, torch.from_numpy(own.decode(table)[0]).sort(0).values)
