"""Generative adversarial networks, on the plane and on images."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import torch

from genlab.errors import GenlabError
from genlab.evaluation.sample_quality import sample_quality
from genlab.experiments.base import Experiment
from genlab.experiments.gans import ImageGANExperiment, PlaneGANExperiment
from genlab.generation.request import Request
from genlab.generation.samples import ImageSamples, PointSamples
from genlab.models.gan import GAN, ImageGAN, PlaneGAN
from genlab.training.task import Evaluation, Playable, Task
from genlab.views.game import standing
from genlab.views.limits import SHOWN
from genlab.views.pack import pack
from genlab.views.pictures import AtOnce
from genlab.views.rounds import moment, slowly, slowly_on_images

POINTS = 100_000  # samples by which a generator is judged
FEW = 1000  # and while it still learns: some 30 ms on a slow core

E = TypeVar("E", bound=Experiment)
M = TypeVar("M", bound=GAN)


class _Game(Task[E, M]):
    """Two players."""

    def sound(self, model: M) -> bool:
        """As in ``Task``: of a sample, and of what D says of it."""
        labels = Request(1).classes(model.conditional)
        made = model.sample(1, torch.Generator().manual_seed(0), labels)
        return bool(model.discriminate(made, labels).isfinite().all())


class Plane(_Game[PlaneGANExperiment, PlaneGAN]):
    """Both players on the plane, and rounds of their game in slow motion."""

    def picture(self, model: PlaneGAN, step: int) -> AtOnce:
        """As in ``Task``."""
        return AtOnce(lambda: moment(self.experiment, model, step).pack())

    def quality(self, model: PlaneGAN) -> dict[str, float]:
        """As in ``Task``: the losses of a game do not tell. Always of the same noise."""
        told = standing(model, self.experiment.dataset, self.experiment.table, count=FEW).meta
        good = {} if told["good"] is None else {"good samples": told["good"]}
        modes = {"modes found": told["found"] / told["modes"]} if told["modes"] else {"data reached": told["reached"]}
        return good | modes | {"JS divergence, nats": told["js"]}

    def evaluate(self, model: PlaneGAN, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: a GAN has no likelihood, so it is judged by its samples."""
        asked.refuse()
        return standing(model, self.experiment.dataset, self.experiment.table, count=POINTS).meta

    def sample(self, model: PlaneGAN, request: Request) -> PointSamples:
        """As in ``Task``."""
        request.refuse_temperature()
        return PointSamples(model.sample(request.n or 1, request.generator, request.classes(False)).cpu().numpy())

    def slowly(self, run: Playable, step: int | None = None) -> bytes:
        """As in ``Task``."""
        return slowly(self.experiment, run, step).pack()


class Images(_Game[ImageGANExperiment, ImageGAN]):
    """Samples of fixed noise, judged by our own classifier."""

    def picture(self, model: ImageGAN, step: int) -> AtOnce:
        """As in ``Task``."""
        return AtOnce(lambda: pack({}, samples=_drawn(model, SHOWN, self.experiment.seed)))

    def slowly(self, run: Playable, step: int | None = None) -> bytes:
        """As in ``Task``."""
        return slowly_on_images(self.experiment, run).pack()

    def evaluate(self, model: ImageGAN, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: what its samples are worth."""
        asked.refuse()
        if not self.experiment.judgeable:
            raise GenlabError("only GANs of MNIST in 28×28 are judged: the classifier knows nothing else.")
        return sample_quality(model)

    def sample(self, model: ImageGAN, request: Request) -> ImageSamples:
        """As in ``Task``."""
        labels = request.classes(model.conditional)
        request.refuse_temperature()
        images = model.grey(model.sample(request.n or 1, request.generator, labels)[:, 0])
        return ImageSamples(images.numpy(), np.zeros(0) if labels is None else labels.numpy(), model.levels)


def _drawn(model: ImageGAN, count: int, seed: int) -> np.ndarray:
    """Grey levels uint8 (count, H, W)."""
    return model.grey(model.sample(count, torch.Generator().manual_seed(seed))[:, 0]).numpy()
