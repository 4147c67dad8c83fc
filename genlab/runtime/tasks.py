"""What pages ask of the interactive process, by dotted path. Uses torch; one call runs at a time.

A ``source`` is the name of a catalogue entry or the bytes of a weights file.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import torch

from genlab.catalog import CATALOG
from genlab.errors import GenlabError
from genlab.experiment import Experiment, PixelCNNExperiment
from genlab.generation.steps import Step, generate
from genlab.models import build
from genlab.models.autoregressive import CLASSES, AutoregressiveImage
from genlab.runtime.memory import Device
from genlab.training import checkpoints
from genlab.views.pack import pack
from genlab.views.pixels import FLOOR, trace_arrays
from genlab.views.registry import view as look

Source = str | bytes


def _model(source: Source) -> AutoregressiveImage:
    """The model of a source, kept for the next call. Raises CheckpointError."""
    path = CATALOG[source].checkpoint if isinstance(source, str) and source in CATALOG else None
    return _loaded(source, path.stat().st_mtime_ns if path and path.exists() else 0)


@lru_cache(maxsize=8)
def _loaded(source: Source, changed: int) -> AutoregressiveImage:  # noqa: ARG001
    """``changed`` says when the file was written: a checkpoint trained anew is loaded anew."""
    return checkpoints.load(source) if isinstance(source, str) else checkpoints.loads(source)[0]


class _Generation:
    """Images under way: the steps made so far, and the iterator that makes the next."""

    def __init__(self, model: AutoregressiveImage, n: int, seed: int, temperature: float, label: int | None) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.model = model
        self.labels: torch.Tensor | None = None
        if model.conditional:
            drawn = torch.randint(CLASSES, (n,), generator=torch.Generator().manual_seed(seed))
            self.labels = drawn if label is None else torch.full((n,), label)
        self.steps: list[Step] = []
        self._next = generate(model, n, labels=self.labels, temperature=temperature, generator=generator)

    def advance(self, start: int, budget: float) -> None:
        """Makes steps for so many seconds, and in any case the one at ``start``."""
        until = time.perf_counter() + budget
        while len(self.steps) <= start or time.perf_counter() < until:
            step = next(self._next, None)
            if step is None:
                return
            self.steps.append(step)


@lru_cache(maxsize=8)  # up to 13 MB each: 784 steps of 16 images with 256 log-probabilities
def _generation(model: AutoregressiveImage, n: int, seed: int, temperature: float, label: int | None) -> _Generation:
    return _Generation(model, n, seed, temperature, label)


def trace(source: Source, settings: dict[str, Any], start: int, budget: float) -> bytes:
    """A piece of a generation, packed for the player.

    Arguments:
        settings: n (images), seed, temperature, label (of all images; None draws one for each) and focus (the image
            whose every posterior is told).
        start: the first step wanted.
        budget: seconds to go on generating; at least one new step is made, until the images are complete.

    Returns:
        The steps from ``start`` to those made so far, as ``genlab.views.pixels.trace_arrays`` tells them.

    Raises:
        CheckpointError: the source cannot be used.
    """
    model, n, temperature = _model(source), settings["n"], settings["temperature"]
    generation = _generation(model, n, settings["seed"], temperature, settings["label"])
    total = model.size**2
    start = max(0, min(start, total - 1))
    generation.advance(start, budget)
    end = len(generation.steps)
    labels = None if generation.labels is None else generation.labels.tolist()
    return pack(
        {
            "size": model.size,
            "levels": model.levels,
            "n": n,
            "focus": settings["focus"],
            "start": start,
            "end": end,
            "total": total,
            "complete": end == total,
            "temperature": temperature,
            "floor": FLOOR,
            "labels": labels,
        },
        **trace_arrays(generation.steps[start:], settings["focus"]),
    )


def view(source: Source, name: str, **arguments: Any) -> bytes:
    """A view of a model by its name, packed. Raises GenlabError where the source, the name or an argument is wrong."""
    try:
        return look(_model(source), name, **arguments).pack()
    except ValueError as error:
        raise GenlabError(f"{error}.") from error


def inspect_checkpoint(data: bytes) -> Experiment:
    """The experiment of a weights file, after its model was made of it. Raises CheckpointError where that fails."""
    return checkpoints.loads(data)[1]


def accelerators() -> list[Device]:
    """Name and memory, in bytes, of each device beside the CPU."""
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        found.append({"name": torch.cuda.get_device_name(index), "memory_total": total, "memory_used": total - free})
    if torch.backends.mps.is_available():
        found.append(
            {
                "name": "Apple GPU",
                "memory_total": torch.mps.recommended_max_memory(),
                "memory_used": torch.mps.driver_allocated_memory(),
            }
        )
    return found


def warm() -> None:
    """A first, tiny generation."""
    next(generate(build(PixelCNNExperiment())))
