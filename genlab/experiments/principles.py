"""How an experiment learns: the other of its two parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal, get_args

from genlab.declaration import choice, number
from genlab.experiments.base import Experiment, Line, Reference, Unit
from genlab.formats import format_number

LossName = Literal["minimax", "non-saturating", "least-squares", "wasserstein", "wasserstein-gp", "hinge"]
LOSSES: tuple[LossName, ...] = get_args(LossName)
SURE = 1e-3  # D's loss below which no sample deceives it
SILENT = 1e-5  # length of G's gradient: of games that go on it was more than 40 times as long

_OF_D = r"-\,\mathbb{E}_x \log D(x) - \mathbb{E}_z \log\big(1 - D(G(z))\big)"
_DIFFERENCE = r"\mathbb{E}_z D(G(z)) - \mathbb{E}_x D(x)"
_SCORE = r"-\,\mathbb{E}_z D(G(z))"
FORMULAS: dict[LossName, tuple[str, str]] = {  # of D and of G, as LaTeX; ``genlab.training.adversarial`` computes them
    "minimax": (_OF_D, r"\mathbb{E}_z \log\big(1 - D(G(z))\big)"),
    "non-saturating": (_OF_D, r"-\,\mathbb{E}_z \log D(G(z))"),
    "least-squares": (
        r"\tfrac12 \mathbb{E}_x \big(D(x) - 1\big)^2 + \tfrac12 \mathbb{E}_z D(G(z))^2",
        r"\tfrac12 \mathbb{E}_z \big(D(G(z)) - 1\big)^2",
    ),
    "wasserstein": (_DIFFERENCE, _SCORE),
    "wasserstein-gp": (
        rf"{_DIFFERENCE} + \lambda\, \mathbb{{E}}_{{\hat x}} \big(\lVert \nabla D(\hat x) \rVert - 1\big)^2",
        _SCORE,
    ),
    "hinge": (r"\mathbb{E}_x \max\big(0, 1 - D(x)\big) + \mathbb{E}_z \max\big(0, 1 + D(G(z))\big)", _SCORE),
}
SIGMOID: tuple[LossName, ...] = ("minimax", "non-saturating")  # D(x) = σ(l) is a probability
WASSERSTEIN: tuple[LossName, ...] = ("wasserstein", "wasserstein-gp")  # −L_D estimates a distance


class ByLikelihood(Experiment):
    """One player, which makes the data more likely."""

    objective: ClassVar[str] = "genlab.training.objectives:MaximumLikelihood"
    curve: ClassVar[tuple[str, str]] = ("train", "held-out")

    @property
    def unit(self) -> Unit:
        """As in ``Experiment``."""
        return self.likelihood_unit

    @property
    def top(self) -> float:
        """As in ``Experiment``: what is reached without learning."""
        return next((line.value for line in self.lines() if line.above), super().top)

    def published(self) -> Reference | None:
        """As in ``Experiment``."""
        return self.published_likelihood()

    def lines(self) -> list[Line]:
        """As in ``Experiment``."""
        return self.likelihood_lines()


class ByBound(ByLikelihood):
    """One player, which raises a lower bound of the likelihood: reconstruction − β KL."""

    objective: ClassVar[str] = "genlab.training.objectives:LowerBound"
    live: ClassVar[tuple[str, ...]] = ("learning_rate", "beta")

    beta: float = number(
        1.0,
        "β",
        "Weight of the KL in the loss; can be changed while it trains. 1: the bound of log p(x). Above it latents are "
        "given up; at 0 the model is an autoencoder, whose samples mean nothing.",
        0.0,
        10.0,
        step=0.1,
    )


class ByGame(Experiment):
    """Two players: a generator G makes data of noise, a discriminator D tells them from real ones."""

    objective: ClassVar[str] = "genlab.training.objectives:Adversarial"
    curve: ClassVar[tuple[str, str]] = ("D", "G")
    players: ClassVar[tuple[str, ...]] = ("D", "G")
    counted: ClassVar[str] = "round"
    beta1: ClassVar[float] = 0.5  # of Adam
    clip: ClassVar[float] = 0.01  # largest absolute weight of a clipped critic
    penalty: ClassVar[float] = 10.0  # λ, the weight of the gradient penalty

    loss: LossName = choice(
        "non-saturating",
        "loss",
        "What the players play for: the likelihood of D's verdicts (minimax; non-saturating for G), the squared "
        "distance to a target, or a difference of scores: capped (hinge), or with a slope that clipped weights or a "
        "gradient penalty bound (Wasserstein). All formulas stand in *How it works*.",
        labels={
            "least-squares": "least squares",
            "wasserstein": "Wasserstein, clipped",
            "wasserstein-gp": "Wasserstein, gradient penalty",
        },
    )
    k: int = number(
        1, "k", "Moves of the discriminator for each move of the generator; a clipped critic needs about 5.", 1, 10
    )

    @property
    def unit(self) -> Unit:
        """As in ``Experiment``."""
        return Unit("loss", 1.0)

    def remark(self, losses: Mapping[str, float], gradients: Mapping[str, float]) -> str:
        """As in ``Experiment``: where D is sure of every datum, or G has no gradient, the game is over."""
        won = self.loss not in WASSERSTEIN and losses.get("D", 1.0) < SURE
        # Of minimax −∂L_G/∂l is σ(l) on average, which is at most D's loss.
        silent = gradients.get("G", 1.0) < SILENT or (won and self.loss == "minimax")
        if not (won or silent):
            return ""
        said = f"D has won: its loss is {format_number(losses['D'], 3)}, it tells every sample from the data. "
        heard = "G hears nothing: its gradient is all but 0." if silent else "G has lost touch with the data."
        other = " or the non-saturating loss" if self.loss == "minimax" else ""
        return f"{said if won else ''}{heard} Try a smaller learning rate{other}."

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return "Press train: D learns to tell made from real, G learns from what D says. Or let them move one by one."

    def lines(self) -> list[Line]:
        """As in ``Experiment``: where the losses would be if made data could not be told from real ones."""
        if self.loss not in SIGMOID:
            return []
        return [
            Line(2 * math.log(2), "D at equilibrium: 2 log 2", above=True),
            Line(math.log(2) * (1 if self.loss == "non-saturating" else -1), "G at equilibrium"),
        ]
