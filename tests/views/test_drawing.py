"""What is seen of completions and of scores, from steps and log-probabilities that are written down here."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.generation.steps import Step
from genlab.views.drawing import completions, particles, ranked, scores
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


def test_particles_are_told_by_their_lineages_and_weights() -> None:
    """Three particles of four pixels, the second and the fourth known; before the third, 0 takes the place of 1."""
    never, third = torch.zeros(3, 0), math.log(1 / 3)
    mask = torch.tensor([[False, True], [False, True]])
    values = [[1, 2, 0], [1, 1, 1], [0, 2, 1], [2, 2, 2]]
    weights = [[0, 0, 0], [0, -math.inf, 0], [third, third, third], [math.log(0.5), math.log(0.25), math.log(0.25)]]
    places = [[0, 1, 2], [0, 1, 2], [0, 0, 2], [0, 1, 2]]
    steps = [
        Step(
            t, t, never, torch.tensor(v), mask.flatten()[t].expand(3), torch.tensor(w).double(), torch.tensor(ancestor)
        )
        for t, (v, w, ancestor) in enumerate(zip(values, weights, places, strict=True))
    ]
    seen = particles(random_model("pixelcnn", 2, 3), steps, mask, torch.tensor([7, 8, 9]), torch.tensor([0, 1, 1]))
    np.testing.assert_array_equal(seen.arrays["images"], [[1, 1, 0, 2], [1, 1, 2, 2], [1, 1, 2, 2]])
    np.testing.assert_allclose(seen.arrays["mean"], [0.75, 1, 0.5 + 0.25, 2])
    np.testing.assert_allclose(seen.arrays["entropy"], [0.811278, 0, 1.5, 0], atol=1e-6)  # (¾, ¼); (½, ¼, ¼)
    np.testing.assert_allclose(seen.arrays["ess"], [3, 2, 3, 1 / (0.25 + 2 / 16)], rtol=1e-6)
    assert seen.arrays["times"].tolist() == [2] and seen.arrays["ancestors"].tolist() == [[0, 0, 2]]
    assert seen.meta["labels"] == [7, 7, 7], "with which the first of them began, of whom all three come"
    assert (seen.meta["roots"], seen.meta["different"], seen.meta["lost"], seen.meta["made"]) == (2, 2, None, 4)
    assert seen.meta["log_evidence"] == pytest.approx(third)
    assert (seen.meta["begin"], seen.meta["ignored"], seen.meta["log_prob"]) == (0, 2, None)
    told = ranked(seen, torch.tensor([-3.0, -2.0, -math.inf]))
    assert told.arrays["order"].tolist() == [1, 0, 2] and told.meta["log_prob"] == [-3, -2, -1e6]
    gone = [
        *steps[:3],
        Step(3, 3, never, steps[3].value, steps[3].known, steps[3].log_weight - math.inf, steps[3].ancestor),
    ]
    lost = particles(random_model("pixelcnn", 2, 3), gone, mask, None, torch.tensor([0, 1, 2]))
    assert lost.meta["lost"] == 3 and lost.meta["log_evidence"] is None
    assert np.isfinite(lost.arrays["mean"]).all() and np.isfinite(lost.arrays["entropy"]).all()


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
