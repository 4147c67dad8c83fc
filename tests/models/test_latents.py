"""Laws of models with latents, in float64 with random weights: bounds, divergences, flows on the encoder."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Categorical, MultivariateNormal, Normal, kl_divergence

from genlab.evaluation.bounds import LADDER, evaluate, tightened
from genlab.models.autoregressive_flow import MADE
from genlab.models.flow_posterior import Flowed, FlowPosterior, PlanarStep
from genlab.models.fvae import FVAE
from genlab.models.vae import VAE, Gaussian

X = torch.float64
SIZE = 3  # images of nine pixels: all of them can be counted
MODELS = {
    "vae": lambda levels, latent: VAE(SIZE, levels, latent, 12),
    "gaussian": lambda levels, latent: FlowPosterior(SIZE, levels, latent, 12, "gaussian"),
    "planar": lambda levels, latent: FlowPosterior(SIZE, levels, latent, 12, "planar", 3),
    "iaf": lambda levels, latent: FlowPosterior(SIZE, levels, latent, 12, "iaf", 3),
    "fvae": lambda levels, latent: FVAE(SIZE, levels, latent, 12, 8, 3),
}


def random_model(name: str, levels: int = 2, latent: int = 2, scale: float = 0.6) -> VAE:
    """A model with random weights, none 0, that spread z wide enough to matter."""
    torch.manual_seed(1)
    model = MODELS[name](levels, latent).to(X)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(scale * torch.randn(weight.shape, generator=generator, dtype=X))
        for part, weight in model.named_parameters():
            small = {"posterior": 0.1, "planar.weight": 0.1, "context": 0.3, "iaf": 0.25, "flow": 0.4}
            weight.mul_(
                next((factor for name, factor in small.items() if part.startswith(name)), 1.0)
            )  # else q lies where p(z|x) does not, and no number of draws reaches the evidence
    return model


def images(n: int, levels: int = 2) -> Tensor:
    return torch.randint(levels, (n, 1, SIZE, SIZE), generator=torch.Generator().manual_seed(3))


def grid(half: float, side: int) -> tuple[Tensor, float]:
    """Middles of cells of the plane, and the area of one."""
    middles = half * ((2 * torch.arange(side, dtype=X) + 1) / side - 1)
    return torch.cartesian_prod(middles, middles), (2 * half / side) ** 2


def evidence(model: VAE, x: Tensor) -> Tensor:
    """log p(x) by quadrature over z, from torch's own distributions and not from the model's formulas."""
    points, area = grid(14.0 if isinstance(model, FVAE) else 8.0, 400)
    logits = model.decode(points)
    if model.levels == 2:
        likely = Bernoulli(logits=logits[:, None]).log_prob(x.flatten(1).to(X)).sum(-1)
    else:
        likely = Categorical(logits=logits[:, None]).log_prob(x.flatten(1)).sum(-1)
    if isinstance(model, FVAE):
        prior = model.flow.log_prob(points)
    else:
        prior = MultivariateNormal(torch.zeros(2, dtype=X), torch.eye(2, dtype=X)).log_prob(points)
    return (likely + prior[:, None]).logsumexp(0) + math.log(area)


def test_a_planar_layer_is_no_map_onto_a_line_however_far_its_weights_go() -> None:
    """In float32, and where its tanh is steepest."""
    w, u = torch.tensor([[4.0, 0.0], [0.0, 9.0]]), torch.tensor([[-10.0, 3.0], [1.0, -9.0]])
    step = PlanarStep(w, u, torch.zeros(2))
    z, log_det = step.forward(torch.zeros(2, 2))
    assert bool(z.isfinite().all()) and bool((log_det > -14).all())


@pytest.mark.parametrize("name", MODELS)
@torch.no_grad()
def test_bounds_are_ordered_and_lie_below_the_evidence(name: str) -> None:
    model, x = random_model(name), images(4)
    generator = torch.Generator().manual_seed(0)
    draws = 32_768
    weights = model.weights(x, draws, generator)  # (k, N)
    bound = {k: weights.unflatten(0, (draws // k, k)).logsumexp(1) - math.log(k) for k in (1, 8, 64)}
    means = {k: values.mean(0) for k, values in bound.items()}
    errors = {k: values.std(0) / math.sqrt(len(values)) for k, values in bound.items()}
    true = evidence(model, x)
    assert bool((means[1] < means[8]).all() and (means[8] < means[64]).all())
    assert bool((means[64] <= true + 4 * errors[64]).all())
    # With all draws the bound is the evidence, up to chance.
    share = weights.softmax(0).square().sum(0).sqrt()
    assert bool(((weights.logsumexp(0) - math.log(draws) - true).abs() < 5 * share + 1e-3).all())


@pytest.mark.parametrize("levels", [2, 3])
@torch.no_grad()
def test_the_parts_of_the_bound_add_up_to_it(levels: int) -> None:
    for name in MODELS:
        model, x = random_model(name, levels), images(5, levels)
        one, other = (torch.Generator().manual_seed(7) for _ in range(2))
        parts = model.bound(x, one)
        torch.testing.assert_close(model.elbo(x, other), parts.reconstruction - parts.kl)
        drawn = torch.stack([model.elbo(x, one) for _ in range(1000)])
        weighed = model.weights(x, 10_000, other)
        error = drawn.std(0) / 31 + weighed.std(0) / 100
        assert bool(((drawn.mean(0) - weighed.mean(0)).abs() < 5 * error).all()), name


@torch.no_grad()
def test_the_divergence_in_closed_form_is_that_of_two_gaussians() -> None:
    generator = torch.Generator().manual_seed(0)
    mean, log_std = torch.randn(2, 50, 3, generator=generator, dtype=X)
    q = Gaussian(mean, log_std)
    exact = kl_divergence(Normal(mean, log_std.exp()), Normal(torch.zeros((), dtype=X), torch.ones((), dtype=X)))
    torch.testing.assert_close(q.kl(), exact)
    # One −1 for each dimension, by quadrature: of two dimensions it is the sum of both.
    points, area = grid(12.0, 900)
    first = Gaussian(mean[:1, :2], log_std[:1, :2])
    log_q = first.log_prob(points[:, None])[:, 0]
    prior = -0.5 * points.square().sum(1) - math.log(2 * math.pi)
    assert float((log_q.exp() * (log_q - prior)).sum() * area) == pytest.approx(float(first.kl().sum()), abs=1e-6)


@pytest.mark.parametrize("name", ["gaussian", "planar", "iaf"])
@torch.no_grad()
def test_a_posterior_integrates_to_one_after_every_layer(name: str) -> None:
    model = random_model(name)
    q = model.infer(images(1))
    assert isinstance(q, Flowed)
    points, area = grid(12.0, 400)
    for layers in range(len(q.steps) + 1):
        mass = float(q.log_prob(points[:, None], layers).exp().sum() * area)
        assert mass == pytest.approx(1, abs=2e-3), layers


@pytest.mark.parametrize("name", ["planar", "iaf"])
@pytest.mark.parametrize("latent", [2, 5])
def test_log_determinants_are_those_of_autograd_and_layers_are_undone(name: str, latent: int) -> None:
    model = random_model(name, latent=latent)
    with torch.no_grad():
        q = model.infer(images(3))
    assert isinstance(q, Flowed)
    z = torch.randn(3, latent, generator=torch.Generator().manual_seed(1), dtype=X)
    total = torch.zeros(3, dtype=X)
    start = z
    for step in q.steps:
        moved, log_det = step.forward(z)
        jacobian = torch.autograd.functional.jacobian(lambda v, step=step: step.forward(v)[0].sum(0), z)  # (D, N, D)
        torch.testing.assert_close(log_det, torch.linalg.slogdet(jacobian.transpose(0, 1)).logabsdet)
        torch.testing.assert_close(step.inverse(moved), z, atol=1e-8, rtol=0)
        total += log_det
        z = moved
    drawn, log_q = q.draw((start - q.base.mean) * (-q.base.log_std).exp())
    torch.testing.assert_close(drawn, z)
    torch.testing.assert_close(log_q, q.base.log_prob(start) - total)
    torch.testing.assert_close(q.log_prob(drawn), log_q, atol=1e-6, rtol=0)


def test_a_coordinate_hears_the_context_and_the_coordinates_before_it_only() -> None:
    torch.manual_seed(0)
    order, context = torch.tensor([2, 3, 1]), 4
    net = MADE(order, 24, 2, context).to(X)
    x = torch.randn(1, 3 + context, dtype=X, requires_grad=True)
    slopes = torch.autograd.functional.jacobian(net, x)[0, :, 0]  # (6, 7)
    for number, i, j in product(range(2), range(3), range(3)):
        assert bool(slopes[3 * number + i, j] != 0) == bool(order[j] < order[i])
    assert bool((slopes[:, 3:] != 0).all())


@pytest.mark.parametrize("name", MODELS)
@torch.no_grad()
def test_a_batch_of_one_and_one_of_64_give_the_same_mean(name: str) -> None:
    model, x = random_model(name, 3), images(1, 3)
    one = torch.stack([model.loss(x, None, torch.Generator().manual_seed(k)) for k in range(2000)])
    many = torch.stack(
        [model.loss(x.expand(64, -1, -1, -1), None, torch.Generator().manual_seed(k)) for k in range(200)]
    )
    assert float((one.mean() - many.mean()).abs()) < 5 * float(one.std() / 44 + many.std() / 14)


@torch.no_grad()
def test_beta_weighs_the_divergence_alone() -> None:
    for name in MODELS:
        model, x = random_model(name), images(6)
        parts = model.bound(x, torch.Generator().manual_seed(5))
        for beta in (0.0, 1.0, 4.0):
            loss = model.loss(x, None, torch.Generator().manual_seed(5), beta)
            torch.testing.assert_close(loss, (beta * parts.kl - parts.reconstruction).mean())


@pytest.mark.parametrize("levels", [2, 3])
@pytest.mark.parametrize("name", MODELS)
def test_gradients_reach_every_parameter(name: str, levels: int) -> None:
    model = random_model(name, levels)
    model.loss(images(40, levels), None, torch.Generator().manual_seed(0)).backward()
    assert not [key for key, p in model.named_parameters() if p.grad is None or not bool((p.grad != 0).any())]


@pytest.mark.parametrize("name", MODELS)
@torch.no_grad()
def test_the_gradient_goes_through_the_draw_of_z(name: str) -> None:
    model, x = random_model(name), images(2)
    weight = model.posterior.bias
    slope = []
    for shift in (1e-5, -1e-5):
        weight[0] += shift
        slope.append(model.loss(x, None, torch.Generator().manual_seed(0)))
        weight[0] -= shift
    with torch.enable_grad():
        loss = model.loss(x, None, torch.Generator().manual_seed(0))
        (exact,) = torch.autograd.grad(loss, weight)
    assert float((slope[0] - slope[1]) / 2e-5) == pytest.approx(float(exact[0]), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("levels", [2, 3])
@pytest.mark.parametrize("name", ["vae", "fvae"])
@torch.no_grad()
def test_samples_have_the_mean_that_the_decoder_expects(name: str, levels: int) -> None:
    model = random_model(name, levels, scale=0.3)
    drawn = model.sample(40_000, torch.Generator().manual_seed(0)).to(X)[:, 0] / (levels - 1)
    z = model.latents(torch.randn(40_000, 2, generator=torch.Generator().manual_seed(9), dtype=X))
    torch.testing.assert_close(drawn.mean(0), model.expected(z).mean(0), atol=0.02, rtol=0)
    again = model.sample(5, torch.Generator().manual_seed(0))
    assert torch.equal(again, model.sample(5, torch.Generator().manual_seed(0)))


@torch.no_grad()
def test_the_evaluation_is_what_a_loop_by_hand_gives() -> None:
    model, x = random_model("gaussian"), images(6)
    told = evaluate(model, x, batch=4)
    true = evidence(model, x)
    assert told["n"] == 6
    assert told["iw_512"] == pytest.approx(float(-true.mean()), abs=0.3)
    assert told["negative_elbo"] >= told["iw_512"]
    assert told["negative_elbo"] == pytest.approx(told["kl"] - told["reconstruction"])


def test_bounds_of_the_same_draws_never_fall() -> None:
    weights = 3 * torch.randn(LADDER[-1], 5, generator=torch.Generator().manual_seed(0), dtype=X)
    bounds = list(tightened(weights).values())
    for low, high in pairwise(bounds):
        assert bool((low <= high).all())
    torch.testing.assert_close(bounds[0], weights.mean(0))
    torch.testing.assert_close(bounds[-1], weights.exp().mean(0).log())


@torch.no_grad()
def test_the_picture_of_the_true_posterior_is_its_quadrature() -> None:
    from genlab.views import latents as views

    model = random_model("iaf")
    x = images(1)
    points, area = grid(8.0, 400)
    torch.testing.assert_close(views.joint(model, x, points).logsumexp(0) + math.log(area), evidence(model, x)[0])
