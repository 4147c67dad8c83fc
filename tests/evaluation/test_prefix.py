"""The chain rule read backwards: what the first pixels say of an image, and of its class."""

import math

import pytest
import torch

from genlab.evaluation.prefix import class_posterior, known_prefix, pixel_log_probs, prefix_log_probs
from tests.models.zoo import ALL, every_image, random_images, random_model


@pytest.mark.parametrize("name", ALL)
def test_the_surprises_add_up_to_the_likelihood(name):
    model = random_model(name, 4, 3)
    image = random_images(model, 1)
    sums = prefix_log_probs(pixel_log_probs(model, image))
    assert sums.shape == (17,) and sums[0] == pytest.approx(0, abs=1e-12)
    with torch.no_grad():
        assert sums[-1].item() == pytest.approx(model.log_prob(image).item(), abs=1e-9)
    assert bool((sums.diff() < 0).all())


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_a_prefix_is_as_likely_as_all_images_that_begin_with_it(name):
    model = random_model(name, 2, 2)
    images = every_image(model)  # all of them, so that sums over them are exact
    image = images[5:6]
    sums = prefix_log_probs(pixel_log_probs(model, image))
    for t in range(5):
        begin_alike = (images.flatten(1)[:, :t] == image.flatten(1)[:, :t]).all(1)
        assert sums[t].exp().item() == pytest.approx(model.log_prob(images[begin_alike]).exp().sum().item(), abs=1e-9)


@torch.no_grad()
def test_the_class_posterior_is_bayes_rule():
    model = random_model("gated-pixelcnn, conditional", 4, 3)
    image, total = random_images(model, 1), 16
    log_probs = pixel_log_probs(model, image)
    assert class_posterior(log_probs, 0).tolist() == pytest.approx([0.1] * 10)
    joint = torch.stack([model.log_prob(image, torch.tensor([y]))[0] for y in range(10)]) - math.log(10)
    expected = (joint - model.log_prob(image)).exp()
    assert class_posterior(log_probs, total).tolist() == pytest.approx(expected.tolist(), abs=1e-9)


def test_the_prefix_ends_at_the_first_unknown_pixel():
    mask = torch.ones(1, 1, 3, 3, dtype=torch.bool)
    assert known_prefix(mask) == 9
    mask[0, 0, 1, 2] = False
    assert known_prefix(mask) == 5
    mask[0, 0, 0, 0] = False
    assert known_prefix(mask) == 0
