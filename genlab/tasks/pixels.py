"""Models that write images pixel by pixel."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from tqdm import tqdm

from genlab.data.images import Images
from genlab.errors import GenlabError
from genlab.evaluation.likelihood import evaluate
from genlab.experiments.pixels import PixelExperiment
from genlab.generation.request import Request
from genlab.generation.samples import ImageSamples
from genlab.generation.steps import generate
from genlab.models.autoregressive import AutoregressiveImage
from genlab.training.task import Evaluation, Task
from genlab.views.limits import SHOWN
from genlab.views.pictures import Written


class Pixels(Task[PixelExperiment, AutoregressiveImage]):
    """Samples that are written pixel by pixel, an exact likelihood."""

    def picture(self, model: AutoregressiveImage, step: int) -> Written:
        """As in ``Task``."""
        generator = torch.Generator().manual_seed(self.experiment.seed)
        return Written(model, torch.rand(SHOWN, self.experiment.size**2, generator=generator))

    def log_prob(self, model: AutoregressiveImage, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """As in ``Task``, exactly; of a model that is told the class, the mixture over classes."""
        return model.log_prob(x)

    def evaluate(self, model: AutoregressiveImage, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: how likely held-out images are."""
        images, labels = getattr(cast(Images, self.data()), asked.split).fixed(asked.count)
        with tqdm(total=len(images), unit="image", disable=None) as bar:
            try:
                result = evaluate(model, images, labels, positions=asked.positions, progress=bar.update)
            except ValueError as error:
                raise GenlabError(f"{error}.") from error
        published = self.experiment.published()
        return {
            "split": asked.split,
            **result,
            "published_bits_per_dim": published.bits_per_dim if published else None,
        }

    def sound(self, model: AutoregressiveImage) -> bool:
        """As in ``Task``: of the last pixel's posterior, which hears all others, on ink."""
        x = torch.full((1, *model.shape), model.levels - 1, device=next(model.parameters()).device)
        labels = torch.zeros(1, dtype=torch.long, device=x.device) if model.conditional else None
        return bool(model.predict_at(x, labels, len(model.order) - 1).isfinite().all())

    def sample(self, model: AutoregressiveImage, request: Request) -> ImageSamples:
        """As in ``Task``."""
        labels = request.classes(model.conditional)
        try:
            steps = generate(model, request, labels=labels)
            drawn = [step.value for step in tqdm(steps, total=len(model.order), unit="pixel", disable=None)]
        except ValueError as error:
            raise GenlabError(str(error)) from error
        values = torch.stack(drawn, 1).reshape(-1, model.size, model.size)
        return ImageSamples(values.cpu().numpy(), np.zeros(0) if labels is None else labels.numpy(), model.levels)
