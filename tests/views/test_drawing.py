"""What is seen of completions and of scores, from steps and log-probabilities that are written down here."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.generation.steps import Step
from genlab.views.drawing import completions, scores
from tests.models.zoo import random_model

MASK = torch.tensor([[True, False], [True, False]])  # of four pixels the first and the third are known


def steps() -> list[Step]:
    """Two images of three levels: at the last pixel the one is sure of 0, the other wavers between 1 and 2."""
    posteriors = [
        [[1, 0, 0], [1, 0, 0]],
        [[0.5, 0.5, 0], [0.5, 0.5, 0]],
        [[0.3, 0.3, 0.4], [0.2, 0.2, 0.6]],
        [[1, 0, 0], [0, 0.5, 0.5]],
    ]
    values = [[0, 0], [1, 0], [2, 2], [0, 2]]
    return [
        Step(t, t, torch.tensor(p).double().log(), torch.tensor(v), MASK.flatten()[t].expand(2))
        for t, (p, v) in enumerate(zip(posteriors, values, strict=True))
    ]


def test_the_entropy_of_completions_is_that_of_their_mean_posterior_in_bits() -> None:
    seen = completions(random_model("pixelcnn", 2, 3), steps(), MASK, None, torch.tensor([-3.0, -2.0]))
    np.testing.assert_allclose(seen.arrays["entropy"], [0, 1, 0, 1.5], atol=1e-6)  # (½, ¼, ¼) holds one and a half bits
    np.testing.assert_array_equal(seen.arrays["images"], [[0, 1, 2, 0], [0, 0, 2, 2]])
    np.testing.assert_array_equal(seen.arrays["mean"], [0, 0.5, 2, 1])
    assert seen.arrays["order"].tolist() == [1, 0]
    assert (seen.meta["begin"], seen.meta["ignored"]) == (1, 1)


def test_a_score_is_the_surprise_of_each_pixel_and_bayes_rule_for_the_class() -> None:
    under = torch.tensor([[0.5, 0.25, 0.1], [0.5, 0.75, 0.1]]).double().log()  # two classes, three pixels
    seen = scores(under, {"another": under[:1]}, 2)
    mixture = [0.5, (0.5 * 0.25 + 0.5 * 0.75) / 2]  # p(x₁), p(x₁, x₂)
    np.testing.assert_allclose(seen.arrays["surprise"], [-math.log(0.5), -math.log(mixture[1] / 0.5)], rtol=1e-6)
    assert seen.meta == {
        "nats": pytest.approx(-math.log(mixture[1])),
        "others": {"another": pytest.approx(math.log(8))},
    }
    np.testing.assert_allclose(seen.arrays["posterior"], [0.25, 0.75], rtol=1e-6)
