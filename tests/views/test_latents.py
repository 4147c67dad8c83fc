"""What is seen of models with latents: the plane, walks over it, a posterior that is bent."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import genlab
from genlab.data import images
from genlab.data.images import examples
from genlab.errors import DataUnavailable
from genlab.models import build
from genlab.views import latents

DIGITS = ("digits", 8, 17)


def test_the_shipped_test_images_are_those_of_the_data() -> None:
    x, labels = examples("mnist", 28, 2, 500)
    assert x.shape == (500, 1, 28, 28)
    assert set(x.unique().tolist()) == {0, 1}
    try:
        test = images.load("mnist", 28, 2).test
    except DataUnavailable:
        pytest.skip("needs MNIST")
    real, classes = test.fixed()
    assert torch.equal(x, real[:500]) and torch.equal(labels, classes[:500])


@pytest.mark.parametrize("name", ["vae-digits", "flow-posterior-digits", "fvae-digits"])
def test_ellipses_are_the_moments_of_what_the_encoder_draws(name: str) -> None:
    model = build(genlab.experiment(name)).eval()
    seen = latents.plane(model, *DIGITS)
    x, labels = examples(*DIGITS, 299)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(1)
        z = model.infer(x).draw(torch.randn(4000, len(x), 2, generator=generator))[0]
    assert np.array_equal(seen.arrays["labels"], labels.numpy())
    away = z - z.mean(0)
    product = (away[..., 0] * away[..., 1]).mean(0)
    for got, true in ((seen.arrays["mean"], z.mean(0)), (seen.arrays["spread"][:, 1], product)):
        assert np.abs(got - true.numpy()).max() < 0.8  # of 64 draws
    assert np.abs(seen.arrays["spread"][:, 0].mean() - float(away[..., 0].square().mean())) < 0.1
    meta = seen.meta
    assert meta["elbo"] == pytest.approx(meta["reconstruction"] - meta["divergence"], rel=1e-5)
    assert ("prior" in seen.arrays) == (name == "fvae-digits")


def test_a_place_of_the_sheet_is_what_is_decoded_there() -> None:
    model = build(genlab.experiment("vae-digits")).eval()
    seen = latents.plane(model, *DIGITS)
    half, side = seen.meta["half"], latents.SIDE
    corner = half * (1 - 1 / side)
    decoded = latents.decoded(model, [(-corner, corner), (corner, -corner)], (0, 1)).arrays["decoded"]
    assert np.array_equal(decoded, seen.arrays["sheet"][[0, -1]])


def test_only_the_two_dimensions_that_say_most_are_shown() -> None:
    model = build(genlab.experiment("vae-digits", latent=5)).eval()
    with torch.no_grad():
        model.posterior.weight[:5].mul_(torch.tensor([0.0, 9.0, 0.0, 0.0, 9.0])[:, None])
    seen = latents.plane(model, *DIGITS)
    assert seen.meta["axes"] == [1, 4]
    assert np.argsort(seen.arrays["kl"])[-2:].tolist() in ([1, 4], [4, 1])
    way = latents.passage(model, *DIGITS, a=0, b=7)
    assert np.allclose(way.arrays["path"][[0, -1]], seen.arrays["mean"][[0, 7]], atol=1e-5)


@pytest.mark.parametrize("flow", ["gaussian", "planar", "iaf"])
def test_densities_in_their_windows_have_the_mass_of_one_and_the_gap_is_the_divergence(flow: str) -> None:
    model = build(genlab.experiment("flow-posterior-digits", flow=flow, layers=3)).double().eval()
    seen = latents.bent(model, *DIGITS, image=4)
    cell = (2 / latents.FINE) ** 2
    mass = seen.arrays["after"].sum((1, 2)) * cell
    assert len(mass) == (1 if flow == "gaussian" else 4)
    assert (mass > 0.9).all() and (mass < 1.02).all()
    assert seen.arrays["true"].sum() * cell == pytest.approx(1, abs=1e-3)
    q, p = seen.arrays["after"][-1].astype(float), seen.arrays["true"].astype(float)
    there = (q > 1e-12) & (p > 1e-12)
    gap = (q[there] * np.log(q[there] / p[there])).sum() * cell
    assert seen.meta["kl"][-1] == pytest.approx(gap, abs=0.15)
    assert seen.meta["elbo"][-1] < seen.meta["log_p"]


def test_what_is_not_there_is_refused() -> None:
    model = build(genlab.experiment("vae-digits", latent=3)).eval()
    with pytest.raises(ValueError, match="two dimensions"):
        latents.bent(model, *DIGITS)
    with pytest.raises(ValueError, match="there is no 4"):
        latents.decoded(model, [(0, 0)], (0, 3))
    with pytest.raises(ValueError, match="no 401"):
        latents.passage(model, *DIGITS, a=0, b=400)


def test_a_drawing_is_told_what_it_costs() -> None:
    model = genlab.load("vae-digits")
    x, _ = examples(*DIGITS, 3)
    told = latents.reconstructed(model, x[0].byte().numpy().tobytes(), *DIGITS)
    bounds = list(told.meta["bounds"].values())
    assert bounds == sorted(bounds)
    assert told.meta["elbo"] == pytest.approx(bounds[0], rel=1e-5)
    noise = torch.randint(17, (64,), generator=torch.Generator().manual_seed(0)).byte().numpy().tobytes()
    assert latents.reconstructed(model, noise, *DIGITS).meta["elbo"] < told.arrays["others"].min() * -1
