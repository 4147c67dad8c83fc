"""What a kind of experiment means to the rest of the program: one class a kind, in ``genlab.tasks``.

Runs, jobs, pages and the command line ask the task. Nobody asks what kind of experiment it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from genlab.data.datasets import DataSet, load
from genlab.dotted import resolve
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.generation.request import Request
from genlab.generation.samples import Samples
from genlab.training.objectives import Objective

E = TypeVar("E", bound=Experiment)
M = TypeVar("M", bound=nn.Module)


class Picture(Protocol):
    """A picture under way."""

    @property
    def seconds(self) -> float:
        """That it took so far."""

    def go_on(self, seconds: float) -> bytes | None:
        """Draws for about so long; the packed picture once all is drawn."""


class Playable(Protocol):
    """A run, as far as a round of its moves needs it."""

    model: nn.Module

    @property
    def round(self) -> tuple[str, ...]:
        """The moves of one step, in order."""

    def move(self, player: str) -> None:
        """One of them."""


@dataclass(frozen=True)
class Evaluation:
    """On what a model is evaluated, where held-out data are given.

    Attributes:
        split: test or validation.
        count: only the first so many; None for all.
        positions: of a model that takes a pass for each position: so many random ones; None for all.
    """

    split: str = "test"
    count: int | None = None
    positions: int | None = None

    def refuse(self) -> None:
        """Raises GenlabError where held-out images are chosen: for a model that is judged by fresh data."""
        if self != Evaluation():
            raise GenlabError("this model is judged by fresh data: leave out --split, --images and --positions.")


class Task(Generic[E, M]):
    """What an experiment and its models mean.

    Attributes:
        bound: what ``log_prob`` is a bound by, in words; "" where it is exact, or is not there.
    """

    bound: ClassVar[str] = ""

    def __init__(self, experiment: E) -> None:
        self.experiment = experiment

    def data(self) -> DataSet:
        """What the model learns from. Raises DataUnavailable, or GenlabError for own data that cannot be read."""
        return load(self.experiment)

    def objective(self, model: M) -> Objective:
        """What the model is trained for."""
        objective: Objective = resolve(self.experiment.objective)(model, self.experiment)
        return objective

    def picture(self, model: M, step: int) -> Picture:
        """A picture of a model at a step, with the same random numbers for every picture of the same experiment.

        Arguments:
            model: one of its own, which nothing trains meanwhile.
        """
        raise NotImplementedError

    def quality(self, model: M) -> dict[str, float]:
        """What samples of a model are worth, each by a name that people read and from 0 to 1; empty where a loss tells.

        Cheap enough to be asked again and again while a model learns.
        """
        return {}

    def log_prob(self, model: M, x: Tensor, generator: torch.Generator) -> Tensor | None:
        """``log p(x)`` of data in nats with shape (N,), or a bound of it from below; None where there is none.

        Arguments:
            x: data as a batch has them.
            generator: of what is random in a bound.
        """
        return None

    def pictured(self, model: M, x: Tensor, generator: torch.Generator) -> Tensor | None:
        """``log_prob`` of the places of a picture; of a bound perhaps an estimate that looks smoother."""
        return self.log_prob(model, x, generator)

    def evaluate(self, model: M, asked: Evaluation) -> dict[str, Any]:
        """How good a model is. Raises GenlabError where that cannot be said."""
        raise NotImplementedError

    def sample(self, model: M, request: Request) -> Samples:
        """What a model makes. Raises GenlabError for a request that does not fit it."""
        raise NotImplementedError

    def sound(self, model: M) -> bool:
        """True where what a model makes of its weights are numbers: weights can be finite, and yet too large."""
        return True

    def slowly(self, run: Playable, step: int | None = None) -> bytes:
        """Plays a step of a run move by move: the packed picture of it. Raises GenlabError where there is none.

        Arguments:
            step: of a training that is under way; None of a model that has been trained.
        """
        raise GenlabError("These are weights of a model that plays no game on the plane.")


def task(experiment: Experiment) -> Task[Any, Any]:
    """The task of an experiment."""
    made: Task[Any, Any] = resolve(experiment.kind.task)(experiment)
    return made
