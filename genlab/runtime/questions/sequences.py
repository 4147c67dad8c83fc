"""What a canvas may ask about models of sequences. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from genlab.errors import GenlabError
from genlab.experiments.base import Kind
from genlab.experiments.sequences import SEQUENCES
from genlab.runtime.questions.base import AsFigure, Seed, View
from genlab.runtime.visitors import Source

MOST = 64  # places of a sequence

Level = Annotated[int, Field(ge=0, le=255)]


class _OfSequences(View):
    of: ClassVar[tuple[Kind, ...]] = (SEQUENCES,)

    def fits(self, values: tuple[Level | None, ...], source: Source) -> None:
        """Raises GenlabError where values are no sequence of the model."""
        experiment: Any = source.experiment
        if len(values) != experiment.length:
            raise GenlabError(f"A sequence of this model has {experiment.length} places, not {len(values)}.")
        if any(value is not None and value >= experiment.levels for value in values):
            raise GenlabError(f"The levels of this model are 0 to {experiment.levels - 1}.")


class WrittenSequences(_OfSequences):
    """Sequences that a model writes, and the posterior of every place."""

    name = "written"
    view = "genlab.views.sequences:written"

    n: int = Field(16, ge=1, le=48)
    seed: Seed = 0
    temperature: float = Field(1.0, ge=0.1, le=2.0)
    known: tuple[Level | None, ...] = Field((), max_length=MOST)

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        if self.known:
            self.fits(self.known, source)


class Reach(_OfSequences):
    """How strongly each value moves the prediction at each place."""

    name = "reach"
    view = "genlab.views.sequences:reach"


class Poke(_OfSequences):
    """What changes when one value is another one."""

    name = "poke"
    view = "genlab.views.sequences:poke"

    place: int = Field(ge=0, lt=MOST)
    hide: Literal["shift", "mask", "leak"] = "shift"


class Needs(Poke):
    """What a prediction depends on."""

    name = "needs"
    view = "genlab.views.sequences:needs"


class Posteriors(_OfSequences):
    """What a model expects at every place of a given sequence."""

    name = "posteriors"
    view = "genlab.views.sequences:posteriors"

    sequence: tuple[Level, ...] = Field(max_length=MOST)

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        self.fits(self.sequence, source)


class ReachMap(AsFigure):
    """What moves the prediction at each place, as a map."""

    name = "reach_map"
    view = "genlab.views.sequences:reach"
    figure = "genlab.figures.sequences:reach"
    of: ClassVar[tuple[Kind, ...]] = (SEQUENCES,)
