"""Models with latents, which learn by a lower bound."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from tqdm import tqdm

from genlab.data.images import Images, examples
from genlab.errors import GenlabError
from genlab.evaluation.bounds import evaluate
from genlab.experiments.latents import LatentExperiment
from genlab.generation.request import Request
from genlab.generation.samples import ImageSamples
from genlab.models.vae import VAE
from genlab.training.task import Evaluation, Task
from genlab.views.latents import learning
from genlab.views.pictures import AtOnce

DRAWS = 64  # latents of each image in the bound that models of other kinds are compared by
SHOWN = 400  # test images on the plane of a picture


class Latents(Task[LatentExperiment, VAE]):
    """Samples that are decoded, a bound of the likelihood."""

    bound = f"importance-weighted bound, K = {DRAWS}"

    def picture(self, model: VAE, step: int) -> AtOnce:
        """As in ``Task``: samples of fixed noise, and where images lie on the plane of two latents."""
        data = self.experiment.data_arguments()
        return AtOnce(lambda: learning(model, *examples(**data, count=SHOWN), self.experiment.seed).pack())

    def log_prob(self, model: VAE, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """As in ``Task``: a bound."""
        return model.importance_weighted(x, DRAWS, generator)

    def evaluate(self, model: VAE, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: bounds of how likely held-out images are, in nats an image."""
        if asked.positions is not None:
            raise GenlabError("these models see all pixels at once: leave out --positions.")
        images, _ = getattr(cast(Images, self.data()), asked.split).fixed(asked.count)
        with tqdm(total=len(images), unit="image", disable=None) as bar:
            return {"split": asked.split, **evaluate(model, images, progress=bar.update)}

    def sound(self, model: VAE) -> bool:
        """As in ``Task``: of the bound of a blank image."""
        x = torch.zeros(1, *model.shape, dtype=torch.long)
        return bool(model.elbo(x, torch.Generator().manual_seed(0)).isfinite().all())

    def sample(self, model: VAE, request: Request) -> ImageSamples:
        """As in ``Task``."""
        request.classes(conditional=False)
        request.refuse_temperature()
        images = model.sample(request.n or 1, request.generator)[:, 0]
        return ImageSamples(images.cpu().numpy(), np.zeros(0), model.levels)
