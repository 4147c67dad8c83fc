"""The pictures that a training draws of its model. Uses torch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch

from genlab.experiment import (
    Experiment,
    FlowExperiment,
    ImageGANExperiment,
    LineExperiment,
    PixelExperiment,
    PlaneGANExperiment,
)
from genlab.generation.steps import generate
from genlab.models import Model
from genlab.models.autoregressive import CLASSES, AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import ImageGAN, PlaneGAN
from genlab.views.line import line
from genlab.views.pack import pack
from genlab.views.plane import warp
from genlab.views.rounds import moment

IMAGES = 16
SIDE, POINTS = 24, 400  # of a mesh that is drawn while a flow trains, and the points on it


class Picture(Protocol):
    """A picture under way."""

    seconds: float  # that it took so far

    def go_on(self, seconds: float) -> bytes | None:
        """Draws for about so long; the packed picture once all is drawn."""


class Images:
    """Samples drawn a few pixels at a time: ``samples`` uint8 (n, H, W).

    Arguments:
        model: a model of its own, which nothing trains meanwhile.
        uniforms: (n, T), the same for every picture of a training, so that only the model changes.
    """

    def __init__(self, model: AutoregressiveImage, uniforms: torch.Tensor) -> None:
        labels = torch.arange(len(uniforms)) % CLASSES if model.conditional else None
        self._size = model.size
        self._steps = generate(model, labels=labels, uniforms=uniforms)
        self._values: list[torch.Tensor] = []
        self.seconds = 0.0

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``; at least a pixel."""
        start = time.perf_counter()
        for step in self._steps:
            self._values.append(step.value)
            if time.perf_counter() - start >= seconds:
                break
        complete = len(self._values) == self._size**2
        samples = torch.stack(self._values, 1).to("cpu", torch.uint8).numpy() if complete else None
        self.seconds += time.perf_counter() - start
        return None if samples is None else pack({}, samples=samples.reshape(-1, self._size, self._size))


class View:
    """A view of a model, small enough to be made at once."""

    def __init__(self, view: Callable[[], bytes]) -> None:
        self._view = view
        self.seconds = 0.0

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``."""
        start = time.perf_counter()
        block = self._view()
        self.seconds = time.perf_counter() - start
        return block


class Pair:
    """Two pictures side by side, each packed: ``one`` and ``other``, uint8."""

    def __init__(self, one: Picture, other: Picture) -> None:
        self._one, self._other = one, other
        self.seconds = 0.0

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``; of two views."""
        blocks = [picture.go_on(seconds / 2) for picture in (self._one, self._other)]
        self.seconds = self._one.seconds + self._other.seconds
        return side_by_side(*(block or b"" for block in blocks))


def side_by_side(one: bytes, other: bytes) -> bytes:
    """Two packed pictures as one: ``one`` and ``other``, uint8."""
    return pack({}, one=np.frombuffer(one, np.uint8), other=np.frombuffer(other, np.uint8))


def begin(experiment: Experiment, model: Model, step: int) -> Picture:
    """A picture of a model at a step, with the same random numbers for every picture of the same experiment."""
    match experiment, model:
        case PixelExperiment(), AutoregressiveImage():
            generator = torch.Generator().manual_seed(experiment.seed)
            return Images(model, torch.rand(IMAGES, experiment.size**2, generator=generator))
        case ImageGANExperiment(), ImageGAN():
            return View(lambda: pack({}, samples=made(model, experiment.seed)))
        case PlaneGANExperiment(), PlaneGAN():
            return View(lambda: moment(experiment, model, step).pack())
        case LineExperiment(), Flow():
            return View(lambda: line(model, experiment.dataset, experiment.table, drawable=True).pack())
        case FlowExperiment(), Flow():
            shape = {"side": SIDE, "count": POINTS, "grid": 0}
            return View(lambda: warp(model, experiment.dataset, experiment.table, experiment.seed, **shape).pack())
    raise TypeError(f"nothing draws {type(model).__name__}")


def made(model: ImageGAN, seed: int, count: int = IMAGES) -> np.ndarray:
    """Images of fixed noise as grey levels: uint8 (count, H, W)."""
    return model.grey(model.sample(count, torch.Generator().manual_seed(seed))[:, 0]).numpy()
