"""What pages ask about a model that takes any order."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab import models
from genlab.data.drawing import examples
from genlab.experiments.pixels import OrderAgnosticExperiment, PixelCNNExperiment
from genlab.generation.orders import places
from genlab.models.order_agnostic import OrderAgnostic
from genlab.runtime import generations, particles, pixels
from genlab.training import checkpoints
from genlab.views.pack import unpack
from tests.models.zoo import randomised

EXPERIMENT = OrderAgnosticExperiment(channels=4)
SEVEN = examples(8)["7"]
UPPER = np.repeat([False, True], 32)  # what is known: the lower half


def model() -> OrderAgnostic:
    made = models.build(EXPERIMENT)
    assert isinstance(made, OrderAgnostic)
    return randomised(made, 3).float()


@pytest.fixture(scope="module")
def weights() -> bytes:
    return checkpoints.dumps(model(), EXPERIMENT)


def given(known: np.ndarray) -> tuple[bytes, bytes]:
    return SEVEN.levels(17).astype(np.uint8).tobytes(), known.astype(np.uint8).tobytes()


def traced(weights: bytes, order: str, path: tuple[int, ...] = (), together: int = 1, **more: object) -> dict:
    settings = {"n": 2, "seed": 5, "temperature": 1.0, "label": None, "focus": 0, "visiting": (order, path, together)}
    meta, arrays = unpack(pixels.trace(weights, settings | more, 0, 60.0))
    assert meta["complete"]
    return arrays


def test_a_click_goes_on_from_what_was_drawn(weights: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    first = traced(weights, "random", together=16)
    visited = first["positions"].tolist()
    clicked = next(place for place in range(64) if place not in visited[:21])
    passes = []
    posteriors = OrderAgnostic.posteriors
    monkeypatch.setattr(OrderAgnostic, "posteriors", lambda *asked: passes.append(1) or posteriors(*asked))
    again = traced(weights, "random", (*visited[:21], clicked), together=16)
    assert again["positions"].tolist()[:22] == [*visited[:21], clicked]
    assert sorted(again["positions"].tolist()) == list(range(64))
    np.testing.assert_array_equal(again["values"][:21], first["values"][:21])
    assert len(passes) == 1 + 3, "one for the pixel that was clicked, three for the other 42"


def test_an_image_that_particles_gave_is_no_beginning_of_another(weights: bytes) -> None:
    rows = checkpoints.dumps(models.build(PixelCNNExperiment()), PixelCNNExperiment())
    settings = {"n": 3, "seed": 0, "temperature": 1.0, "label": None, "given": given(UPPER)}
    particles.trace(rows, settings | {"only": 1, "focus": 0}, 0, 60.0)
    assert any(isinstance(made, particles.Replay) for made in generations.under_way.values())
    assert len(traced(weights, "spiral")["positions"]) == 64


def test_a_score_is_log_p_in_an_order_a_few_pixels_a_pass(weights: bytes) -> None:
    net, levels = model(), torch.from_numpy(SEVEN.levels(17)).long().view(1, 1, 8, 8)
    meta, arrays = unpack(pixels.score(weights, given(UPPER), 60.0))
    order = [place for place in places("random", 8, torch.Generator().manual_seed(0)) if UPPER[place]]
    assert arrays["positions"].tolist() == order and len(order) == 32
    known, nats = torch.zeros(64, dtype=torch.bool), []
    for begin in range(0, 32, 2):  # 64 // 25 pixels a pass
        with torch.no_grad():
            told = net.posteriors(levels, known.view(1, 1, 8, 8)).flatten(2).log_softmax(1)[0]
        nats += [-float(told[levels.flatten()[place], place]) for place in order[begin : begin + 2]]
        known[order[begin : begin + 2]] = True
    np.testing.assert_allclose(arrays["surprise"], nats, rtol=1e-4)
    assert meta["nats"] == pytest.approx(sum(nats), rel=1e-4)
    assert meta["others"]["7"] == pytest.approx(sum(nats), rel=1e-4), "the same pixels of the same picture"
    nothing, empty = unpack(pixels.score(weights, given(np.zeros(64)), 60.0))
    assert nothing["nats"] == 0 and empty["surprise"].shape == (0,)


def test_completions_keep_what_is_known_wherever_it_lies(weights: bytes) -> None:
    settings = {"n": 12, "seed": 4, "temperature": 1.0, "label": None, "given": given(UPPER)}
    settings["visiting"] = ("centre", (), 4)
    for _ in range(2):
        meta, arrays = unpack(pixels.completions(weights, settings, 60.0))
    images = np.zeros((12, 64))
    images[:, arrays["positions"]] = arrays["images"]
    np.testing.assert_array_equal(images[:, 32:], np.tile(SEVEN.levels(17).ravel()[32:], (12, 1)))
    assert meta["ignored"] == 0 and len(set(map(tuple, images))) > 1
    assert (arrays["entropy"][np.isin(arrays["positions"], np.arange(32, 64))] == 0).all()
    assert meta["log_prob"] is not None and max(meta["log_prob"]) < 0


def test_what_is_expected_is_the_mean_of_the_posterior(weights: bytes) -> None:
    net, levels = model(), torch.from_numpy(SEVEN.levels(17)).long().view(1, 1, 8, 8)
    _, arrays = unpack(pixels.expected(weights, given(UPPER), 0.5))
    with torch.no_grad():
        told = (2 * net.posteriors(levels, torch.from_numpy(UPPER).view(1, 1, 8, 8)).flatten(2)).softmax(1)[0]
    mean = torch.arange(17.0) @ told / 16
    np.testing.assert_allclose(arrays["expected"][:32], 255 * mean[:32].numpy(), atol=0.6)
    np.testing.assert_allclose(arrays["expected"][32:], 255 * levels.flatten()[32:].numpy() / 16, atol=0.6)
    entropy = torch.special.entr(told).sum(0) / np.log(17)
    np.testing.assert_allclose(arrays["entropy"][:32], 255 * entropy[:32].numpy(), atol=0.6)
    assert (arrays["entropy"][32:] == 0).all()
