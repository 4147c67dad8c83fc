"""A training inside its own process: one run or several side by side, and the pictures drawn between their slices.

Uses torch.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from genlab.catalog import experiment as entered
from genlab.experiments.base import Experiment
from genlab.runtime.device import best_device
from genlab.training.progress import TICKS, Point, Progress
from genlab.training.run import Run
from genlab.training.task import Task
from genlab.training.turns import take_turns
from genlab.views.beside import Beside, beside
from genlab.views.pictures import SideBySide, side_by_side

REST = 4  # after a picture, training gets this many times what the picture took
JUDGE = 20  # and after its samples were judged, so many times what that took, before they are judged again
AT_LEAST = 0.25  # seconds between two pictures: one that has gone before it was seen would be in vain

Files = tuple[bytes | None, bytes | None]  # weights and state of a lane, see ``Run.resume``


class JobActor:
    """Lanes: runs that are trained the same seconds each, until the first one has made its steps, and their pictures.

    Every method but ``snapshot`` returns what is new, in plain Python and numpy: ``lanes``, the progress of each, with
    ``quality`` as a ``Task`` says it, of the picture that comes with it, or empty;
    ``picture``, its step and the packed picture, or None; ``drawing``: True while there is more to draw.

    Arguments:
        lanes: what to train. The first one's steps are those of the job.
        files: of each lane, to go on from.
        seconds: that each lane has, whatever its steps; the lanes are then compared (see ``genlab.views.beside``), and
            what is told of each counts tenths of a second in place of steps; how many it has made stands under
            ``made``, and ``aim`` of how many.
    """

    def __init__(self, lanes: Sequence[Experiment], files: Sequence[Files], seconds: float | None = None) -> None:
        self._seconds = seconds
        self._runs = [_run(lane, *own, free=seconds is not None) for lane, own in zip(lanes, files, strict=True)]
        self._tasks: Sequence[Task[Any, Any] | Beside] = [run.task for run in self._runs]
        self._worth = [run.task.quality for run in self._runs]
        if seconds is not None:
            compared = [beside(run.task) for run in self._runs]
            self._tasks, self._worth = compared, [one.worth for one in compared]
            for run in self._runs:
                run.aim(seconds)  # of one that went on from its end
        self._clocks = [(run.step, self._clock(run)) for run in self._runs]  # where each was when it was told of
        self._told = [len(run.curve) for run in self._runs]  # points of each curve
        self._drawing: SideBySide | None = None
        self._drawn: list[int] = []  # the moves of each run after which the last picture was begun
        self._drawing_at: tuple[int, list[int]] = 0, []  # step, and moves of each run, of the picture under way
        self._rest = 0.0  # seconds of training before the next picture
        self._models: list[Any] = []  # of the picture under way
        self._judge_at = 0.0  # when samples are to be judged again

    def look(self) -> dict[str, Any]:
        """Where the runs stand."""
        return self._news()

    def advance(self, seconds: float) -> dict[str, Any]:
        """Trains a slice; half of it goes to the picture under way, so that the training never stands still."""
        if self._drawing is None and self._rest <= 0:
            self._take_pencil()
        picture = self._draw(seconds / 2) if self._drawing else None
        start = time.perf_counter()
        self._advance(seconds / 2 if self._drawing else seconds)
        self._rest -= time.perf_counter() - start
        return self._news(picture)

    def step(self, move: str = "") -> dict[str, Any]:
        """One step, or one move of a player, or "slow": a step shown move by move. The next picture is of it."""
        self._drawing = None
        if move == "slow":
            shown = [run.task.slowly(run, run.step) for run in self._runs]
            self._drawn = self._moves()
            return self._news((self._clock(self._runs[0]), side_by_side(shown)))
        for run in self._runs:
            for player in (move,) if move else run.round:
                run.move(player)
        return self.look()

    def draw(self, seconds: float) -> dict[str, Any]:
        """Draws only."""
        if self._drawing is None:
            self._take_pencil()
        return self._news(self._draw(seconds))

    def edit(self, name: str, value: float) -> dict[str, Any]:
        """Changes a live field of the first lane."""
        self._runs[0].edit(**{name: value})
        return self.look()

    def snapshot(self) -> tuple[list[Files], list[int], list[int], float]:
        """Weights and state of each lane, its steps, its moves, and the seconds it took."""
        start = time.perf_counter()
        files: list[Files] = [(run.weights(), run.state()) for run in self._runs]
        return files, [self._clock(run) for run in self._runs], self._moves(), time.perf_counter() - start

    def _advance(self, seconds: float) -> None:
        """Trains, each lane the same time: one that has made its steps before the first one's end waits for it."""
        if self._seconds is None and self._over(self._runs[0]):
            return
        take_turns(self._runs, seconds, self._seconds)

    def _clock(self, run: Run) -> int:
        """Where a run stands: its steps, or tenths of the seconds that it has."""
        return run.step if self._seconds is None else min(round(TICKS * run.seconds), round(TICKS * self._seconds))

    @staticmethod
    def _over(run: Run) -> bool:
        return run.step >= run.experiment.steps

    def _take_pencil(self) -> None:
        moves = self._moves()
        if moves != self._drawn:
            self._drawing_at = self._clock(self._runs[0]), moves
            self._models = [run.average() for run in self._runs]
            made = zip(self._tasks, self._models, self._runs, strict=True)
            pictures = [task.picture(model, run.step) for task, model, run in made]
            self._drawing = SideBySide(pictures)

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

    def _moves(self) -> list[int]:
        """Where the runs stand."""
        return [run.moves for run in self._runs]

    def _news(self, picture: tuple[int, bytes] | None = None) -> dict[str, Any]:
        lanes = [self._lane(k, run.advance(steps=0)) for k, run in enumerate(self._runs)]
        if picture is not None and time.perf_counter() >= self._judge_at:
            self._judge(lanes)
        return {"lanes": lanes, "picture": picture, "drawing": self._moves() != self._drawn}

    def _judge(self, lanes: list[dict[str, Any]]) -> None:
        """Adds what samples are worth, of the models that the last picture shows."""
        start = time.perf_counter()
        for lane, worth, model in zip(lanes, self._worth, self._models, strict=False):
            lane["quality"] = worth(model)
        now = time.perf_counter()
        self._judge_at = now + JUDGE * (now - start)

    def _lane(self, k: int, progress: Progress) -> dict[str, Any]:
        """A run's progress with the points of its curve that were not told yet, whoever has advanced it meanwhile."""
        curve = self._runs[k].curve
        new, self._told[k] = curve[self._told[k] :], len(curve)
        told = asdict(progress) | {"curve": new, "quality": {}}
        return told if self._seconds is None else told | self._in_seconds(k, progress, new)

    def _in_seconds(self, k: int, progress: Progress, new: list[Point]) -> dict[str, Any]:
        """What is told of a run that has so many seconds: all of them are done together."""
        assert self._seconds is not None
        run, (before, then) = self._runs[k], self._clocks[k]
        now = self._clock(run)
        self._clocks[k] = run.step, now
        share = (now - then) / max(1, run.step - before)
        return {
            "step": now,
            "steps": round(TICKS * self._seconds),
            "made": run.step,
            "aim": progress.steps,
            "curve": [(round(then + share * (step - before)), *losses) for step, *losses in new],
            "done": all(map(self._over, self._runs)),
        }


def _run(experiment: Experiment, weights: bytes | None, state: bytes | None, free: bool) -> Run:
    """A run; one that is ``free`` of its steps goes on with as many as its state says."""
    device = best_device()
    if weights is None and state is None:
        return Run(experiment, device)
    return Run.resume(weights, state, device, steps=experiment.steps if state and not free else None)


def warm() -> None:
    """A first, tiny training: what is imported and read for it is there when a real one begins."""
    actor = JobActor([entered("pixelcnn-digits", batch_size=1)], [(None, None)])
    actor.step()
    actor.draw(0.0)
