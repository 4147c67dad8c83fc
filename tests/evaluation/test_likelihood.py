import math

import numpy as np
import pytest
import torch

import genlab
from genlab.catalog import CATALOG
from genlab.data.images import load
from genlab.evaluation import bits_per_dim, evaluate, likelihood, perplexity
from genlab.models import build
from genlab.training.task import Evaluation, task
from tests.models.zoo import random_images, random_model


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


@pytest.mark.parametrize("name", ["pixelcnn", "gated-pixelcnn", "gated-pixelcnn, conditional", "masked-lenet"])
@torch.no_grad()
def test_evaluation_equals_a_plain_sum_of_logits(name):
    model = random_model(name, 4, 3)
    images, total = random_images(model, 5), 0.0
    for image in images:
        joint = []
        for label in range(10) if model.conditional else [None]:
            logits = model.logits(image[None], None if label is None else torch.tensor([label]))[0]
            log_p = 0.0
            for row in range(4):
                for column in range(4):
                    scores = logits[:, row, column].tolist()
                    log_p += scores[image[0, row, column]] - math.log(sum(map(math.exp, scores)))
            joint.append(log_p - (0 if label is None else math.log(10)))
        total -= math.log(sum(map(math.exp, joint)))
    assert evaluate(model, images)["nats"] == pytest.approx(total / 5, abs=1e-9)


@torch.no_grad()
def test_labels_tell_how_often_the_likeliest_class_is_right():
    model = random_model("gated-pixelcnn, conditional", 3, 2)
    images = random_images(model, 6)
    likeliest = model.class_log_probs(images).argmax(1)
    assert evaluate(model, images, likeliest)["accuracy"] == 1
    one_wrong = likeliest.clone()
    one_wrong[2] = (one_wrong[2] + 1) % 10
    assert evaluate(model, images, one_wrong, batch=4)["accuracy"] == pytest.approx(5 / 6)
    assert "accuracy" not in evaluate(model, images)
    with pytest.raises(ValueError, match="labels"):
        evaluate(model, images, likeliest[:1])


@torch.no_grad()
def test_some_positions_estimate_what_all_of_them_give():
    model = random_model("masked-lenet", 5, 3)
    images = random_images(model, 40)
    exact = evaluate(model, images)["bits_per_dim"]
    every = evaluate(model, images, positions=25)
    assert every["bits_per_dim"] == pytest.approx(exact, abs=1e-9) and every["standard_error"] == pytest.approx(0)
    some = evaluate(model, images, positions=8)
    assert 0 < some["standard_error"] < 0.1
    assert evaluate(model, images, positions=8, batch=16) == pytest.approx(some), "the batch does not matter"


@torch.no_grad()
def test_the_estimate_is_unbiased_and_its_standard_error_is_how_far_it_strays(monkeypatch):
    model = random_model("masked-lenet", 4, 3)
    images, draws = random_images(model, 6), 250
    exact = evaluate(model, images)["bits_per_dim"]
    estimates, errors = [], []
    for seed in range(draws):
        monkeypatch.setattr(likelihood, "SEED", seed)
        some = evaluate(model, images, positions=5)
        estimates.append(some["bits_per_dim"] - exact)
        errors.append(some["standard_error"])
    spread = float(np.std(estimates))
    assert abs(np.mean(estimates)) < 3 * spread / math.sqrt(draws)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize(("name", "positions"), [("pixelcnn", 4), ("masked-lenet", 1), ("masked-lenet", 10)])
def test_positions_that_cannot_be_are_refused(name, positions):
    model = random_model(name, 3, 2)
    with pytest.raises(ValueError, match="positions"):
        evaluate(model, random_images(model, 2), positions=positions)


def test_levels_that_cannot_be_are_refused_at_some_positions_too():
    model = random_model("masked-lenet", 3, 2)
    with pytest.raises(ValueError, match="between 0 and 1"):
        evaluate(model, random_images(model, 2) + 1, positions=4)


def test_no_image_is_an_error():
    model = random_model("pixelcnn", 3, 2)
    with pytest.raises(ValueError, match="no image"):
        evaluate(model, random_images(model, 0))


@pytest.mark.parametrize("split", ["test", "validation"])
def test_a_model_is_evaluated_on_the_split_that_is_asked_for(split):
    experiment = genlab.experiment("pixelcnn-digits")
    model, images = build(experiment), getattr(load("digits", 8, 17), split).images[:5].long()
    told = task(experiment).evaluate(model, Evaluation(split=split, count=5))
    with torch.no_grad():
        bits = -float(model.log_prob(images).mean()) / 64 / math.log(2)
    assert (told["split"], told["n"], told["bits_per_dim"]) == (split, 5, pytest.approx(bits, abs=1e-6))


def test_the_accuracy_that_the_catalogue_states_is_what_evaluation_gives():
    entry = CATALOG["gated-pixelcnn-digits"]
    images, labels = load("digits", 8, 17).test.fixed()
    told = evaluate(genlab.load(entry.name), images, labels)
    assert told["accuracy"] == pytest.approx(entry.accuracy, abs=0.005)
