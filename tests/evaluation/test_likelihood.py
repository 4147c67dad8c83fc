import math

import pytest
import torch

from genlab.evaluation import bits_per_dim, evaluate, perplexity
from tests.models.zoo import random_images, random_labels, random_model


def test_the_uniform_distribution_has_the_bits_and_the_perplexity_of_its_levels():
    nats = 784 * math.log(256)
    assert bits_per_dim(nats, 784) == pytest.approx(8)
    assert perplexity(nats, 784) == pytest.approx(256)


def test_a_published_number_converts():
    assert bits_per_dim(81.30, 784) == pytest.approx(0.1496, abs=1e-4)


@torch.no_grad()
def test_evaluation_is_the_mean_over_images_whatever_the_batch():
    model = random_model("pixelcnn", 4, 3)
    images = random_images(model, 7)
    result = evaluate(model, images, batch=3)
    nats = -float(model.log_prob(images).mean())
    assert result == {
        "nats": pytest.approx(nats),
        "bits_per_dim": pytest.approx(nats / 16 / math.log(2)),
        "perplexity": pytest.approx(math.exp(nats / 16)),
        "n": 7,
    }


@torch.no_grad()
def test_labels_choose_between_the_class_and_the_mixture():
    model = random_model("gated, conditional", 3, 2)
    images, labels = random_images(model, 5), random_labels(model, 5)
    assert evaluate(model, images, labels)["nats"] == pytest.approx(-float(model.log_prob(images, labels).mean()))
    assert evaluate(model, images)["nats"] == pytest.approx(-float(model.log_prob(images).mean()))


def test_no_image_is_an_error():
    model = random_model("pixelcnn", 3, 2)
    with pytest.raises(ValueError, match="no image"):
        evaluate(model, random_images(model, 0))
