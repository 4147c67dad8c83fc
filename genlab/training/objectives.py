"""What a run optimises: players, each with weights and a loss of its own, and the moves of one step, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.experiments.base import Experiment
from genlab.experiments.principles import ByBound, ByGame
from genlab.models.gan import GAN
from genlab.models.vae import VAE
from genlab.training.adversarial import LOSSES, discriminator_loss, generator_loss

Batch = Callable[[], tuple[Tensor, Tensor | None]]  # the next data, and their labels


class Objective(Protocol):
    """The moves of a training.

    Attributes:
        experiment: as it is now; a run changes it where a field is changed live.
        players: name to the part of the model that its moves change.
        round: the moves of one step, by player; the last one ends the step.
        beta1: of Adam.
        max_grad_norm: norm of the gradient beyond which it is scaled down, or None.
        likelihood: True where the loss on held-out data judges the model, and averaged weights are the better ones.
    """

    experiment: Experiment
    players: dict[str, nn.Module]
    round: tuple[str, ...]
    beta1: float
    max_grad_norm: float | None
    likelihood: bool

    def loss(self, player: str, batch: Batch, draws: torch.Generator) -> Tensor:
        """Of one player's next move; everything random comes from ``draws``."""

    def end(self, player: str) -> None:
        """What belongs to a move after its update."""


class Likely(Protocol):
    """A model whose loss says how unlikely data are to it.

    Attributes:
        loss_draws: calls of ``loss`` that a held-out loss averages; more where a call draws at random.
    """

    loss_draws: int

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """What training minimises."""


class MaximumLikelihood:
    """One player, which makes the data more likely."""

    beta1 = 0.9
    max_grad_norm: float | None = 1.0
    likelihood = True

    def __init__(self, model: Likely, experiment: Experiment) -> None:
        self._model, self.experiment = model, experiment
        self.players: dict[str, nn.Module] = {"train": cast(nn.Module, model)}
        self.round: tuple[str, ...] = ("train",)

    def loss(self, player: str, batch: Batch, draws: torch.Generator) -> Tensor:
        """As in ``Objective``."""
        return self.of(self._model, *batch(), draws)

    def of(self, model: Likely, x: Tensor, labels: Tensor | None, draws: torch.Generator) -> Tensor:
        """The loss of a model on some data."""
        return model.loss(x, labels, draws)

    def end(self, player: str) -> None:
        """As in ``Objective``: nothing."""


class LowerBound(MaximumLikelihood):
    """One player, which raises a lower bound of the likelihood whose KL weighs β."""

    experiment: ByBound

    def of(self, model: Likely, x: Tensor, labels: Tensor | None, draws: torch.Generator) -> Tensor:
        """As in ``MaximumLikelihood``: with β as it is now."""
        return cast(VAE, model).loss(x, labels, draws, self.experiment.beta)


class Adversarial:
    """Two players: k moves of the discriminator D, then one of the generator G."""

    max_grad_norm: float | None = None
    likelihood = False

    def __init__(self, model: GAN, experiment: ByGame) -> None:
        self._model, self._loss, self._n = model, LOSSES[experiment.loss], experiment.batch_size
        self.experiment: Experiment = experiment
        self.beta1, self._clip, self._penalty = experiment.beta1, experiment.clip, experiment.penalty
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
            return generator_loss(model, self._loss, z, labels)
        x, given = batch()
        mix = torch.rand(n, generator=draws, device=device)  # always: another loss must not meet other noise
        labels = given if model.conditional else None
        return discriminator_loss(model, self._loss, model.real(x), z, mix, labels, self._penalty)

    @torch.no_grad()
    def end(self, player: str) -> None:
        """As in ``Objective``: the weights of a critic may be clipped."""
        if player == "D" and self._loss.clipped:
            for weight in self.players["D"].parameters():
                weight.clamp_(-self._clip, self._clip)
