"""The VAE on the plane: its bounds are below its density, which quadrature over z knows, and rise with K."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from genlab.errors import OutsideDomain
from genlab.models.plane_vae import QUIET, PlaneVAE, normal
from tests.models.zoo import randomised


def vae(seed: int = 0, latent: int = 1) -> PlaneVAE:
    """Small, in float64, with random weights of which none is zero."""
    model: PlaneVAE = randomised(PlaneVAE(hidden=5, latent=latent), seed)  # type: ignore[type-var]
    torch.nn.init.constant_(model.log_sigma, -0.4)
    return model


def density(model: PlaneVAE, x: Tensor) -> Tensor:
    """log p(x) by a sum over a fine grid of z, of one dimension."""
    z = torch.linspace(-9, 9, 6001, dtype=torch.float64)[:, None]
    sigma = math.exp(QUIET * math.tanh(-0.4 / QUIET))
    means = model.decoder(z)
    squares = (x[:, None] - means[None]).square().sum(2)
    log_joint = (
        -squares / (2 * sigma**2) - math.log(2 * math.pi * sigma**2) - z[:, 0] ** 2 / 2 - math.log(2 * math.pi) / 2
    )
    return torch.logsumexp(log_joint, 1) + math.log(18 / 6000)


POINTS = torch.tensor([[0.3, -0.2], [1.0, 0.5], [-1.2, 0.9]], dtype=torch.float64)


@torch.no_grad()
def test_importance_weights_average_to_the_density() -> None:
    """E_q[p(x | z) p(z) / q(z | x)] = p(x), whatever the encoder says."""
    model, n = vae(), 200_000
    noise = torch.randn(n, len(POINTS), 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weights = model.log_weights(POINTS, noise)
    mean = torch.logsumexp(weights, 0) - math.log(n)
    torch.testing.assert_close(mean, density(model, POINTS), atol=0.02, rtol=0)


@torch.no_grad()
def test_bounds_are_ordered() -> None:
    model, generator = vae(1), torch.Generator().manual_seed(0)
    many = POINTS.repeat_interleave(20_000, 0)

    def bound(draws: int) -> Tensor:
        return model.log_prob(many, draws, generator).view(3, -1).mean(1)

    elbo, five, fifty = bound(1), bound(5), bound(50)
    exact = density(model, POINTS)
    assert bool((elbo < five).all()) and bool((five < fifty).all())
    assert bool((fifty < exact + 0.01).all()) and float((exact - fifty).max()) < 0.5
    torch.testing.assert_close(model.elbo(many, generator).view(3, -1).mean(1), elbo, atol=0.05, rtol=0.02)


@torch.no_grad()
def test_the_elbo_is_the_likelihood_less_the_divergence_by_hand() -> None:
    model = vae(2)
    mean, log_deviation = model.encode(POINTS)
    kl = 0.5 * ((2 * log_deviation).exp() + mean.square() - 1 - 2 * log_deviation).sum(1)
    generator, n = torch.Generator().manual_seed(3), 100_000
    z = mean[None] + log_deviation.exp() * torch.randn(n, 3, 1, generator=generator, dtype=torch.float64)
    sigma = math.exp(QUIET * math.tanh(-0.4 / QUIET))
    likelihood = -(POINTS - model.decoder(z)).square().sum(2) / (2 * sigma**2) - math.log(2 * math.pi * sigma**2)
    noise = torch.randn(n, 3, 1, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    elbo = model.log_weights(POINTS, noise).mean(0)
    torch.testing.assert_close(elbo, likelihood.mean(0) - kl, atol=0.02, rtol=0)


@torch.no_grad()
def test_samples_have_the_moments_of_the_density() -> None:
    model, n = vae(5), 100_000
    x = model.sample(n, torch.Generator().manual_seed(0))
    line = torch.linspace(-14, 14, 71, dtype=torch.float64)
    places = torch.cartesian_prod(line, line)
    p = density(model, places).exp()
    p /= p.sum()
    mean = (p[:, None] * places).sum(0)
    spread = (p[:, None] * (places - mean).square()).sum(0)
    torch.testing.assert_close(x.mean(0), mean, atol=0.02, rtol=0)
    torch.testing.assert_close(x.var(0), spread, atol=0.02, rtol=0.02)


@torch.no_grad()
def test_the_mixture_over_noise_is_the_density_on_the_average() -> None:
    model = vae(6)
    found = model.mixture(POINTS, 400_000, torch.Generator().manual_seed(0))
    torch.testing.assert_close(found, density(model, POINTS), atol=0.02, rtol=0)


def test_gradients_reach_every_parameter() -> None:
    model = vae(latent=2)
    model.loss(POINTS, None, torch.Generator().manual_seed(0)).backward()
    assert all(p.grad is not None and bool((p.grad != 0).any()) for p in model.parameters())


def test_what_is_no_point_is_refused() -> None:
    for wrong in (torch.zeros(3), torch.zeros(2, 3), torch.full((1, 2), math.nan)):
        with pytest.raises(OutsideDomain):
            vae().elbo(wrong.double())


def test_the_normal_density_is_known() -> None:
    x = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    assert float(normal(x)) == pytest.approx(-2.5 - math.log(2 * math.pi), abs=1e-12)
