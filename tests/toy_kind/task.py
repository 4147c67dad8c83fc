"""What the kind means where it computes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch

from genlab.generation import Request, sample
from genlab.runtime.models import Source, model_of
from genlab.training.task import Evaluation, Task
from genlab.views.pictures import Written
from tests.toy_kind.declaration import WordExperiment
from tests.toy_kind.model import Writer


@dataclass(frozen=True)
class WordSamples:
    """Words, a line each."""

    words: list[str]
    things: ClassVar[str] = "words"
    file: ClassVar[str] = "words.txt"

    def write(self, out: Path) -> None:
        out.write_text("\n".join(self.words) + "\n")


class Words(Task[WordExperiment, Writer]):
    """Words that are written, and how likely those are that are there."""

    def picture(self, model: Writer, step: int) -> Written:
        generator = torch.Generator().manual_seed(self.experiment.seed)
        return Written(model, torch.rand(16, self.experiment.length, generator=generator))

    def evaluate(self, model: Writer, asked: Evaluation) -> dict[str, Any]:
        words = self.data().validation.words
        return {"nats": float(-model.log_prob(words).mean().detach()), "n": len(words)}

    def sample(self, model: Writer, request: Request) -> WordSamples:
        return WordSamples(["".join(map(str, word.tolist())) for word in sample(model, request)[:, 0]])


def words(source: Source, seed: int) -> list[str]:
    """What the page asks for."""
    request = Request(5, generator=torch.Generator().manual_seed(seed))
    return Words(WordExperiment()).sample(model_of(source), request).words
