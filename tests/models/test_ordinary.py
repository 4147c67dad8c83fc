"""What the public functions return is an ordinary tensor: autograd may save it, and a gradient may be asked at it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import genlab
from genlab.catalog import CATALOG
from genlab.data import plane
from genlab.data.own import encode
from genlab.evaluation.classifier import classifier
from genlab.evaluation.prefix import pixel_log_probs
from genlab.evaluation.sample_quality import sample_quality
from genlab.experiments.data import OnImages
from genlab.experiments.sound import OnSounds
from genlab.models import Model, build
from genlab.models.autoregressive import AutoregressiveImage, AutoregressiveModel
from genlab.models.flow import Flow
from genlab.models.gan import GAN
from genlab.models.grid import Grid
from genlab.models.image_flow import ImageFlow
from genlab.models.plane_vae import PlaneVAE
from genlab.models.vae import VAE
from genlab.models.wavenet import WaveNet
from genlab.views.plane import numbers


def small(entry: str) -> Model:
    """The model of an entry; on the smallest images and short sounds, which changes none of these laws."""
    experiment = CATALOG[entry].experiment
    if isinstance(experiment, OnSounds):
        return WaveNet(**{**experiment.architecture(), "length": 30})
    return build(experiment.replaced(dataset="digits") if isinstance(experiment, OnImages) else experiment)


def entries(kind: Any) -> list[str]:
    return [name for name in CATALOG if isinstance(small(name), kind)]


def reaches(model: Model, says: Tensor) -> bool:
    """Whether a gradient of what the model says reaches its weights."""
    model.zero_grad()
    says.sum().backward()
    return any(bool((p.grad != 0).any()) for p in model.parameters() if p.grad is not None)


def moves(says: Tensor, x: Tensor) -> bool:
    """Whether what was said has a gradient with respect to x."""
    (slope,) = torch.autograd.grad(says.sum(), x)
    return bool(slope.isfinite().all()) and bool((slope != 0).any())


def test_every_entry_is_held_to_one_of_these_laws():
    kinds = (Grid | PlaneVAE, AutoregressiveModel, Flow, ImageFlow, VAE, GAN)
    assert [name for kind in kinds for name in entries(kind)] == list(CATALOG)


@pytest.mark.parametrize("name", entries(Grid | PlaneVAE))
def test_points_that_another_density_drew_are_scored_with_a_gradient(name):
    model = small(name)
    assert isinstance(model, Grid | PlaneVAE)
    assert reaches(model, model.log_prob(model.sample(4)))


@pytest.mark.parametrize("name", entries(AutoregressiveModel))
def test_what_a_model_wrote_is_scored_with_a_gradient(name):
    model = small(name)
    assert isinstance(model, AutoregressiveModel)
    labels = torch.arange(4) if model.conditional else None
    x = model.sample(4, labels=labels)
    assert reaches(model, model.log_prob(x))
    assert reaches(model, model.log_prob(x, labels))
    weight = torch.ones(model.levels, requires_grad=True)
    for step in genlab.generate(model, 4, labels=labels):
        tensors = (step.log_probs, step.value, step.known)
        assert not any(tensor.is_inference() or tensor.requires_grad for tensor in tensors)
    assert moves(step.log_probs @ weight, weight)
    assert not isinstance(model, AutoregressiveImage) or not pixel_log_probs(model, x[:1]).is_inference()


@pytest.mark.parametrize("name", entries(Flow))
def test_points_that_a_flow_drew_are_scored_with_a_gradient_at_them(name):
    model = small(name)
    assert isinstance(model, Flow)
    x = model.sample(4)
    assert reaches(model, model.log_prob(x))
    assert moves(model.log_prob(x.requires_grad_()), x)
    for start, way in ((model.sample(4), model.trajectory), (model.noise(4), model.generation)):
        assert moves(way(start.requires_grad_())[-1], start)


@pytest.mark.parametrize("name", entries(ImageFlow))
def test_images_that_a_flow_drew_are_scored_with_a_gradient(name):
    model = small(name)
    assert isinstance(model, ImageFlow)
    labels = torch.arange(4) if model.conditional else None
    x = model.sample(4)
    assert reaches(model, model.log_prob(x)) and reaches(model, model.log_prob(x, labels))
    v, z = model.dequantize(x), model.noise(4)
    assert moves(model(v.requires_grad_(), labels)[0], v)
    assert moves(model.inverse(z.requires_grad_(), labels), z)


@pytest.mark.parametrize("name", entries(GAN))
def test_data_that_a_gan_made_are_told_with_a_gradient_at_them(name):
    model = small(name)
    assert isinstance(model, GAN)
    labels = torch.arange(4) if model.conditional else None
    x, z = model.sample(4), model.noise(4)
    assert reaches(model, model.discriminate(x, labels))
    assert moves(model.discriminate(x.requires_grad_(), labels), x)
    assert moves(model.generate(z.requires_grad_(), labels), z)


@pytest.mark.parametrize("name", entries(VAE))
def test_images_that_a_vae_drew_are_told_with_a_gradient(name):
    model = small(name)
    assert isinstance(model, VAE)
    x = model.sample(4)
    z = torch.randn(4, model.latent, requires_grad=True)
    for says in (model.elbo(x), model.importance_weighted(x, 3)):
        assert reaches(model, says)
    assert moves(model.log_likelihood(x, z), z)
    assert moves(model.log_prior(z), z)
    assert moves(model.expected(z), z)


def test_what_is_kept_after_a_look_is_ordinary_too():
    """Data and classifier are loaded once, by whoever asks first: perhaps a view that needs no gradient."""
    table = encode(torch.randn(40, 2, generator=torch.Generator().manual_seed(0)).numpy(), 0.0)
    plane.load.cache_clear()
    numbers(small("nice-2d"), "own", table, count=50)
    assert not plane.load("own", table, 0).train.points.is_inference()
    classifier.cache_clear()
    sample_quality(build(CATALOG["gan-mnist"].experiment), 2000)
    assert not any(p.is_inference() for p in classifier().parameters())
