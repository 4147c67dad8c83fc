"""What can be seen of a game while it is played."""

from __future__ import annotations

from typing import cast

from genlab.experiments.gans import PlaneGANExperiment
from genlab.models.gan import GAN
from genlab.training.task import Playable
from genlab.views.game import game, played
from genlab.views.seen import Seen

BEGUN = 200  # steps before which nothing has been learnt that could collapse


def moment(experiment: PlaneGANExperiment, model: GAN, step: int | None = None) -> Seen:
    """``genlab.views.game.game`` of an experiment's players, with the noise of its seed.

    Arguments:
        step: of a training that is under way; None of a model that has been trained.
    """
    so_far = step is not None and step < experiment.steps
    seen = game(model, experiment.loss, experiment.dataset, experiment.table, experiment.seed, so_far=so_far)
    return Seen({**seen.meta, "collapse": ""}, seen.arrays) if step is not None and step < BEGUN else seen


def slowly(experiment: PlaneGANExperiment, run: Playable, step: int | None = None) -> Seen:
    """Plays a round of a game on the plane: ``genlab.views.game.played`` before, between and after its moves."""
    model = cast(GAN, run.model)
    states = [moment(experiment, model, step)]
    for player in run.round:
        run.move(player)
        states.append(moment(experiment, model, step))
    return played(states, run.round)
