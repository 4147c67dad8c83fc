"""What is seen of flows: positions, densities and Jacobians belong together."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.catalog import CATALOG
from genlab.data import plane
from genlab.data.entropy import PLANE
from genlab.experiments.flows import FlowExperiment
from genlab.models import build
from genlab.views.line import line
from genlab.views.plane import HALF, jensen_shannon, layer_fields, numbers, warp
from tests.models.test_flows import randomized

ON_PLANE = [name for name, entry in CATALOG.items() if isinstance(entry.experiment, FlowExperiment)]


def flow(name: str):
    return randomized(build(CATALOG[name].experiment), scale=0.3)


@pytest.mark.parametrize("name", ON_PLANE)
def test_a_warp_is_the_flow_at_every_stage(name):
    model = flow(name)
    seen = warp(model, "moons", side=9, count=20)
    depth = len(model.layers)
    assert len(seen.meta["layers"]) == depth
    with torch.no_grad():
        line = (torch.arange(96, dtype=torch.float64) + 0.5) * (2 * HALF / 96) - HALF
        places = torch.stack((line.repeat(96), line.flip(0).repeat_interleave(96)), 1)
        assert np.abs(seen.arrays["density"][-1].ravel() - model.log_prob(places).clamp(-1e4, 1e4).numpy()).max() < 1e-2
        assert np.abs(np.exp(seen.arrays["density"][0]).sum() * (2 * HALF / 96) ** 2 - 1) < 5e-3
    mesh, log_p = seen.arrays["generate_mesh"], seen.arrays["generate_logp"]
    assert mesh.shape == (depth + 1, 81, 2)
    with torch.no_grad():
        inside = np.abs(mesh[-1]).max(1) < 50
        expected = model.log_prob(model.inverse(torch.from_numpy(mesh[0]).double())).numpy()
        assert np.abs(log_p[-1] - expected)[inside].max() < 1e-3
        data = torch.from_numpy(seen.arrays["normalize_points"][-1]).double()
        assert np.abs(model(data)[0].numpy() - seen.arrays["normalize_points"][0]).max() < 1e-3


@pytest.mark.parametrize("name", ON_PLANE)
def test_what_the_layers_add_to_the_noise_sums_up_to_the_density_of_a_point(name):
    """Each layer adds the log-determinant of its Jacobian, here by autograd, where the point is by then."""
    model = flow(name)
    seen = warp(model, "moons", side=3, count=6, grid=0)
    for way in ("generate", "normalize"):
        points, sums = (torch.from_numpy(seen.arrays[f"{way}_{what}"]).double() for what in ("points", "sums"))
        assert sums.shape == (len(model.layers) + 1, 6)
        assert torch.allclose(sums[0], -points[0].square().sum(1) / 2 - math.log(2 * math.pi), atol=1e-5)
        assert torch.allclose(sums[-1], model.log_prob(points[-1]).detach(), atol=1e-4)
        for k, layer in enumerate(reversed(model.chain())):
            total = torch.autograd.functional.jacobian(lambda x, layer=layer: layer(x)[0].sum(0), points[k + 1])
            added = torch.linalg.slogdet(total.permute(1, 0, 2))[1]
            assert torch.allclose(sums[k + 1] - sums[k], added, atol=1e-4)


@pytest.mark.parametrize("name", ["nvp-2d", "maf-2d"])
def test_the_density_of_a_stage_is_that_of_the_data_pushed_through_the_layers_before_it(name):
    """Whereas the view computes it from the layers that follow, towards the noise."""
    model, side = flow(name), 20
    seen = warp(model, "moons", side=5, count=4, grid=side)
    line = (torch.arange(side, dtype=torch.float64) + 0.5) * (2 * HALF / side) - HALF
    place = torch.stack((line.repeat(side), line.flip(0).repeat_interleave(side)), 1)
    for stage in range(len(model.layers)):
        before, x, log_det = model.chain()[: len(model.layers) - stage], place, torch.zeros(side**2)
        with torch.no_grad():
            for layer in reversed(before):
                x = layer.inverse(x)
                log_det = log_det + layer(x)[1]
            expected = (model.log_prob(x) - log_det).view(side, side).numpy()
        likely = expected > -100
        assert likely.sum() > 20
        assert np.abs(seen.arrays["density"][stage] - expected)[likely].max() < 1e-3


@pytest.mark.parametrize("name", ON_PLANE)
def test_between_two_layers_the_told_trace_and_determinant_give_the_density(name):
    """(1 − τ) x + τ f(x) has the Jacobian (1 − τ) I + τ J."""
    model = flow(name)
    seen = warp(model, "moons", side=5, count=4)
    layer, tau = model.chain()[0], 0.37
    x = torch.from_numpy(seen.arrays["generate_mesh"][-1]).double()
    trace, det = seen.arrays["generate_jac"][-1].T
    moved = torch.autograd.functional.jacobian(lambda v: ((1 - tau) * v + tau * layer(v)[0]).sum(0), x).permute(1, 0, 2)
    expected = torch.linalg.det(moved).numpy()
    told = (1 - tau) ** 2 + tau * (1 - tau) * trace + tau**2 * det
    assert np.abs(told / expected - 1).max() < 1e-3


def test_the_divergence_of_a_density_from_itself_is_its_noise_floor():
    generator = torch.Generator().manual_seed(0)
    a, b = (plane.target("moons").sample(20000, generator) for _ in range(2))
    other = plane.target("rings").sample(20000, generator)
    assert jensen_shannon(a, a) == 0
    assert 0 < jensen_shannon(a, b) < 0.02 < 0.4 < jensen_shannon(a, other) <= math.log(2)
    assert jensen_shannon(a, torch.full_like(a, 100.0)) == pytest.approx(math.log(2))  # outside counts too


def test_numbers_of_the_exact_model_are_those_of_the_data():
    """An identity flow is N(0, I): −log p = log 2π + |x|² / 2, of which the rings' second moments are known."""
    model = build(CATALOG["nice-2d"].experiment.replaced(depth=1)).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    meta = numbers(model, "rings").meta
    radii, noise = np.array([0.7, 1.4, 2.1]), 0.08  # a radius r is likely in proportion to r
    second = radii**2 + 2 * noise**2  # of each ring: E |x|²
    fourth = radii**4 + 8 * radii**2 * noise**2 + 8 * noise**4
    mean = (radii * second).sum() / radii.sum()
    deviation = math.sqrt((radii * fourth).sum() / radii.sum() - mean**2) / 2
    error = deviation / math.sqrt(20_000)
    assert meta["points"] == 20_000
    assert meta["standard_error"] == pytest.approx(error, rel=0.03)
    assert meta["nll"] == pytest.approx(math.log(2 * math.pi) + mean / 2, abs=4 * error)
    assert meta["mass"] == pytest.approx(math.erf(HALF / math.sqrt(2)) ** 2, abs=1e-4)
    assert meta["entropy"] == PLANE["rings"]
    assert 0 < meta["js_floor"] < 0.02 < 0.2 < meta["js"]
    assert f"**{meta['nll']:.3f}** ± {error:.3f} nats" in meta["sentence"]


