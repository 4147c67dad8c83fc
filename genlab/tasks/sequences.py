"""Models that write sequences value by value."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from genlab.data import toy
from genlab.data.own_sequences import decode
from genlab.data.sequences import Sequences as SequencesData
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
        return AtOnce(lambda: beside(model, uniforms, self._fresh(SHOWN), self._letters()).pack())

    def _fresh(self, n: int) -> Tensor:
        """Sequences from which nothing was learnt, (n, T); of a visitor's own at most as many as are held back."""
        if self.experiment.dataset == "own":
            return cast(SequencesData, self.data()).validation.values[:n, 0].long()
        law = toy.LAWS[self.experiment.dataset]
        return torch.from_numpy(law(np.random.default_rng(FRESH), n, self.experiment.length))

    def _letters(self) -> str | None:
        """What stands for each level; None where two straight pieces are what there is to learn."""
        return decode(self.experiment.table).letters if self.experiment.dataset == "own" else None

    def quality(self, model: SequenceModel) -> dict[str, float]:
        """As in ``Task``: the share of samples that two straight pieces explain; always from the same uniforms."""
        if not self.experiment.judged:
            return {}
        made = sample(model, FEW, generator=torch.Generator().manual_seed(0))[:, 0]
        return {"two straight pieces": float(straight(made).double().mean())}

    def evaluate(self, model: SequenceModel, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: by fresh sequences, and by samples where the law is known."""
        asked.refuse()
        fresh = self._fresh(JUDGED)
        with torch.inference_mode():
            nats = float(-model.log_prob(fresh[:, None].to(next(model.parameters()).device)).double().mean())
        nats /= self.experiment.length
        told = {"nats_per_place": nats, "perplexity_per_place": math.exp(nats), "n": len(fresh)}
        if not self.experiment.judged:
            return told
        made = model.sample(JUDGED, generator=torch.Generator().manual_seed(0))[:, 0]
        return told | {
            "entropy_per_place": self.experiment.entropy(),
            "failures": 1 - float(straight(made).double().mean()),
            "failures_of_data": 1 - float(straight(fresh).double().mean()),
        }

    def sound(self, model: SequenceModel) -> bool:
        """As in ``Task``: of the posteriors of a sequence."""
        return bool(model.logits(torch.zeros(1, *model.shape, dtype=torch.long)).isfinite().all())

    def sample(self, model: SequenceModel, request: Request) -> SequenceSamples:
        """As in ``Task``."""
        labels = request.classes(conditional=False)
        try:
            return SequenceSamples(sample(model, request, labels=labels)[:, 0].cpu().numpy())
        except ValueError as error:
            raise GenlabError(str(error)) from error
