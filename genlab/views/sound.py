"""What can be seen and heard of a model of sound."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from genlab.models.wavenet import WaveNet, Writer
from genlab.views.pack import pack


def write(
    model: WaveNet,
    labels: Tensor,
    length: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    *,
    probabilities: bool = False,
) -> np.ndarray:
    """Sounds of these classes: levels int64 (n, length), or the probabilities they were drawn from (n, length, levels).

    Raises:
        ValueError: a temperature that is no positive number, or a class that there is not.
    """
    if not 0 < temperature < float("inf"):
        raise ValueError(f"the temperature must be above 0 and finite, not {temperature}")
    model.check_labels(labels if model.conditional else None, len(labels))
    writer = Writer(model, len(labels), labels if model.conditional else None)
    uniforms = torch.rand(len(labels), length, generator=generator).numpy()
    levels, told, last = np.empty((len(labels), length), np.int64), [], None
    for t in range(length):
        last, p = writer.write(uniforms[:, t], last, temperature)
        levels[:, t] = last
        if probabilities:
            told.append(p.copy())
    return np.stack(told, 1) if probabilities else levels


class Waves:
    """A picture of a training: sounds that a model writes, a few samples at a time; ``levels`` uint8 (n, T).

    Arguments:
        model: a model of its own, which nothing trains meanwhile.
        labels: their classes.
        uniforms: (n, T), the same for every picture of a training.
    """

    def __init__(self, model: WaveNet, labels: Sequence[int], uniforms: Tensor) -> None:
        self._writer = Writer(model, len(labels), torch.tensor(labels) if model.conditional else None)
        self._uniforms, self._labels = uniforms.numpy(), list(labels)
        self._total = uniforms.shape[1]
        self._levels = np.zeros((len(uniforms), self._total), np.uint8)
        self._last: np.ndarray | None = None
        self._t = 0
        self.seconds = 0.0

    def go_on(self, seconds: float) -> bytes | None:
        """As in ``Picture``; at least a sample."""
        start = time.perf_counter()
        while self._t < self._total:
            self._last, _ = self._writer.write(self._uniforms[:, self._t], self._last)
            self._levels[:, self._t] = self._last
            self._t += 1
            if time.perf_counter() - start >= seconds:
                break
        self.seconds += time.perf_counter() - start
        return pack({"labels": self._labels}, levels=self._levels) if self._t == self._total else None
