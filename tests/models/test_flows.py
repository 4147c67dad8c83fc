"""Every flow of the catalogue is held to the same laws: in float64, with random weights of which none is zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress

import pytest
import torch
from torch import Tensor

from genlab.catalog import CATALOG
from genlab.errors import OutsideDomain
from genlab.experiments.flows import FlowExperiment, LineExperiment
from genlab.models import build
from genlab.models.autoregressive_flow import IAF, MAF
from genlab.models.flow import Flow
from genlab.models.nice import NICE
from genlab.models.nvp import NVP
from genlab.models.piecewise import HIGH, LOW
from genlab.models.planar import Planar
from genlab.models.radial import Radial
from genlab.models.realnvp import RealNVP
from genlab.models.spline import Spline
from genlab.training import checkpoints

FLOWS = {
    name: entry.experiment
    for name, entry in CATALOG.items()
    if isinstance(entry.experiment, FlowExperiment | LineExperiment)
}
IN_SPACE: dict[str, Callable[[], Flow]] = {
    "nice": lambda: NICE(5, 8, 3),
    "nvp": lambda: NVP(6, 4, 3),
    "realnvp": lambda: RealNVP(5, 8, 3),
    "planar": lambda: Planar(5, 3),
    "radial": lambda: Radial(5, 3),
    "spline": lambda: Spline(5, 8, 3, 5),
    "maf": lambda: MAF(5, 12, 3),
    "iaf": lambda: IAF(5, 12, 3),
}


def randomized(model: Flow, seed: int = 0, scale: float = 0.6) -> Flow:
    """The model in float64 with normal noise on every weight."""
    generator = torch.Generator().manual_seed(seed)
    model = model.double()
    with torch.no_grad():
        for parameter in model.parameters():
            fan = parameter.shape[-1] ** 0.5 if parameter.dim() > 1 else 1.0
            parameter.add_(scale / fan * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return model.eval()


def flow(name: str, seed: int = 0) -> Flow:
    model = build(FLOWS[name]) if name in FLOWS else IN_SPACE[name]()
    assert isinstance(model, Flow)
    return randomized(model, seed)


def points(model: Flow, n: int, seed: int = 1) -> Tensor:
    return 1.5 * torch.randn(n, model.dim, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def jacobians(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """By autograd, (N, D, D)."""
    return torch.stack([torch.autograd.functional.jacobian(lambda v: function(v[None])[0], row) for row in x])


every = pytest.mark.parametrize("name", [*FLOWS, *IN_SPACE])


@every
def test_the_log_determinant_is_that_of_the_jacobian(name):
    model = flow(name)
    x = points(model, 40)
    _, log_det = model(x)
    _, expected = torch.linalg.slogdet(jacobians(lambda v: model(v)[0], x))
    assert (log_det - expected).abs().max() <= 1e-9
    assert log_det.abs().max() > 1e-3 or isinstance(model, NICE)  # else the law would hold for the identity too


@every
def test_there_and_back_again(name):
    model = flow(name)
    x = points(model, 200)
    with torch.no_grad():
        z, _ = model(x)
        assert (model.inverse(z) - x).abs().max() <= 1e-9
        assert (model(model.inverse(x))[0] - x).abs().max() <= 1e-9
        assert (z - x).abs().max() > 1e-2


@every
def test_a_trajectory_goes_through_every_layer(name):
    model = flow(name)
    x = points(model, 20)
    with torch.no_grad():
        there = model.trajectory(x)
        back = model.generation(there[-1])
        assert len(there) == len(model.layers) + 1
        assert torch.equal(there[0], x) and torch.allclose(there[-1], model(x)[0], atol=1e-12)
        for here, again in zip(there, reversed(back), strict=True):
            assert (here - again).abs().max() <= 1e-9


@pytest.mark.parametrize("name", FLOWS)
def test_the_density_has_mass_one(name):
    """By quadrature over a box in which all of many samples lie."""
    model = build(FLOWS[name])
    assert isinstance(model, Flow)
    model = randomized(model, scale=0.3)
    samples = model.sample(50_000, torch.Generator().manual_seed(3))
    low, high = samples.min(0).values - 0.5, samples.max(0).values + 0.5
    steps = 100_000 if model.dim == 1 else 350
    lines = [
        a + (b - a) * (torch.arange(steps, dtype=torch.float64) + 0.5) / steps for a, b in zip(low, high, strict=True)
    ]
    cell = float(((high - low) / steps).prod())
    with torch.inference_mode():
        mass = sum(
            float(model.log_prob(x).exp().sum()) for x in torch.cartesian_prod(*lines).view(-1, model.dim).split(60_000)
        )
    assert abs(mass * cell - 1) <= 1e-3


@every
def test_log_prob_is_the_change_of_variables(name):
    model = flow(name)
    x = points(model, 10)
    z, log_det = model(x)
    base = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1)
    assert torch.allclose(model.log_prob(x), base + log_det, atol=1e-12)
    assert math.isclose(float(model.loss(x)), -float(model.log_prob(x).mean()), abs_tol=1e-12)


@every
def test_gradients_reach_every_parameter(name):
    model = flow(name)
    model.loss(
        torch.cat((points(model, 200), torch.linspace(-5, 5, 200).double()[:, None].expand(-1, model.dim)))
    ).backward()
    for what, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), what
        assert parameter.grad.abs().sum() > 0, what


@pytest.mark.parametrize("name", FLOWS)
def test_saved_and_loaded_it_is_the_same(name):
    model = build(FLOWS[name])
    again, experiment = checkpoints.loads(checkpoints.dumps(model, FLOWS[name]))
    assert experiment == FLOWS[name]
    x = points(model, 10).float()
    with torch.no_grad():
        assert torch.equal(model.log_prob(x), again.log_prob(x))


@every
def test_the_same_seed_gives_the_same_samples(name):
    model = flow(name)
    samples = [model.sample(5, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
    assert torch.equal(samples[0], samples[1]) and not torch.equal(samples[0], samples[2])
    assert samples[0].shape == (5, model.dim) and samples[0].isfinite().all()


@every
@pytest.mark.parametrize("wrong", ["shape", "nan", "infinity"])
def test_what_is_no_point_is_refused_by_name(name, wrong):
    model = flow(name)
    x = torch.zeros(3, model.dim + (wrong == "shape"), dtype=torch.float64)
    x[0, 0] = {"nan": math.nan, "infinity": math.inf, "shape": 0.0}[wrong]
    for ask in (model.forward, model.inverse, model.log_prob, model.trajectory):
        with pytest.raises(OutsideDomain):
            ask(x)


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("far", [1e19, 3e38])
def test_a_point_too_far_out_for_float32_is_a_named_error_or_finite(name, far):
    model = flow(name).float()
    for ask in (model.log_prob, model, model.inverse, model.trajectory, model.generation):
        for sign in (1, -1):
            with suppress(OutsideDomain):
                told = ask(torch.full((1, model.dim), sign * far))
                assert all(part.isfinite().all() for part in ((told,) if isinstance(told, Tensor) else told))


def test_a_planar_layer_without_a_direction_is_a_named_error():
    model = flow("planar-2d")
    with torch.no_grad():
        model.chain()[0].w.zero_()
    for ask in (model.log_prob, model, model.inverse, model.trajectory, model.generation):
        with pytest.raises(OutsideDomain, match="or w of a planar layer 0"):
            ask(torch.zeros(3, 2, dtype=torch.float64))


def test_far_out_a_piecewise_map_goes_on_straight():
    model = flow("piecewise-1d")
    (layer,) = model.chain()
    last, first = (layer.xi[k].exp() * layer.pieces / (HIGH - LOW) for k in (-1, 1))
    for far, slope in ((1e19, last), (-1e19, first)):
        assert float(model(torch.tensor([[far]], dtype=torch.float64))[0]) == pytest.approx(float(slope) * far)


@pytest.mark.parametrize("name", ["nice", "nice-2d"])
def test_additive_couplings_keep_volumes(name):
    model = flow(name)
    assert model(points(model, 50))[1].abs().max() == 0


@pytest.mark.parametrize("name", ["maf", "iaf"])
def test_an_autoregressive_layer_looks_only_at_what_comes_before(name):
    model = flow(name)
    for layer in model.chain():
        easy = layer.inverse if name == "iaf" else lambda v, layer=layer: layer(v)[0]
        jacobian = jacobians(easy, points(model, 5))
        order = layer.order.argsort()
        jacobian = jacobian[:, order][:, :, order]
        assert (jacobian.triu(1) == 0).all()
        assert (jacobian.tril() != 0).sum() == 5 * model.dim * (model.dim + 1) / 2  # at all of it, that is


@pytest.mark.parametrize(("name", "density", "generation"), [("maf", 1, 5), ("iaf", 5, 1)])
def test_maf_tells_a_density_in_one_pass_and_iaf_generates_in_one(name, density, generation):
    """The other way takes a pass for each of five coordinates."""
    model, passes = flow(name), []
    for layer in model.chain():
        layer.net.register_forward_hook(lambda net, given, made: passes.append(net))
    model.log_prob(points(model, 3))
    assert [passes.count(layer.net) for layer in model.chain()] == [density] * 3
    passes.clear()
    model.sample(3)
    assert [passes.count(layer.net) for layer in model.chain()] == [generation] * 3


@pytest.mark.parametrize("name", [name for name in IN_SPACE if name != "nvp"])
def test_every_coordinate_has_a_say_in_every_other_one(name):
    """After three layers: halves take turns, and orders turn round. NVP, which draws its masks, takes more."""
    model = flow(name)
    assert (jacobians(lambda v: model(v)[0], points(model, 5)).abs().sum(0) > 0).all()


def test_every_second_mask_of_nvp_is_the_complement_of_half_of_the_coordinates():
    masks = [layer.mask for layer in NVP(6, 4, 6).chain()]
    assert all(mask.sum() == 3 and set(mask.tolist()) == {0, 1} for mask in masks)
    assert all(torch.equal(masks[k] + masks[k + 1], torch.ones(6)) for k in (0, 2, 4))


@pytest.mark.parametrize("name", ["nvp", "realnvp", "maf", "iaf"])
def test_log_scales_lie_within_three_and_come_near_it(name):
    model = flow(name)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(30)
        for layer in model.chain():
            x = points(model, 200)
            fields = layer.fields(layer.halves(x)[0] if hasattr(layer, "halves") else x)
            scales = fields[1] if name in ("maf", "iaf") else fields[0]
            assert 2.9 < scales.abs().max() <= 3


def test_a_planar_layer_is_the_papers():
    """û = u + (m(w·u) − w·u) w / |w|² with m(a) = −1 + log (1 + e^a), so that w·û > −1 and a layer can contract too."""
    (layer,) = flow("planar").chain()[:1]
    x = points(flow("planar"), 20)
    with torch.no_grad():
        layer.u.copy_(-layer.w / (layer.w @ layer.w))  # w·u = −1
        w, u, b = layer.w, layer.u, layer.b
        wu = float(w @ u)
        u_hat = u + (-1 + math.log1p(math.exp(wu)) - wu) * w / (w @ w)
        assert torch.allclose(layer(x)[0], x + u_hat * torch.tanh(x @ w + b)[:, None], atol=1e-12)
        crease = (-b / (w @ w) * w)[None]  # where w·x + b = 0 it acts most
        assert -1 < w @ u_hat < 0
        assert float(layer(crease)[1]) == pytest.approx(math.log(1 + float(w @ u_hat)))


def test_a_radial_layer_is_the_papers():
    """β = −α + log (1 + e^β̂), so that β > −α: a layer can pull, and push away."""
    (layer,) = flow("radial").chain()[:1]
    x = points(flow("radial"), 20)
    with torch.no_grad():
        for raw in (-2.0, 3.0):
            layer.raw_beta.fill_(raw)
            alpha = math.log1p(math.exp(float(layer.raw_alpha)))
            beta = -alpha + math.log1p(math.exp(raw))
            away = x - layer.centre
            assert torch.allclose(layer(x)[0], x + beta * away / (alpha + away.norm(dim=1, keepdim=True)), atol=1e-12)
            assert ((layer(x)[1] > 0) == (raw > 0)).all()


def test_the_layers_of_the_lecture_have_the_structure_that_it_prints():
    torch.manual_seed(0)
    model = randomized(NVP(6, 6, 1))
    (layer,) = model.chain()
    x = points(model, 1)
    jacobian = jacobians(lambda v: layer(v)[0], x)[0]
    kept = layer.mask.bool()
    assert torch.equal(jacobian[kept][:, kept], torch.eye(3, dtype=torch.float64))
    assert (jacobian[kept][:, ~kept] == 0).all()
    changed = jacobian[~kept][:, ~kept]
    assert (changed == changed.diag().diag()).all()
    assert torch.allclose(changed.diag(), layer.fields(x)[0][0, ~kept].exp())


def test_no_density_of_nice_exceeds_its_floor():
    model = flow("nice-2d")
    assert model.floor == pytest.approx(math.log(2 * math.pi))
    with torch.no_grad():
        middle = model.inverse(torch.zeros(1, 2, dtype=torch.float64))
        assert float(-model.log_prob(middle)) == pytest.approx(model.floor)
        assert (-model.log_prob(points(model, 200)) >= model.floor).all()


def test_the_piecewise_map_goes_on_straight_outside():
    model = flow("piecewise-1d")
    for end in (LOW, HIGH):
        x = end + torch.tensor([[-0.01], [0.01]], dtype=torch.float64)
        slopes = model(x)[1]
        outside = int(end == HIGH)
        far = model(torch.tensor([[10 * end]], dtype=torch.float64))[1]
        assert slopes[outside] == far[0]


def test_splines_are_the_identity_outside_and_at_first():
    model = Spline().double()
    with torch.no_grad():
        for layer in model.chain():
            for parameter in layer.parameters():
                parameter.zero_()
        x = points(model, 50)
        z, log_det = model(x)
    assert torch.allclose(z, x, atol=1e-12) and log_det.abs().max() < 1e-12
    curved = flow("spline-2d").chain()[0]
    assert not curved.swap
    for end in (-4.0, 4.0):  # the second coordinate goes through the spline
        inside, outside = torch.tensor([[0.3, 0.98 * end], [0.3, 1.01 * end]], dtype=torch.float64).split(1)
        assert torch.equal(curved(outside)[0], outside) and curved(outside)[1] == 0
        assert not torch.allclose(curved(inside)[0], inside, atol=1e-3)
