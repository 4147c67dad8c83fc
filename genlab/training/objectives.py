"""What a run optimises: players, each with weights and a loss of its own, and the moves of one step, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor, nn

from genlab.experiment import AdversarialExperiment, Experiment
from genlab.models import Model
from genlab.models.autoregressive import CLASSES, AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import GAN
from genlab.training.adversarial import LOSSES, gradient_penalty

Batch = Callable[[], tuple[Tensor, Tensor | None]]  # the next data, and their labels


class Objective(Protocol):
    """The moves of a training.

    Attributes:
        players: name to the part of the model that its moves change.
        round: the moves of one step, by player; the last one ends the step.
        momentum: Adam's β₁.
        largest: norm of the gradient beyond which it is scaled down, or None.
        likelihood: True where the loss on held-out data judges the model, and averaged weights are the better ones.
    """

    players: dict[str, nn.Module]
    round: tuple[str, ...]
    momentum: float
    largest: float | None
    likelihood: bool

    def loss(self, player: str, batch: Batch, draws: torch.Generator) -> Tensor:
        """Of one player's next move; everything random comes from ``draws``."""

    def end(self, player: str) -> None:
        """What belongs to a move after its update."""


class MaximumLikelihood:
    """One player, which makes the data more likely."""

    momentum = 0.9
    largest: float | None = 1.0
    likelihood = True

    def __init__(self, model: AutoregressiveImage | Flow) -> None:
        self._model = model
        self.players: dict[str, nn.Module] = {"train": model}
        self.round: tuple[str, ...] = ("train",)

    def loss(self, player: str, batch: Batch, draws: torch.Generator) -> Tensor:
        """As in ``Objective``."""
        return self._model.loss(*batch(), draws)

    def end(self, player: str) -> None:
        """As in ``Objective``: nothing."""


class Adversarial:
    """Two players: k moves of the discriminator D, then one of the generator G."""

    largest: float | None = None
    likelihood = False

    def __init__(self, model: GAN, experiment: AdversarialExperiment) -> None:
        self._model, self._loss, self._n = model, LOSSES[experiment.loss], experiment.batch_size
        self.momentum, self._clip, self._penalty = experiment.momentum, experiment.clip, experiment.penalty
        self.players: dict[str, nn.Module] = {"D": model.discriminator, "G": model.generator}
        self.round = ("D",) * experiment.k + ("G",)
        if self._loss.clipped:
            self.end("D")  # the critic begins inside its bounds

    def loss(self, player: str, batch: Batch, draws: torch.Generator) -> Tensor:
        """As in ``Objective``."""
        model, n, device = self._model, self._n, draws.device
        z = torch.randn(n, model.latent, generator=draws, device=device)
        if player == "G":
            labels = torch.randint(CLASSES, (n,), generator=draws, device=device) if model.conditional else None
            return self._loss.generate(model.discriminate(model.generate(z, labels), labels))
        x, given = batch()
        x, labels = model.real(x), given if model.conditional else None
        with torch.no_grad():
            fake = model.generate(z, labels)
        both = None if labels is None else torch.cat((labels, labels))
        loss = self._loss.discriminate(*model.discriminate(torch.cat((x, fake)), both).chunk(2))
        mix = torch.rand(n, generator=draws, device=device)  # always: another loss must not meet other noise
        if self._loss.penalised:
            loss = loss + self._penalty * gradient_penalty(
                lambda between: model.discriminate(between, labels), x, fake, mix
            )
        return loss

    @torch.no_grad()
    def end(self, player: str) -> None:
        """As in ``Objective``: the weights of a critic may be clipped."""
        if player == "D" and self._loss.clipped:
            for weight in self.players["D"].parameters():
                weight.clamp_(-self._clip, self._clip)


def objective(experiment: Experiment, model: Model) -> Objective:
    """What an experiment's model is trained for."""
    if isinstance(experiment, AdversarialExperiment):
        assert isinstance(model, GAN)
        return Adversarial(model, experiment)
    assert isinstance(model, AutoregressiveImage | Flow)
    return MaximumLikelihood(model)
