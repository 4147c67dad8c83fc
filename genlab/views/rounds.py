"""What can be seen of a game while it is played."""

from __future__ import annotations

from typing import cast

from genlab.experiments.gans import PlaneGANExperiment
from genlab.models.gan import GAN
from genlab.training.task import Playable
from genlab.views.game import game, played
from genlab.views.seen import Seen

BEGUN = 200  # steps before which nothing has been learnt that could collapse


def moment(experiment: PlaneGANExperiment, model: GAN, step: int = BEGUN) -> Seen:
    """``genlab.views.game.game`` of an experiment's players at a step, with the noise of its seed."""
    so_far = step < experiment.steps
    seen = game(model, experiment.loss, experiment.dataset, experiment.table, experiment.seed, so_far=so_far)
    return seen if step >= BEGUN else Seen({**seen.meta, "collapse": ""}, seen.arrays)


def slowly(experiment: PlaneGANExperiment, run: Playable) -> Seen:
    """Plays a round of a game on the plane: ``genlab.views.game.played`` before, between and after its moves."""
    model = cast(GAN, run.model)
    states = [moment(experiment, model)]
    for player in run.round:
        run.move(player)
        states.append(moment(experiment, model))
    return played(states, run.round)
