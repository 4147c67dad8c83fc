"""What every experiment has, whatever its data and however it learns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from genlab.declaration import Declaration, choice, number

_RATE = "Step size of Adam; can be changed while it trains. It falls to a tenth over the last 40 % of the steps."
_STEPS = "Optimiser steps in a whole training; the learning rate falls over the last 40 %."


def batch_field(default: int, things: str, most: int) -> Any:
    """A field: how much is learnt from at once."""
    return number(default, "batch", f"{things} in one step of the optimiser.", 1, most)


def rate_field(default: float) -> Any:
    """A field: the learning rate."""
    return number(default, "learning rate", _RATE, 1e-5, 1e-1, log=True)


def steps_field(default: int) -> Any:
    """A field: the length of a training."""
    return number(default, "steps", _STEPS, 1, 1_000_000)


def muon_field(kernels: str) -> Any:
    """A field: whether Muon moves some kernels."""
    return choice(
        False,
        "Muon",
        f"For the kernels of {kernels}, instead of Adam, at five times the learning rate: every step of a kernel is "
        "nearly an orthogonal matrix.",
    )


def hidden_field(default: int) -> Any:
    """A field: the width of a network."""
    return number(default, "hidden units", "Units of each hidden layer of the networks inside.", 1, 256)


class Unit(NamedTuple):
    """In what losses are told."""

    name: str
    nats: float  # of the model's own loss, that make one
    per: str = ""  # of what, where the name does not say it


class Line(NamedTuple):
    """What a loss curve is compared with, in the curve's unit."""

    value: float
    label: str
    above: bool = False  # where the label stands


class Reference(NamedTuple):
    """A published result to compare with."""

    bits_per_dim: float
    label: str


@dataclass(frozen=True)
class Kind:
    """What a kind of experiment is to the rest of the program, as paths "module:name" of what is imported when needed.

    Attributes:
        name: its own.
        task: the class that says what it means where it computes, see ``genlab.training.task``.
        canvas: which canvas shows a training: images, plane, line, sequences, sound, game or latents.
        panels: by mode (watch, draw, look) what draws it: called with the family, for look also with what is shown.
        arrive: called in every mode, before its panel; "" for nothing.
        before: gives the packed picture of an experiment before its first step; "" for what the new model draws.
        beside: what is trained side by side on the same data: "family", or the name of a field whose values are; "".
        beside_help: says it to a visitor.
        terms: of ``genlab.glossary``, which its pages use.
        same: what is random in the pictures of a training, and the same in all of them.
    """

    name: str
    task: str
    canvas: str
    panels: Mapping[str, str]
    arrive: str = ""
    before: str = ""
    beside: str = ""
    beside_help: str = ""
    terms: tuple[str, ...] = ()
    same: str = "fixed noise"


class Experiment(Declaration):
    """What every experiment has. Its data and its principle are parts that a kind adds, the model is a family's.

    Schedules count steps: ``learning_rate`` falls to a tenth over the last 40 % of ``steps``.

    Attributes:
        kind: what it means to the rest of the program.
        things: what the data are, in the plural.
        loader: dotted path of what reads the data, called with ``data_fields``.
        beside: dotted path of what compares models of such data, whatever their kind, see ``genlab.views.beside``; ""
            where nothing does.
        own: dotted path of what lets visitors make data of their own, see ``genlab.ui.training.own``; "" for nothing.
        likelihood_unit: of a model's negative log-likelihood of these data.
        convolves: True where models of these data are mostly convolutions.
        objective: dotted path of what is optimised, made of a model and its experiment.
        curve: the two losses of a training.
        players: whose moves can be made one by one.
        counted: what a training counts.
        invitation: what is said before the first training.
        architecture_fields: what the model's class is told.
        live: fields that can be changed while it trains.
    """

    family: str
    kind: ClassVar[Kind]

    things: ClassVar[str]
    loader: ClassVar[str]
    data_fields: ClassVar[tuple[str, ...]]
    beside: ClassVar[str] = ""
    own: ClassVar[str] = ""
    likelihood_unit: ClassVar[Unit]
    convolves: ClassVar[bool] = False

    objective: ClassVar[str]
    curve: ClassVar[tuple[str, str]]
    players: ClassVar[tuple[str, ...]] = ()
    counted: ClassVar[str] = "step"
    architecture_fields: ClassVar[tuple[str, ...]] = ()
    live: ClassVar[tuple[str, ...]] = ("learning_rate",)

    batch_size: int = batch_field(32, "Data", 512)
    learning_rate: float = rate_field(2e-3)
    steps: int = steps_field(1800)
    seed: int = number(
        0,
        "seed",
        "Same seed: same initial weights, same batches; on the same machine with as many threads the same training.",
        0,
        2**31 - 1,
    )

    def architecture(self) -> dict[str, Any]:
        """Keyword arguments of the model's class."""
        return {name: getattr(self, name) for name in self.architecture_fields}

    def data_arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``loader``."""
        return {name: getattr(self, name) for name in self.data_fields}

    # What a part may know better

    @property
    def unit(self) -> Unit:
        """In what the losses are told."""
        raise NotImplementedError

    @property
    def invitation(self) -> str:
        """What is said before the first training."""
        return "Press train."

    def remark(self, losses: Mapping[str, float], gradients: Mapping[str, float]) -> str:
        """What a visitor should know of a training; mostly nothing.

        Arguments:
            losses, gradients: by player, see ``genlab.training.progress.Progress``.
        """
        return ""

    @property
    def rises(self) -> int:
        """Steps over which the learning rate rises at the beginning."""
        return 0

    @property
    def downloads(self) -> bool:
        """True where the data may have to be fetched first."""
        return False

    @property
    def judged(self) -> bool:
        """True where samples are judged while a model learns, see ``Task.quality``."""
        return False

    @property
    def judgeable(self) -> bool:
        """True where samples can be judged by our digit classifier."""
        return False

    @property
    def top(self) -> float:
        """The largest loss that is worth showing."""
        return 4.0

    def entropy(self) -> float | None:
        """Of the density of the data in nats: no expected negative log-likelihood lies below it. None if unknown."""
        return None

    def published(self) -> Reference | None:
        """A published result on the same data that a model may be compared with, or None."""
        return None

    def published_likelihood(self) -> Reference | None:
        """The same of a likelihood, as the data's part knows it."""
        return None

    def likelihood_lines(self) -> list[Line]:
        """What a likelihood of the data is compared with: at least the least loss that there is, if it is known."""
        floor = self.entropy()
        return [] if floor is None else [Line(floor, f"entropy of the data: {floor:.3f}")]

    def lines(self) -> list[Line]:
        """What the loss curve is compared with."""
        return []
