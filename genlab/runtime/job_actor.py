"""A training inside its own process: a run, and the pictures it draws between its slices. Uses torch."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from genlab.catalog import experiment as entered
from genlab.experiments.base import Experiment
from genlab.runtime.device import best_device
from genlab.training.progress import Progress
from genlab.training.run import Run
from genlab.views.pictures import SideBySide, side_by_side

REST = 4  # after a picture, training gets this many times what the picture took
AT_LEAST = 0.25  # seconds between two pictures: more often than a page looks would be in vain


class JobActor:
    """A run and its pictures. Every method but ``snapshot`` returns what is new, in plain Python and numpy.

    Arguments:
        experiment: what to train.
        weights, state: files to go on from, or None; see ``Run.resume``.
        rival, rival_state: a second experiment that is trained beside it, the same seconds each, and its state.
    """

    def __init__(
        self,
        experiment: Experiment,
        weights: bytes | None,
        state: bytes | None,
        rival: Experiment | None = None,
        rival_state: bytes | None = None,
    ) -> None:
        self._begin = experiment, weights, state, rival, rival_state
        self.reset()

    def reset(self) -> dict[str, Any]:
        """The run as it was at first."""
        experiment, weights, state, rival, rival_state = self._begin
        self._run = _run(experiment, weights, state)
        self._rival = None if rival is None else _run(rival, None, rival_state)
        self._drawing: SideBySide | None = None
        self._rival_told = 0  # points of its curve
        self._drawn = (-1, -1)  # the moves after which the last picture was begun
        self._drawing_at = (0, (0, 0))  # step and moves of the picture under way
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
        progress = self._advance(seconds / 2 if self._drawing else seconds)
        self._rest -= time.perf_counter() - start
        return self._news(progress, picture)

    def step(self, move: str = "") -> dict[str, Any]:
        """One step, or one move of a player, or "slow": a step shown move by move. The next picture is of it."""
        self._drawing = None
        runs = [self._run] if self._rival is None else [self._rival, self._run]
        if move == "slow":
            shown = [run.task.slowly(run) for run in runs]
            self._drawn = self._moves()
            picture = side_by_side(shown[::-1])
            return self._news(self._run.advance(steps=0), (self._run.step, picture))
        for run in runs:
            for player in (move,) if move else run.round:
                run.move(player)
        return self.look()

    def draw(self, seconds: float) -> dict[str, Any]:
        """Draws only."""
        if self._drawing is None:
            self._take_pencil()
        return self._news(self._run.advance(steps=0), self._draw(seconds))

    def edit(self, learning_rate: float) -> dict[str, Any]:
        """Changes the learning rate."""
        self._run.edit(learning_rate=learning_rate)
        return self.look()

    def snapshot(self) -> tuple[bytes, bytes, tuple[int, int], float, bytes | None]:
        """Weights file, state file, steps and moves so far, the seconds it took, and the rival's state file."""
        start, now = time.perf_counter(), (self._run.step, self._run.moves)
        rival = self._rival.state() if self._rival else None
        return self._run.weights(), self._run.state(), now, time.perf_counter() - start, rival

    def _advance(self, seconds: float) -> Progress:
        """Trains; a rival gets half of the time, and all of it once the other has come to its end."""
        if self._rival is None:
            return self._run.advance(seconds=seconds)
        done = self._run.step >= self._run.experiment.steps
        self._rival.advance(seconds=seconds if done else seconds / 2)
        return self._run.advance(seconds=seconds / 2)

    def _take_pencil(self) -> None:
        moves = self._moves()
        if moves != self._drawn:
            self._drawing_at = self._run.step, moves
            self._drawing = self._pencil()

    def _pencil(self) -> SideBySide:
        runs = [self._run] if self._rival is None else [self._run, self._rival]
        return SideBySide([run.task.picture(run.average(), run.step) for run in runs])

    def _draw(self, seconds: float) -> tuple[int, bytes] | None:
        """The step and the picture of it, when one is complete now."""
        if self._drawing is None:
            return None
        picture = self._drawing.go_on(seconds)
        if picture is None:
            return None
        self._rest = max(AT_LEAST, REST * self._drawing.seconds)
        self._drawing = None
        step, self._drawn = self._drawing_at
        return step, picture

    def _moves(self) -> tuple[int, int]:
        """Where the run and its rival stand."""
        return self._run.moves, self._rival.moves if self._rival else 0

    def _news(self, progress: Progress, picture: tuple[int, bytes] | None = None) -> dict[str, Any]:
        told = asdict(progress)
        if self._rival:
            rival = self._rival.advance(steps=0)
            new, self._rival_told = self._rival.curve[self._rival_told :], len(self._rival.curve)
            told["rival"] = asdict(rival) | {"curve": new}
            told["done"] = progress.done and rival.done
        return {"progress": told, "picture": picture, "drawing": self._moves() != self._drawn}


def _run(experiment: Experiment, weights: bytes | None, state: bytes | None) -> Run:
    device = best_device()
    return Run(experiment, device) if weights is None and state is None else Run.resume(weights, state, device)


def warm() -> None:
    """A first, tiny training: half of a training's start is what torch imports at the first optimiser."""
    actor = JobActor(entered("pixelcnn-digits", batch_size=1), None, None)
    actor.step()
    actor.draw(0.0)
