"""What the processes do, asked for without a process."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from genlab import models
from genlab.errors import CheckpointError, GenlabError
from genlab.experiment import GatedPixelCNNExperiment, PixelCNNExperiment
from genlab.runtime import tasks
from genlab.runtime.job_actor import JobActor
from genlab.training import checkpoints
from genlab.views.pack import unpack

SETTINGS = {"n": 3, "seed": 5, "temperature": 0.8, "label": None, "focus": 1}


@pytest.fixture(scope="module")
def weights() -> bytes:
    experiment = GatedPixelCNNExperiment(channels=4, layers=1, conditional=True)
    return checkpoints.dumps(models.build(experiment), experiment)


def test_a_trace_in_pieces_is_the_trace_at_once_and_what_the_model_samples(weights: bytes) -> None:
    tasks._generation.cache_clear()
    pieces, start = [], 0
    while start < 64:
        meta, arrays = unpack(tasks.trace(weights, SETTINGS, start, 0.0))
        assert meta["start"] == start
        assert meta["end"] > start  # at least one step, however small the budget
        pieces.append(arrays["values"])
        start = meta["end"]
    assert meta["complete"] and meta["total"] == 64
    whole, arrays = unpack(tasks.trace(weights, SETTINGS, 0, 10.0))
    np.testing.assert_array_equal(np.concatenate(pieces), arrays["values"])
    sampled = tasks._model(weights).sample(
        3, generator=torch.Generator().manual_seed(5), temperature=0.8, labels=torch.tensor(whole["labels"])
    )
    np.testing.assert_array_equal(arrays["values"], sampled.flatten(1).T.numpy())
    assert unpack(tasks.trace(weights, SETTINGS, 900, 0.0))[0]["start"] == 63


def test_a_budget_is_kept(weights: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks._generation.cache_clear()
    clock = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    meta, _ = unpack(tasks.trace(weights, SETTINGS, 0, 10.0))
    assert 0 < meta["end"] <= 11


def test_a_class_is_given_or_drawn(weights: bytes) -> None:
    assert unpack(tasks.trace(weights, SETTINGS | {"label": 7}, 0, 0.0))[0]["labels"] == [7, 7, 7]
    assert len(unpack(tasks.trace(weights, SETTINGS, 0, 0.0))[0]["labels"]) == 3


def test_uploads_and_views(weights: bytes) -> None:
    assert tasks.inspect_checkpoint(weights).family == "gated-pixelcnn"
    with pytest.raises(CheckpointError):
        tasks.inspect_checkpoint(weights[:-10])
    assert unpack(tasks.view(weights, "receptive_field", position=20))[1]["field"].shape == (8, 8)
    with pytest.raises(GenlabError, match="no view 'nonsense'"):
        tasks.view(weights, "nonsense")


def test_a_training_draws_between_its_slices_and_goes_on_from_its_snapshot() -> None:
    actor = JobActor(PixelCNNExperiment(batch_size=4, steps=40), None, None)
    assert actor.look()["progress"]["step"] == 0
    news = actor.advance(0.01)
    while news["samples"] is None:
        news = actor.advance(0.01)
    step, samples = news["samples"]
    assert step == 0  # the first picture is what an untrained model draws
    assert samples.shape == (16, 8, 8)
    assert samples.dtype == np.uint8
    actor.edit(0.01)
    actor.step()
    files = actor.snapshot()
    same = JobActor(PixelCNNExperiment(), files[0], files[1])
    assert same.look()["progress"]["step"] == files[2]
    one, other = actor.step()["progress"], same.step()["progress"]
    assert one["learning_rate"] == other["learning_rate"]
    assert one["loss"] == other["loss"]
    while not news["progress"]["done"]:
        news = actor.advance(0.1)
    while news["drawing"]:
        news = actor.draw(0.1)
    assert actor.reset()["progress"]["step"] == 0
