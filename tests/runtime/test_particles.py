"""Particles of a drawing, asked for without a process."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab import models
from genlab.data.drawing import examples
from genlab.experiments.pixels import GatedPixelCNNExperiment, PixelCNNExperiment
from genlab.runtime import particles
from genlab.runtime.generations import image_model
from genlab.training import checkpoints
from genlab.views import drawing
from genlab.views.pack import unpack


def weights(conditional: bool) -> bytes:
    kind = GatedPixelCNNExperiment(channels=4, layers=1, conditional=True) if conditional else PixelCNNExperiment()
    return checkpoints.dumps(models.build(kind), kind)


def given(known: np.ndarray) -> tuple[bytes, bytes]:
    """An 8×8 seven of which some pixels are known."""
    levels = examples(8)["7"].levels(17).flatten() * known.flatten()
    return levels.astype(np.uint8).tobytes(), known.astype(np.uint8).tobytes()


def asked(source: str | bytes, settings: dict, budget: float = 60.0) -> tuple[dict, dict[str, np.ndarray]]:
    meta, arrays = unpack(particles.completions(source, settings, 0, budget))
    while meta["log_prob"] is None:
        meta, arrays = unpack(particles.completions(source, settings, meta["made"], budget))
    return meta, arrays


def test_particles_that_were_forgotten_still_come_to_their_end() -> None:
    """A class asks for more drawings than are kept: each piece begins anew, and goes beyond the last one."""
    source, settings = weights(False), {"n": 3, "seed": 4, "temperature": 1.0, "label": None, "given": given(RIGHT)}
    made = 0
    for _ in range(64):
        particles.under_way.clear()
        meta, arrays = unpack(particles.completions(source, settings, made, 0.0))
        assert meta["made"] == made + 1
        made = meta["made"]
    whole, same = asked(source, settings)
    assert np.array_equal(arrays["images"], same["images"]) and whole["log_evidence"] == meta["log_evidence"]


RIGHT = np.tile(np.arange(8) >= 4, (8, 1))  # the left half is unknown, so that every row has known pixels after it


@pytest.mark.parametrize("label", [None, 7])
@pytest.mark.parametrize("conditional", [False, True])
def test_what_is_shown_keeps_what_is_known_and_is_ranked_by_the_models_own_log_p(conditional, label) -> None:
    particles.under_way.clear()
    source = weights(conditional)
    settings = {"n": 12, "seed": 4, "temperature": 0.7, "label": label if conditional else None, "given": given(RIGHT)}
    meta, arrays = unpack(particles.completions(source, settings, 0, 0.0))
    assert arrays["images"].shape == (12, 1) and meta["log_prob"] is None  # one step at least, however small the budget
    meta, arrays = asked(source, settings)
    levels, known = (np.frombuffer(part, np.uint8) for part in settings["given"])
    np.testing.assert_array_equal(arrays["images"][:, known == 1], np.tile(levels[known == 1], (12, 1)))
    images = torch.tensor(arrays["images"]).long().view(12, 1, 8, 8)
    labels = torch.full((12,), 7) if conditional and label is not None else None
    with torch.no_grad():
        expected = image_model(source).log_prob(images, labels)
    np.testing.assert_allclose(meta["log_prob"], expected.numpy(), rtol=1e-5)
    assert (np.diff(np.array(meta["log_prob"])[arrays["order"]]) <= 0).all()
    assert (meta["n"], meta["begin"], meta["ignored"], meta["lost"]) == (64, 0, 32, None)
    assert arrays["ess"].shape == (64,) and arrays["ess"][0] == pytest.approx(64) and (arrays["ess"] > 1 - 1e-6).all()
    assert (arrays["entropy"][known == 1] < 1e-6).all()
    again, same = asked(source, settings)  # kept, and the same
    assert again == meta and all(np.array_equal(arrays[name], same[name]) for name in arrays)


def test_particles_hear_what_the_ordinary_completions_do_not() -> None:
    """The left half of a seven is asked for: the class that fits its right half carries the weight."""
    settings = {"n": 12, "seed": 0, "temperature": 1.0, "label": None, "given": given(RIGHT)}
    meta, arrays = asked("gated-pixelcnn-digits", settings)
    assert meta["labels"].count(7) >= 10
    assert len(arrays["times"]) > 3 and arrays["ancestors"].shape == (len(arrays["times"]), 64)
    before = arrays["ess"][arrays["times"] - 1]
    assert (before < 32).all(), "they are resampled where few of them are effective"
    assert 1 <= meta["roots"] <= 64
    assert meta["log_evidence"] < 0


@pytest.mark.parametrize("conditional", [False, True])
def test_a_particle_is_watched_as_it_was_written(conditional) -> None:
    source = weights(conditional)
    settings = {"n": 12, "seed": 4, "temperature": 0.7, "label": None, "given": given(RIGHT)}
    meta, arrays = asked(source, settings)
    told, trace = unpack(particles.trace(source, settings | {"only": 7, "focus": 0}, 0, 0.0))
    assert (told["end"], told["n"], told["begin"], told["complete"]) == (1, 1, 0, False)
    told, trace = unpack(particles.trace(source, settings | {"only": 7, "focus": 0}, 0, 60.0))
    assert told["complete"]
    np.testing.assert_array_equal(trace["values"][:, 0], arrays["images"][7])
    np.testing.assert_array_equal(trace["known"][:, 0], RIGHT.flatten())
    assert told["labels"] == (meta["labels"] and meta["labels"][7:8])


def test_where_no_particle_survives_it_is_said_where() -> None:
    particles.under_way.clear()
    experiment = PixelCNNExperiment()
    model = models.build(experiment)
    with torch.no_grad():
        model.final2.bias[16] = -torch.inf
    levels, known = np.zeros(64, np.uint8), np.zeros(64, np.uint8)
    levels[20], known[20] = 16, 1
    settings = {"n": 3, "seed": 0, "temperature": 1.0, "label": None, "given": (levels.tobytes(), known.tobytes())}
    made = particles.Particles(model, 3, 0, 1.0, None, particles.Given(*settings["given"]))
    made.advance(0, 60)
    seen = drawing.particles(model, made.steps, made.mask, None, made.shown)
    assert seen.meta["lost"] == 20 and seen.meta["log_evidence"] is None
    images = torch.from_numpy(seen.arrays["images"]).long().view(-1, 1, 8, 8)
    assert drawing.ranked(seen, made.log_prob(images, 1.0)).meta["log_prob"] == [-1e6] * 3
