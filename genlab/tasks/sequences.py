"""Models that write sequences value by value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from genlab.data import toy
from genlab.errors import GenlabError
from genlab.evaluation.straight import straight
from genlab.experiments.sequences import SequenceExperiment
from genlab.generation.request import Request
from genlab.generation.samples import SequenceSamples
from genlab.generation.steps import sample
from genlab.models.sequence import SequenceModel
from genlab.training.task import Evaluation, Task
from genlab.views.pictures import AtOnce
from genlab.views.sequences import beside

SHOWN = 12  # sequences of a picture, and as many real ones
JUDGED, FEW = 4000, 256  # sequences by which a model is judged, and while it still learns
FRESH = 10_000_019  # of the seed of those by which it is judged: no training has it


class Sequences(Task[SequenceExperiment, SequenceModel]):
    """Samples that are written value by value, an exact likelihood, and how often the global structure fails."""

    def picture(self, model: SequenceModel, step: int) -> AtOnce:
        """As in ``Task``: beside real ones."""
        generator = torch.Generator().manual_seed(self.experiment.seed)
        uniforms = torch.rand(SHOWN, self.experiment.length, generator=generator)
        real = torch.from_numpy(self._fresh(SHOWN))[:, None]
        return AtOnce(lambda: beside(model, uniforms, real).pack())

    def _fresh(self, n: int) -> np.ndarray:
        law = {"lines": toy.lines, "forks": toy.forks}[self.experiment.dataset]
        return law(np.random.default_rng(FRESH), n, self.experiment.length)

    def quality(self, model: SequenceModel) -> dict[str, float]:
        """As in ``Task``: the share of samples that two straight pieces explain; always from the same uniforms."""
        made = sample(model, FEW, generator=torch.Generator().manual_seed(0))[:, 0]
        return {"two straight pieces": float(straight(made).double().mean())}

    def evaluate(self, model: SequenceModel, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: by fresh sequences, and by samples."""
        asked.refuse()
        fresh = torch.from_numpy(self._fresh(JUDGED))
        with torch.inference_mode():
            nats = float(-model.log_prob(fresh[:, None].to(next(model.parameters()).device)).double().mean())
        nats /= self.experiment.length
        made = model.sample(JUDGED, generator=torch.Generator().manual_seed(0))[:, 0]
        return {
            "nats_per_place": nats,
            "perplexity_per_place": math.exp(nats),
            "entropy_per_place": self.experiment.entropy(),
            "failures": 1 - float(straight(made).double().mean()),
            "failures_of_data": 1 - float(straight(fresh).double().mean()),
            "n": JUDGED,
        }

    def sound(self, model: SequenceModel) -> bool:
        """As in ``Task``: of the posteriors of a sequence."""
        return bool(model.logits(torch.from_numpy(self._fresh(1))[:, None]).isfinite().all())

    def sample(self, model: SequenceModel, request: Request) -> SequenceSamples:
        """As in ``Task``."""
        labels = request.classes(conditional=False)
        try:
            return SequenceSamples(sample(model, request, labels=labels)[:, 0].cpu().numpy())
        except ValueError as error:
            raise GenlabError(str(error)) from error
