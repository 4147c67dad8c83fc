"""What the kind declares: data, principle, family, entry. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from genlab.declaration import number
from genlab.experiments.base import Experiment, Kind, Unit, batch_field, rate_field, steps_field
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

WORDS = Kind(
    name="words", task="tests.toy_kind.task:Words", canvas="images", panels={"watch": "tests.toy_kind.panel:watch"}
)


class OnBits(Experiment):
    """Words whose letters are in order."""

    things: ClassVar[str] = "words"
    loader: ClassVar[str] = "tests.toy_kind.data:load"
    data_fields: ClassVar[tuple[str, ...]] = ("length", "seed")
    likelihood_unit: ClassVar[Unit] = Unit("nats", 1.0)

    length: int = number(6, "length", "Letters of a word.", 2, 12)


class WordExperiment(OnBits, ByLikelihood):
    """A logistic regression of each letter on those after it."""

    kind: ClassVar[Kind] = WORDS
    family: Literal["toy"] = "toy"
    levels: ClassVar[int] = 2
    architecture_fields: ClassVar[tuple[str, ...]] = ("length", "hidden")
    batch_size: int = batch_field(64, "Words", 512)
    learning_rate: float = rate_field(2e-2)
    steps: int = steps_field(200)
    hidden: int = number(16, "hidden units", "Of the network.", 1, 64)


class Elsewhere(Family):
    """A family whose page and picture are not among the project's own."""

    @property
    def script(self) -> Path:
        """As in ``Topic``."""
        return Path(__file__).parent / "page.py"


TOPICS: tuple[Topic, ...] = (
    Elsewhere("toy", "Toy", "Words of bits.", "Words", "Nobody", "abc", "tests.toy_kind.model:Writer", WordExperiment),
)
ENTRIES = (Entry("toy-sorted", "letters in order", WordExperiment()),)
