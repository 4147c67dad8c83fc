"""What the players of a game minimise, in symbols."""

from __future__ import annotations

from genlab.experiments.principles import FORMULAS, LOSSES, ByGame

ABOUT = {
    "minimax": "The game of the first paper: for G minus the loss that D has of made data. D(x) = σ(l) is a "
    "probability; l is the number that the network gives.",
    "non-saturating": "The same for D. G has the same aim, and a slope where D is sure.",
    "least-squares": "From here on there is no sigmoid, D(x) = l: a score, which D draws to 1 for real and to 0 for "
    "made data.",
    "wasserstein": "After each move of D its weights are clipped to [−{clip:g}, {clip:g}], so that its slope is "
    "bounded.",
    "wasserstein-gp": "The slope of D is held near 1 at x̂, on the straight way between a real and a made point, with "
    "λ = {penalty:g}.",
    "hinge": "D gains nothing by saying more than 1 of real or less than −1 of made data.",
}


def formulas(game: type[ByGame]) -> tuple[tuple[str, str], ...]:
    """Both losses of every game as LaTeX, and what is said of them; the numbers are those of an experiment."""
    fields = game.model_fields
    every = tuple(
        (
            rf"\begin{{aligned}} \mathcal{{L}}_D &= {of_d} \\ \mathcal{{L}}_G &= {of_g} \end{{aligned}}",
            f"**{game.label('loss', name)}.** {ABOUT[name].format(clip=game.clip, penalty=game.penalty)}",
        )
        for name in LOSSES
        for of_d, of_g in [FORMULAS[name]]
    )
    optimiser = (
        r"\theta \leftarrow \theta - \eta \, \hat m / \big(\sqrt{\hat v} + \epsilon\big)",
        f"Both players take their steps with Adam, here with β₁ = {game.beta1:g}, β₂ = 0.999, at first η = "
        f"{fields['learning_rate'].default:g} and batches of {fields['batch_size'].default}: m̂ and v̂ are running "
        "means of the gradient and of its square.",
    )
    return (*every, optimiser)