@pytest.mark.parametrize("name", ON_PLANE)
def test_the_fields_of_a_layer_are_those_of_its_jacobian(name):
    model = flow(name)
    seen = layer_fields(model, 0, side=12)
    assert seen.meta["gap"] < 1e-9
    assert seen.arrays["log_det"].shape == (12, 12)
    if "s" in seen.arrays and name not in ("maf-2d", "iaf-2d"):
        assert np.allclose(seen.arrays["s"], seen.arrays["log_det"], atol=1e-5)
    with pytest.raises(ValueError, match="layers 0 to"):
        layer_fields(model, 99)


@pytest.mark.parametrize("name", ["nvp-2d", "realnvp-2d", "maf-2d", "iaf-2d"])
def test_s_and_t_of_a_layer_say_where_it_moves_a_point(name):
    model, side = flow(name), 13  # of which the middle is the origin
    seen = layer_fields(model, 0, side)
    layer, c = model.chain()[0], seen.meta["moved"].index(True) if name in ("nvp-2d", "realnvp-2d") else 1
    line = torch.linspace(-HALF, HALF, side, dtype=torch.float64)
    x = torch.stack((line.repeat(side), line.flip(0).repeat_interleave(side)), 1)
    s, t = (torch.from_numpy(seen.arrays[part]).double().flatten() for part in "st")
    with torch.no_grad():
        moved = layer.inverse(x) if name == "iaf-2d" else layer(x)[0]
    expected = (x[:, c] - t) * (-s).exp() if name == "maf-2d" else x[:, c] * s.exp() + t
    assert torch.allclose(moved[:, c], expected, atol=1e-4)
    zero = torch.zeros(1, 2, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda v: layer(v)[0], zero)[0, :, 0]
    assert np.allclose(seen.arrays["jacobian"], jacobian, atol=1e-5)


def test_the_line_shows_a_density_and_its_map():
    model = flow("piecewise-1d")
    seen = line(model, "bumps")
    f, slope, p = (seen.arrays[name].astype(float) for name in ("f", "slope", "p"))
    assert np.allclose(p, np.exp(-(f**2) / 2) / math.sqrt(2 * math.pi) * slope, rtol=1e-5)
    assert (np.diff(f) > 0).all()
    assert seen.meta["nll"] > seen.meta["entropy"]
    z, back = torch.from_numpy(seen.arrays["inverse"]).double().T
    assert torch.allclose(model(back[:, None])[0][:, 0], z, atol=1e-4)
    assert torch.special.ndtr(z).tolist() == pytest.approx([(2 * k + 1) / 62 for k in range(31)])  # middles of 31 parts


def test_the_lines_likelihood_is_an_integral_over_cells():
    """The map x → x gives N(0, 1), under which −log p of the uniform density on [−1.5, 1.5] is ½ log 2π + E x² / 2."""
    model = build(CATALOG["piecewise-1d"].experiment).double()
    (layer,) = model.chain()
    with torch.no_grad():
        width = 8 / layer.pieces
        layer.xi.fill_(math.log(width))
        layer.alpha.fill_(-4 - width)
    seen = line(model, "uniform")
    assert np.allclose(seen.arrays["f"], seen.arrays["x"], atol=1e-6) and np.allclose(seen.arrays["slope"], 1)
    assert seen.meta["nll"] == pytest.approx(math.log(2 * math.pi) / 2 + 1.5**2 / 6, abs=1e-4)
    assert seen.meta["entropy"] == pytest.approx(math.log(3))
    assert seen.arrays["p"].sum() * 8 / 400 == pytest.approx(1, abs=1e-3)
