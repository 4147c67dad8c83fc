"""What can be seen of a game while it is played."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch

from genlab.data.classes import CLASSES
from genlab.data.datasets import load
from genlab.experiments.gans import ImageGANExperiment, PlaneGANExperiment
from genlab.models.gan import GAN, ImageGAN
from genlab.training.adversarial import LOSSES
from genlab.training.task import Playable
from genlab.views.game import game, judge, middle, played, push
from genlab.views.limits import SHOWN
from genlab.views.seen import Seen, floats

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


def slowly_on_images(experiment: ImageGANExperiment, run: Playable) -> Seen:
    """Plays a round of a game on images.

    Returns:
        Of S states, before, between and after its moves, and of n images of noise that stays the same: ``states`` uint8
        (S, n, H, W); ``says`` and ``says_real`` float32 (S, n), D(x) of these and of as many real images; ``pull``
        float32 (S, n, H, W), −∂L_G/∂x of each image's own loss: where G is told to put more ink (+) or less (−).
        ``samples`` uint8 (n, H, W) are the last of them. ``meta`` has ``moves``, ``judge``: what D(x) is, and
        ``neutral`` and ``reach`` of its scale, see ``genlab.views.game.game``.
    """
    model, loss = cast(ImageGAN, run.model), LOSSES[experiment.loss]
    noise = model.noise(SHOWN, torch.Generator().manual_seed(experiment.seed))
    levels, classes = load(experiment).train.batch(torch.arange(SHOWN), torch.Generator().manual_seed(experiment.seed))
    real = model.real(levels).to(noise)
    labels = torch.arange(SHOWN, device=noise.device) % CLASSES if model.conditional else None
    told = classes.to(noise.device) if model.conditional and classes is not None else None

    def state() -> tuple[torch.Tensor, ...]:
        with torch.no_grad():
            made = model.generate(noise, labels)
            says = [model.discriminate(made, labels), model.discriminate(real, told)]
        seen = [score.sigmoid() if loss.sigmoid else score for score in says]
        return model.grey(made)[:, 0], *seen, push(model, loss, made, labels)[:, 0]

    states = [state()]
    for player in run.round:
        run.move(player)
        states.append(state())
    images, says, says_real, pull = (torch.stack(part) for part in zip(*states, strict=True))
    neutral, reach = middle(says_real, says, loss)
    meta = {"moves": list(run.round), "judge": judge(loss), "neutral": neutral, "reach": reach}
    arrays = {"says": floats(says), "says_real": floats(says_real), "pull": floats(pull)}
    pictures: np.ndarray = images.numpy()
    return Seen(meta, arrays | {"states": pictures, "samples": pictures[-1]})
