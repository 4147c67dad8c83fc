"""*Look inside* of the GANs: every value and every gradient, in the middle of a round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import streamlit as st
from pydantic import create_model

from genlab.catalog import entries
from genlab.declaration import Declaration, choice, number
from genlab.errors import DataUnavailable
from genlab.experiments.entries import Family
from genlab.experiments.principles import FORMULAS, LOSSES, SIGMOID, WASSERSTEIN, ByGame, LossName
from genlab.formats import format_count, format_number
from genlab.runtime.job import Job
from genlab.ui.shell.controls import controls
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.sources import MINE, SEEDS, own
from genlab.ui.shell.theme import PLAIN, colours
from genlab.ui.training.train import current

TRAINING = "training"  # the model as the visitor's training has it now
EVEN = 1.05  # a ratio below it is 1.0 when it is written
PLAYERS = {"D": "discriminator", "G": "generator"}
# Where both players can do no better: in symbols, where there are some.
EQUILIBRIUM = {"minimax": {"D": "2 log 2", "G": "−log 2"}, "non-saturating": {"D": "2 log 2", "G": "log 2"}}


class Look(Declaration):
    """What is looked at. ``model`` gets its choices from the family."""

    model: str
    loss: Literal["own", LossName] = choice(
        "own",
        "loss",
        "What the gradients are of: the loss that the model was trained with, or another one, on the same batch.",
        labels={"own": "as trained", **{name: ByGame.label("loss", name) for name in LOSSES}},
    )
    seed: int = number(0, "seed", "Of the batch. Same seed, same data, same noise.", 0, SEEDS - 1)
    verdict: Literal["probability", "logit"] = choice(
        "probability",
        "verdicts as",
        "What D says of a datum: D(x) = σ(l), the probability that it is real, or l itself, before the sigmoid.",
        labels={"probability": "D(x) = σ(l)", "logit": "l"},
    )


@dataclass(frozen=True)
class OnBatch(Inside):
    """A GAN, a loss and a batch."""

    settings: Look

    @property
    def loss(self) -> LossName:
        """What the gradients are of."""
        own: LossName = self.experiment.loss
        return own if self.settings.loss == "own" else self.settings.loss

    def view(self, path: str, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Words and arrays of a view; without the data, which is said, what needs none. Raises GenlabError."""
        asked = {"experiment": self.experiment, "seed": self.settings.seed, **arguments}
        try:
            return super().view(path, **asked)
        except DataUnavailable as error:
            st.caption(f":material/info: {error} What needs no real data is still here.")
            return super().view(path, **asked, data=False)


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model, a loss and a batch that the visitor chooses."""
    page = f"{family.name}.look"
    job = current(family)
    if not (models := _models(family, job, page)):
        st.info("No trained model of this family is here yet. Start a training, pause it, and come back.")
        return
    titles = tuple((name, title) for name, (title, _, _) in models.items())
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"{page}.settings"):
        chosen = controls(_settings(titles), ["model", "loss", "seed"], page=page)
        if chosen.model == TRAINING and job is not None and job.state == "running":
            st.button("Newest", icon=":material/refresh:", key=f"{page}.newest", help="It goes on training meanwhile.")
    _, source, experiment = models[chosen.model]
    inside = OnBatch(page, source, experiment, chosen)
    of_d, of_g = FORMULAS[inside.loss]
    sigmoid = "D(x) = \\sigma(l)" if inside.loss in SIGMOID else "D(x) = l"
    st.caption(f"${{L_D = {of_d}}}, \\qquad {{L_G = {of_g}}}, \\qquad {{{sigmoid}}}$")
    if inside.loss != experiment.loss:
        trained, other = (experiment.label("loss", name) for name in (experiment.loss, inside.loss))
        st.caption(f"The players were trained for **{trained}**. What they would get for **{other}**: a comparison.")
    show(panels, inside)


def _models(family: Family, job: Job | None, page: str) -> dict[str, tuple[str, str | bytes, Any]]:
    """Title, source and experiment of each model that can be looked at; a new state of a training is chosen at once."""
    models: dict[str, tuple[str, str | bytes, Any]] = {}
    snapshot = job.snapshot if job is not None else None
    if job is not None and snapshot is not None and snapshot.weights is not None:
        step, moves = (format_count(n) for n in (snapshot.step, snapshot.moves[0]))
        loss = job.experiment.label("loss", job.experiment.model_dump()["loss"])
        title = f"the training at round {step}, move {moves}: {loss}"
        models[TRAINING] = title, snapshot.weights, job.experiment
        new = job.token, None if job.state == "running" else snapshot.moves
        if st.session_state.get(f"{page}.training") != new:
            st.session_state[f"{page}.training"], st.session_state[f"{page}.model"] = new, TRAINING
    if (mine := own(family.name)) is not None:
        models[MINE] = "your own", mine["weights"], mine["experiment"]
    return models | {e.name: (e.title, e.name, e.experiment) for e in entries(family.name, shipped=True)}


@lru_cache(maxsize=32)
def _settings(titles: tuple[tuple[str, str], ...]) -> Look:
    """The settings with their defaults, for models by name and title."""
    shipped = [name for name, _ in titles if name not in (TRAINING, MINE)]
    about = "Weights that come with the project; your own; or your training, as it stands when it is paused."
    field = choice((shipped or [titles[0][0]])[0], "model", about, labels=dict(titles))
    literal: Any = Literal  # its choices are known only here
    kind: Any = create_model("Look", __base__=Look, model=(literal[tuple(name for name, _ in titles)], field))
    made: Look = kind()
    return made


def layers(inside: OnBatch) -> None:
    """Every layer of both players: its values, and the gradients that reach it."""
    from genlab.figures import gan as figures  # Plotly takes a second to import: only who looks inside waits

    st.subheader("Every layer, on one batch", anchor=False)
    meta, arrays = inside.view("genlab.views.inside:layers", loss=inside.loss)
    st.markdown(
        f"A batch of {meta['batch']} goes forward and back through both players, and nothing is updated. **h**: the "
        "values that leave a layer. **∂L/∂h** (bars; at their left, how many are 0) and **∂L/∂θ** (line): how the loss "
        "that this player minimises changes with them and with the layer's weights."
    )
    players, theme = [player for player in PLAYERS if player in meta], colours()
    span = figures.span([arrays[f"{player}_{kind}"] for player in players for kind in ("slopes", "weights")])
    for column, player in zip(st.columns(len(players), gap="medium"), players, strict=True):
        with column:
            seen = {kind: arrays[f"{player}_{kind}"] for kind in ("values", "range", "slopes", "weights")}
            colour = theme.judge if player == "D" else theme.model
            st.markdown(f"**{PLAYERS[player].capitalize()} {player}**, from its input on, for $L_{player}$")
            figure = figures.layers(meta[player], seen, span, colour, colours=theme)
            st.plotly_chart(figure, key=f"{inside.page}.layers.{player}", config=PLAIN)
    st.caption(
        "Dead: 0 on the whole batch, so nothing passes it. Saturated: a sigmoid so near 0 or 1 on the whole batch that "
        "its slope is below 0.01. Try: train with minimax and k = 10, pause after a second, look here, and choose "
        "non-saturating as the loss: the gradients of G slide to the right. Then *move D* once more, and come back: "
        "what changed?"
    )


def verdicts(inside: OnBatch) -> None:
    """What D says of real and of made data, and how the game stands."""
    from genlab.figures import gan as figures

    st.subheader("What D says", anchor=False)
    meta, says = inside.view("genlab.views.inside:verdicts", loss=inside.loss)
    left, right = st.columns([3, 2], gap="large")
    with left:
        probability = meta["sigmoid"]
        if probability:
            chosen = controls(inside.settings, ["verdict"], page=inside.page)
            probability = chosen.verdict == "probability"
        of = {"sigmoid": meta["sigmoid"], "colours": colours()}
        figure = figures.verdicts(says.get("real"), says["fake"], probability, meta["neutral"], **of)
        st.plotly_chart(figure, key=f"{inside.page}.verdicts", config=PLAIN)
    with right:
        rows = {
            f"$L_{player}$": [
                f"**{_decimal(meta['loss'][player])}**",
                _equilibrium(inside.loss, player, meta["equilibrium"][player]),
                f"**{figures.number(meta['norm'][player])}**",
            ]
            for player in meta["loss"]
        }
        st.table(
            {
                "": list(rows),
                **{
                    name: [row[i] for row in rows.values()]
                    for i, name in enumerate(("now", "at equilibrium", "‖∂L/∂θ‖"))
                },
            }
        )
        where = "are the same, wherever they lie" if meta["neutral"] is None else "lie on the dotted line"
        st.caption(
            f"At equilibrium made and real data are alike, and D cannot tell: both histograms {where}. "
            f"‖∂L/∂θ‖: the gradient that each player gets, over all of its weights. {worth(inside.loss)} Try: pause a "
            "training early, when D has just learnt to see through the samples."
        )


def worth(loss: LossName) -> str:
    """What the losses say of the samples."""
    if loss in WASSERSTEIN:
        return (
            "These losses do say how good the samples are: $-L_D$ estimates, up to a factor, how far made data are "
            "from real ones, as long as D is trained well."
        )
    return "The losses say who is winning, not how good the samples are."


def _equilibrium(loss: str, player: str, value: float | None) -> str:
    """The loss at equilibrium, in symbols and as a number."""
    if value is None:
        return "no fixed value"
    symbols = EQUILIBRIUM.get(loss, {}).get(player)
    return f"{symbols} = {_decimal(value)}" if symbols else _decimal(value)


def _decimal(value: float) -> str:
    from genlab.figures.gan import number as short

    return format_number(value, 3) if value == 0 or abs(value) >= 1e-3 else short(value)


def saturation(inside: OnBatch) -> None:
    """Why the generator's loss was changed: minimax beside non-saturating, and every other one."""
    from genlab.figures import gan as figures

    st.subheader("Where the minimax loss has no slope left", anchor=False)
    meta, arrays = inside.view("genlab.views.inside:saturation")
    st.markdown(
        "D says $l$ of a made datum, a probability $\\sigma(l)$ of being real. For G, $\\log(1-\\sigma(l))$ and "
        "$-\\log\\sigma(l)$ want the same, a larger $l$. But their slopes are $-\\sigma(l)$ and $-(1-\\sigma(l))$: "
        "where D is sure that a datum is made, the first one is flat."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.plotly_chart(figures.slopes(arrays, colours=colours()), key=f"{inside.page}.slopes", config=PLAIN)
    with right:
        named = {ByGame.label("loss", name): norm for name, norm in meta["norms"].items()}
        figure = figures.norms(named, ("minimax", "non-saturating"), colours=colours())
        st.plotly_chart(figure, key=f"{inside.page}.norms", config=PLAIN)
    st.markdown(compared(meta["norms"], meta["probability"]))
    st.caption(
        "The bars: the gradient that G would get right now, on the same batch, for every loss. This D was trained for "
        f"{inside.experiment.label('loss', inside.experiment.loss)}: the others are only for comparison. To G the "
        "Wasserstein losses and hinge are the same, −D(G(z)). Try: minimax, k = 10, pause after a second."
    )


def compared(norms: dict[str, float], probability: float) -> str:
    """How much smaller the minimax gradient is, in words.

    Arguments:
        norms: of G's gradient, by loss.
        probability: that D gives the made data on average.
    """
    from genlab.figures.gan import number as short

    gives = f"D gives the samples a probability of **{short(probability)}** on average"
    minimax, other = norms["minimax"], norms["non-saturating"]
    if 0 in (minimax, other):
        return f"Here the {'minimax' if minimax == 0 else 'non-saturating'} gradient is **0**: {gives}."
    ratio = max(other, minimax) / min(other, minimax)
    times = f"{float(f'{ratio:.2g}'):,.{1 if ratio < 10 else 0}f}".replace(",", "\u202f")
    if ratio < EVEN:
        return f"Here the minimax and the non-saturating gradient are **about equally large**: {gives}."
    if minimax > other:
        return f"Here the minimax gradient is **{times} times larger** than the non-saturating one: {gives}."
    why = "because" if probability < 0.1 else "and"
    return f"Here the minimax gradient is **{times} times smaller** than the non-saturating one, {why} {gives}."
