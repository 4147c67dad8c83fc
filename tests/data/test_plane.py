"""Densities on the plane and on the line: what is drawn follows what is said, and their entropies are true."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.data import line, own, plane
from genlab.data.datasets import load
from genlab.data.entropy import PLANE
from genlab.errors import GenlabError
from genlab.experiments.flows import LineExperiment, NVPExperiment


def drawn(name: str, n: int = 4000) -> torch.Tensor:
    return plane.target(name).sample(n, torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", PLANE)
def test_the_entropy_is_the_mean_of_minus_log_p(name):
    log_p = plane.target(name).log_prob(drawn(name).double())
    error = float(log_p.std()) / math.sqrt(len(log_p))
    assert abs(float(-log_p.mean()) - PLANE[name]) <= 4 * error + 1e-4


@pytest.mark.parametrize("name", ["rings", "pinwheel", "checkerboard", "gaussians"])
def test_the_density_integrates_to_one(name):
    steps, half = 700, 4.0
    axis = (torch.arange(steps, dtype=torch.float64) + 0.5) * (2 * half / steps) - half
    mass = plane.target(name).log_prob(torch.cartesian_prod(axis, axis)).exp().sum() * (2 * half / steps) ** 2
    assert float(mass) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", PLANE)
def test_points_fit_the_view(name):
    points = drawn(name)
    assert points.shape == (4000, 2) and points.dtype == torch.float32
    assert float((points.abs() < 3.2).all(1).float().mean()) > 0.98


def test_the_same_seed_gives_the_same_points():
    first, second, other = (load(NVPExperiment(seed=seed)).train.points for seed in (0, 0, 1))
    assert torch.equal(first, second) and not torch.equal(first, other)
    assert not torch.equal(first[: len(load(NVPExperiment()).validation)], load(NVPExperiment()).validation.points)


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


def test_a_uniform_density_has_the_logarithm_of_its_width_as_entropy():
    assert line.entropy(line.shape("uniform")) == pytest.approx(math.log(3))


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
