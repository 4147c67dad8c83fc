"""Sounds as they come over the wire: in pieces, the same as at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import CheckpointError
from genlab.experiments.sound import WaveNetExperiment
from genlab.models import build
from genlab.runtime import hearing
from genlab.runtime.questions.sound import LENGTH
from genlab.training import checkpoints
from genlab.views.pack import unpack
from genlab.views.sound import write


@pytest.fixture(scope="module")
def weights() -> bytes:
    """A small model that has learnt nothing."""
    experiment = WaveNetExperiment(channels=4, skips=8, layers=3)
    return checkpoints.dumps(build(experiment), experiment)


def asked(begin: bytes = b"", seed: int = 5) -> dict:
    return {"label": 20, "seed": seed, "temperature": 0.8, "begin": begin}


def whole(weights: bytes, settings: dict) -> tuple[list[dict], dict[str, np.ndarray]]:
    metas, pieces, start = [], [], 0
    while not metas or not metas[-1]["complete"]:
        meta, arrays = unpack(hearing.tone(weights, settings, start, 0.05))
        assert meta["start"] == start and len(arrays["levels"]) == meta["end"] - start >= min(160, LENGTH - start)
        metas.append(meta)
        pieces.append(arrays)
        start = meta["end"]
    return metas, {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def test_the_pieces_are_the_sound_of_the_seed(weights: bytes) -> None:
    metas, made = whole(weights, asked())
    model = checkpoints.loads(weights)[0]
    expected = write(model, torch.tensor([20]), LENGTH, torch.Generator().manual_seed(5), 0.8)
    assert np.array_equal(made["levels"], expected[0])
    assert len(metas) > 1 and metas[-1]["end"] == LENGTH
    assert metas[-1]["seconds"] >= metas[0]["seconds"] > 0
    assert metas[0]["heard"] is None


def test_what_is_given_comes_back_to_the_bit_and_costs_what_it_is_worth(weights: bytes) -> None:
    begin = bytes(np.random.default_rng(0).integers(0, 256, 300).astype(np.uint8))
    metas, made = whole(weights, asked(begin))
    assert metas[0]["given"] == 300
    assert made["levels"][:300].tobytes() == begin
    assert not np.array_equal(made["levels"], whole(weights, asked())[1]["levels"])
    model = checkpoints.loads(weights)[0]
    x = torch.from_numpy(made["levels"].astype(np.int64))[None, None]
    with torch.no_grad():
        log_p = torch.log_softmax(model.predict(x, torch.tensor([20])) / 0.8, 1)
    bits = -log_p.gather(1, x)[0, 0] / np.log(2)
    np.testing.assert_allclose(made["surprise"], bits.numpy(), atol=1e-3)


def test_what_is_inside_is_told_of_the_same_sound(weights: bytes) -> None:
    meta, arrays = unpack(hearing.inside(weights, asked(seed=6), 900))
    _, made = whole(weights, asked(seed=6))
    assert meta["t"] == 900
    assert -np.log2(arrays["p"][made["levels"][900]]) == pytest.approx(made["surprise"][900], abs=1e-3)


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(CheckpointError, match="writes no sound"):
        hearing.tone("pixelcnn-digits", asked(), 0, 0.01)
