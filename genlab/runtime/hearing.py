"""Sounds under way, as an interactive process keeps them between two questions, and what it answers about them."""

from __future__ import annotations

import time
from typing import Any, cast

import numpy as np
import torch

from genlab.data import mulaw, tones
from genlab.errors import CheckpointError
from genlab.evaluation.sound import heard
from genlab.models.wavenet import WaveNet, Writer
from genlab.runtime.models import Source, model_of
from genlab.runtime.questions.sound import LENGTH
from genlab.runtime.recent import Recent
from genlab.views.dilation import one_sample
from genlab.views.pack import pack

BLOCK = 160  # samples that are written at least: 20 ms, so that a sound has few pieces also where a processor is slow


class Sounding:
    """A sound under way.

    Arguments:
        begin: levels that are given, a byte each; the model goes on after them.
    """

    def __init__(self, model: WaveNet, label: int, seed: int, temperature: float, begin: bytes) -> None:
        self.model, self.label, self.temperature = model, label, temperature
        self.given = np.frombuffer(begin, np.uint8)
        self.levels = np.zeros(LENGTH, np.uint8)
        self.surprise = np.zeros(LENGTH, np.float32)  # bits of each sample
        self.end, self.seconds = 0, 0.0
        generator = torch.Generator().manual_seed(seed)
        self._uniforms = torch.rand(1, LENGTH, generator=generator).numpy()
        self._writer = Writer(model, 1, self.labels)

    @property
    def labels(self) -> torch.Tensor | None:
        """As the model takes them."""
        return torch.tensor([self.label]) if self.model.conditional else None

    def advance(self, start: int, budget: float) -> None:
        """Writes blocks of samples for so many seconds, and in any case the one with the sample at ``start``."""
        begun = time.perf_counter()
        while self.end < LENGTH and (self.end <= start or time.perf_counter() < begun + budget):
            for t in range(self.end, min(self.end + BLOCK, LENGTH)):
                last = self.levels[t - 1 : t].astype(np.int64) if t else None
                drawn, p = self._writer.write(self._uniforms[:, t], last, self.temperature)
                level = self.given[t] if t < len(self.given) else drawn[0]
                self.levels[t], self.surprise[t] = level, -np.log2(max(p[0, level], 1e-12))
                self.end = t + 1
        self.seconds += time.perf_counter() - begun


under_way: Recent[tuple[object, ...], Sounding] = Recent(64)


def _sounding(source: Source, asked: dict[str, Any]) -> Sounding:
    model = model_of(source)
    if not isinstance(model, WaveNet):
        raise CheckpointError("These are weights of a model that writes no sound.")
    key = cast(Any, model), *asked.values()
    if (kept := under_way.get(key)) is None:
        kept = Sounding(model, **asked)
        under_way.put(key, kept)
    return kept


def tone(source: Source, asked: dict[str, Any], start: int, budget: float) -> bytes:
    """A piece of a sound.

    Arguments:
        asked: label, seed, temperature and begin, levels as bytes.
        start: the first sample wanted.
        budget: seconds to go on writing; at least one new sample is written, until the sound is complete.

    Returns:
        ``levels`` uint8 and ``surprise`` in bits float32 of the samples from ``start`` to those written so far; the
        seconds that all of them took; asked and heard frequency in Hz, the latter once it is complete.

    Raises:
        CheckpointError: the source cannot be used.
    """
    made = _sounding(source, asked)
    made.advance(start, budget)
    complete = made.end == LENGTH
    return pack(
        {
            "start": start,
            "end": made.end,
            "total": LENGTH,
            "given": len(made.given),
            "complete": complete,
            "rate": tones.RATE,
            "seconds": made.seconds,
            "asked": float(tones.fundamental(made.label)),
            "heard": _heard(made.levels) if complete else None,
        },
        levels=made.levels[start : made.end],
        surprise=made.surprise[start : made.end],
    )


def _heard(levels: np.ndarray) -> float | None:
    frequency = float(heard(mulaw.decode(levels)[None])[0])
    return frequency if np.isfinite(frequency) else None


def inside(source: Source, asked: dict[str, Any], t: int) -> bytes:
    """What a model computed for sample t of a sound: ``genlab.views.dilation.one_sample`` of it. Raises as ``tone``."""
    made = _sounding(source, asked)
    made.advance(t, 0)
    return one_sample(made.model, made.levels[: t + 1], made.labels, made.temperature).pack()
