"""Normalizing flows on images."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from tqdm import tqdm

from genlab.data.images import Images
from genlab.errors import GenlabError, OutsideDomain
from genlab.evaluation.dequantized import evaluate
from genlab.experiments.image_flows import ImageFlowExperiment
from genlab.generation.request import Request
from genlab.generation.samples import ImageSamples
from genlab.models.image_flow import ImageFlow
from genlab.training.task import Evaluation, Task
from genlab.views.limits import SHOWN
from genlab.views.pack import pack
from genlab.views.pictures import AtOnce


class ImageFlows(Task[ImageFlowExperiment, ImageFlow]):
    """Samples of fixed noise, an exact density."""

    bound = "bound: of dequantised images"

    def picture(self, model: ImageFlow, step: int) -> AtOnce:
        """As in ``Task``."""
        generator = torch.Generator().manual_seed(self.experiment.seed)
        return AtOnce(lambda: pack({}, samples=_ink(model.sample(SHOWN, generator))))

    def log_prob(self, model: ImageFlow, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """As in ``Task``: the density of dequantised images, on the average a bound for the grey levels."""
        return model.log_prob(x, generator=generator)

    def evaluate(self, model: ImageFlow, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: how likely held-out images are."""
        if asked.positions is not None:
            raise GenlabError("a flow gives an image's density whole: leave out --positions.")
        images, labels = getattr(cast(Images, self.data()), asked.split).fixed(asked.count)
        with tqdm(total=len(images), unit="image", disable=None) as bar:
            try:
                result = evaluate(model, images, labels, progress=bar.update)
            except ValueError as error:
                raise GenlabError(f"{error}.") from error
        published = self.experiment.published()
        bits = published.bits_per_dim if published else None
        return {"split": asked.split, **result, "published_bits_per_dim": bits}

    def sound(self, model: ImageFlow) -> bool:
        """As in ``Task``: of a sample and its density."""
        generator, labels = torch.Generator().manual_seed(0), Request(1).classes(model.conditional)
        try:
            return bool(model.log_prob(model.sample(1, generator, labels), labels, generator).isfinite().all())
        except OutsideDomain:
            return False

    def sample(self, model: ImageFlow, request: Request) -> ImageSamples:
        """As in ``Task``."""
        labels = request.classes(model.conditional)
        images = model.sample(request.n or 1, request.generator, labels, request.temperature)
        return ImageSamples(_ink(images), np.zeros(0) if labels is None else labels.numpy(), model.levels)


def _ink(images: torch.Tensor) -> np.ndarray:
    """Grey levels uint8 (n, H, W)."""
    return images[:, 0].to("cpu", torch.uint8).numpy()
