"""Models that write sound sample by sample."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from genlab.data import mulaw, tones
from genlab.errors import GenlabError
from genlab.evaluation.sound import heard, same_pitch
from genlab.experiments.sound import WaveNetExperiment
from genlab.generation.request import Request
from genlab.generation.samples import SoundSamples
from genlab.models.wavenet import WaveNet
from genlab.training.task import Evaluation, Task
from genlab.views.sound import Waves, write

SHOWN = (tones.label(0, 0), tones.label(1, 4), tones.label(2, 7), tones.label(3, 3))  # classes of a picture
SAMPLES = 2000  # of each sound of a picture: a quarter of a second
JUDGED = 4 * tones.CLASSES  # sounds whose pitch is heard
FRESH = 10_000_019  # of the seed of those by which it is judged: no training has it


class Sound(Task[WaveNetExperiment, WaveNet]):
    """Waveforms, an exact likelihood, and whether the pitch that is heard is the one that was asked for."""

    def picture(self, model: WaveNet, step: int) -> Waves:
        """As in ``Task``."""
        generator = torch.Generator().manual_seed(self.experiment.seed)
        return Waves(model, SHOWN, torch.rand(len(SHOWN), SAMPLES, generator=generator))

    def evaluate(self, model: WaveNet, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: by fresh tones, and by ear."""
        asked.refuse()
        levels, labels = tones.tones(np.random.default_rng(FRESH), 2 * tones.CLASSES, self.experiment.length)
        total = 0.0
        with torch.inference_mode():
            for x, y in zip(torch.from_numpy(levels).split(8), torch.from_numpy(labels).split(8), strict=True):
                total -= float(model.log_prob(x.long()[:, None], y).double().sum())
        asked_for = torch.arange(JUDGED) % tones.CLASSES
        made = mulaw.decode(write(model, asked_for, tones.RATE, torch.Generator().manual_seed(0)))
        return {
            "bits_per_sample": total / levels.size / math.log(2),
            "pitch_heard": float(np.mean(same_pitch(heard(made), tones.fundamental(asked_for.numpy())))),
            "n": len(levels),
        }

    def sound(self, model: WaveNet) -> bool:
        """As in ``Task``: of the first posteriors."""
        return bool(
            np.isfinite(write(model, torch.zeros(1, dtype=torch.long), 4, torch.Generator(), probabilities=True)).all()
        )

    def sample(self, model: WaveNet, request: Request) -> SoundSamples:
        """As in ``Task``: a second of each."""
        n = request.n or 1
        labels = torch.arange(n) * 7 % tones.CLASSES if request.labels is None else request.labels
        if request.known is not None or request.uniforms is not None:
            raise GenlabError("a sound is written from its beginning on.")
        try:
            made = write(model, labels, tones.RATE, request.generator or torch.Generator(), request.temperature)
        except ValueError as error:
            raise GenlabError(f"{error}.") from error
        return SoundSamples(mulaw.decode(made), tones.RATE)
