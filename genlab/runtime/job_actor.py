"""A training inside its own process: a run, and the pictures it draws between its slices. Uses torch."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from genlab.experiment import Experiment, PixelCNNExperiment
from genlab.runtime import pictures
from genlab.runtime.device import best_device
from genlab.training.progress import Progress
from genlab.training.run import Run

REST = 4  # after a picture, training gets this many times what the picture took
AT_LEAST = 0.25  # seconds between two pictures: more often than a page looks would be in vain


class JobActor:
    """A run and its pictures. Every method but ``snapshot`` returns what is new, in plain Python and numpy.

    Arguments:
        experiment: what to train.
        weights, state: files to go on from, or None; see ``Run.resume``.
    """

    def __init__(self, experiment: Experiment, weights: bytes | None, state: bytes | None) -> None:
        self._begin = experiment, weights, state
        self.reset()

    def reset(self) -> dict[str, Any]:
        """The run as it was at first."""
        experiment, weights, state = self._begin
        device = best_device()
        new = weights is None and state is None
        self._run = Run(experiment, device) if new else Run.resume(weights, state, device)
        self._drawing: pictures.Picture | None = None
        self._drawn = -1  # the step whose weights the last picture showed
        self._rest = 0.0  # seconds of training before the next picture
        return self.look()

    def look(self) -> dict[str, Any]:
        """Where the run stands."""
        return self._news(self._run.advance(steps=0))

    def advance(self, seconds: float) -> dict[str, Any]:
        """Trains a slice; half of it goes to the picture under way, so that the training never stands still."""
        if self._drawing is None and self._rest <= 0:
            self._take_pencil()
        picture = self._draw(seconds / 2) if self._drawing else None
        start = time.perf_counter()
        progress = self._run.advance(seconds=seconds / 2 if self._drawing else seconds)
        self._rest -= time.perf_counter() - start
        return self._news(progress, picture)

    def step(self) -> dict[str, Any]:
        """One step of the optimiser; the next picture will be of what it made."""
        self._drawing = None
        return self._news(self._run.advance(steps=1))

    def draw(self, seconds: float) -> dict[str, Any]:
        """Draws only."""
        if self._drawing is None:
            self._take_pencil()
        return self._news(self._run.advance(steps=0), self._draw(seconds))

    def edit(self, learning_rate: float) -> dict[str, Any]:
        """Changes the learning rate."""
        self._run.edit(learning_rate=learning_rate)
        return self.look()

    def snapshot(self) -> tuple[bytes, bytes, int, float]:
        """Weights file, state file, their step, and the seconds it took."""
        start = time.perf_counter()
        step = self._run.advance(steps=0).step
        return self._run.weights(), self._run.state(), step, time.perf_counter() - start

    def _take_pencil(self) -> None:
        step = self._run.advance(steps=0).step
        if step != self._drawn:
            self._drawing_of = step
            self._drawing = pictures.begin(self._run.experiment, self._run.average())

    def _draw(self, seconds: float) -> tuple[int, bytes] | None:
        """A picture that is complete now, and its step."""
        if self._drawing is None:
            return None
        picture = self._drawing.go_on(seconds)
        if picture is None:
            return None
        self._rest = max(AT_LEAST, REST * self._drawing.seconds)
        self._drawing = None
        self._drawn = self._drawing_of
        return self._drawn, picture

    def _news(self, progress: Progress, picture: tuple[int, bytes] | None = None) -> dict[str, Any]:
        newer = progress.step != self._drawn  # there is a newer picture to make
        return {"progress": asdict(progress), "picture": picture, "drawing": newer}


def warm() -> None:
    """A first, tiny training: half of a training's start is what torch imports at the first optimiser."""
    actor = JobActor(PixelCNNExperiment(batch_size=1), None, None)
    actor.step()
    actor.draw(0.0)
