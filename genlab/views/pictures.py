"""The pictures that a training draws of its model, a piece at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from genlab.data.classes import CLASSES
from genlab.generation.request import Request
from genlab.generation.steps import generate
from genlab.models.autoregressive import AutoregressiveImage
from genlab.training.task import Picture
from genlab.views.limits import LANES
from genlab.views.pack import pack


class Written:
    """Samples that a model writes, a few positions at a time: ``samples`` uint8 (n, H, W).

    Arguments:
        model: a model of its own, which nothing trains meanwhile.
        uniforms: (n, T), the same for every picture of a training, so that only the model changes.
    """

    def __init__(self, model: AutoregressiveImage, uniforms: torch.Tensor) -> None:
        labels = torch.arange(len(uniforms)) % CLASSES if model.conditional else None
        self._model = model
        self._steps = generate(model, Request(labels=labels, uniforms=uniforms))
        self._values: list[torch.Tensor] = []
        self.seconds = 0.0

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``; at least a position."""
        start = time.perf_counter()
        for step in self._steps:
            self._values.append(step.value)
            if time.perf_counter() - start >= seconds:
                break
        complete, block = len(self._values) == len(self._model.order), None
        if complete:
            drawn = torch.stack(self._values, 1).to("cpu", torch.uint8).numpy()
            samples = np.empty_like(drawn)
            samples[:, self._model.order] = drawn
            block = pack({}, samples=samples.reshape(-1, *self._model.shape[-2:]))
        self.seconds += time.perf_counter() - start
        return block


class AtOnce:
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


class SideBySide:
    """Several pictures as one."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._pictures = pictures
        self._blocks: list[bytes | None] = [None] * len(pictures)

    @property
    def seconds(self) -> float:
        """As in ``Picture``."""
        return sum(picture.seconds for picture in self._pictures)

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``; whatever is not drawn yet gets its share."""
        for lane, block in enumerate(self._blocks):
            if block is None:
                self._blocks[lane] = self._pictures[lane].go_on(seconds / len(self._blocks))
        done = [block for block in self._blocks if block is not None]
        return side_by_side(done) if len(done) == len(self._blocks) else None


def side_by_side(blocks: Sequence[bytes]) -> bytes:
    """Packed pictures as one: ``one``, ``other``, ``third`` and ``fourth``, uint8; a single one stays as it is."""
    if len(blocks) == 1:
        return blocks[0]
    return pack({}, **{name: np.frombuffer(block, np.uint8) for name, block in zip(LANES, blocks, strict=False)})
