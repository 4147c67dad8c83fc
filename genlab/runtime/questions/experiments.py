"""What a canvas may ask about experiments that begin, and about models side by side. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError

from genlab.catalog import FAMILIES
from genlab.declaration import sentence
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.runtime.questions.base import About, Question
from genlab.runtime.visitors import Source


class FirstPicture(Question):
    """What a training begins with, and those beside it: one experiment a lane, as dictionaries."""

    name = "first_picture"
    answer = "genlab.runtime.answers:first_picture"

    lanes: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=4)]

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        return tuple(map(_experiment, self.lanes)), {}


class Beginning(Question):
    """As ``Beside``, of an experiment's model before its first step."""

    name = "beginning"
    answer = "genlab.runtime.beside:beginning"

    experiment: dict[str, Any]

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        experiment = _experiment(self.experiment)
        if not experiment.beside:
            raise GenlabError(f"Models of {experiment.things} are not compared.")
        return (experiment,), {}


def _experiment(values: dict[str, Any]) -> Experiment:
    family = FAMILIES.get(str(values.get("family")))
    if family is None:
        raise GenlabError(f"There is no family {str(values.get('family'))[:40]!r}.")
    try:
        return family.experiment.model_validate(values)
    except ValidationError as error:
        raise GenlabError(f"This experiment does not exist: {sentence(error)[:200].rstrip('.')}.") from error


class Beside(About):
    """A picture of what a model makes, of a kind that all models of such data have."""

    name = "beside"
    answer = "genlab.runtime.beside:picture"

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        if not source.experiment.beside:
            raise GenlabError("This cannot be asked of this kind of model.")

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, source.experiment), {}


class Measured(Beside):
    """Likelihood, samples, times and size of a model."""

    name = "measured"
    answer = "genlab.runtime.beside:measure"
