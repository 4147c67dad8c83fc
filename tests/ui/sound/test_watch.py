"""What is saved of a sound: the same that is heard."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import soundfile

from genlab.data import mulaw
from genlab.experiments.sound import WaveNetExperiment
from genlab.models import build
from genlab.runtime.questions.sound import LENGTH
from genlab.runtime.rpc import resolve
from genlab.training import checkpoints
from genlab.ui.sound import watch

ASKED = {"label": 3, "seed": 0, "temperature": 1.0, "begin": bytes([128, 140, 150])}


class Here:
    """An engine that answers in this process."""

    def ask(self, path: str, *args: Any, **options: Any) -> Any:
        return resolve(path)(*args, **options)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(watch, "engine", Here)
    monkeypatch.setattr(watch, "SLICE", 0.05)
    experiment = WaveNetExperiment(channels=4, skips=8, layers=2)
    return checkpoints.dumps(build(experiment), experiment)


def test_all_files_have_the_sound_that_is_asked_for(source: bytes) -> None:
    made = watch.whole(source, ASKED)
    assert made["levels"].shape == made["surprise"].shape == (LENGTH,)
    assert made["levels"][:3].tobytes() == ASKED["begin"]
    with np.load(io.BytesIO(watch._npz(source, ASKED))) as arrays:
        assert int(arrays["rate"]) == 8000
        assert np.array_equal(arrays["levels"], made["levels"])
        assert np.array_equal(arrays["surprise"], made["surprise"])
    sound, rate = soundfile.read(io.BytesIO(watch._wav(source, ASKED)))
    assert rate == 8000
    np.testing.assert_allclose(sound, mulaw.decode(made["levels"]), atol=1e-4)
