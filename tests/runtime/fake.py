"""A training that costs nothing, and functions to be asked for; run in real processes, without torch."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from genlab.errors import CheckpointError, DataUnavailable, Diverged
from genlab.experiments.base import Experiment

NO_DATA, DIVERGES, NO_MEMORY, BREAKS = 101, 102, 103, 104  # seeds of experiments that go wrong


class FakeActor:
    """Counts steps, 1000 a second at most; a picture shows the step. The seed says what goes wrong."""

    def __init__(self, lanes: list[Experiment], files: list[tuple[bytes | None, bytes | None]]) -> None:
        (experiment, *_), ((_, state), *_) = lanes, files
        if experiment.seed == NO_DATA:
            raise DataUnavailable("The data are not there.")
        self.experiment = experiment
        self.done = int(state or 0)
        self.rate = experiment.learning_rate
        self.told = self.drawn = self.done

    def look(self) -> dict[str, Any]:
        curve = [(step, 1 / step, None) for step in range(self.told + 1, self.done + 1)]
        self.told = self.done
        progress = {
            "step": self.done,
            "steps": self.experiment.steps,
            "moves": self.done,
            "learning_rate": self.rate,
            "curve": curve,
            "done": self.done >= self.experiment.steps,
            "quality": {},
        }
        return {"lanes": [progress], "picture": None, "drawing": self.drawn != self.done}

    def step(self, move: str = "") -> dict[str, Any]:
        if self.done >= 5:
            if self.experiment.seed == DIVERGES and self.rate > 1e-4:
                raise Diverged("The loss is no longer a number.")
            if self.experiment.seed == NO_MEMORY:
                raise MemoryError
            if self.experiment.seed == BREAKS:
                raise KeyError("what")
        self.done = min(self.done + 1, self.experiment.steps)
        return self.look()

    def advance(self, seconds: float) -> dict[str, Any]:
        for _ in range(max(1, int(seconds * 1000))):
            time.sleep(0.001)
            news = self.step()
        return {**news, "lanes": [{**news["lanes"][0], "curve": [(self.done, 1.0, None)]}]}

    def draw(self, seconds: float) -> dict[str, Any]:
        self.drawn = self.done
        news = self.look()
        lanes = [lane | {"quality": {"good": self.done / self.experiment.steps}} for lane in news["lanes"]]
        return {**news, "lanes": lanes, "picture": (self.done, bytes([self.done % 256]))}

    def edit(self, name: str, value: float) -> dict[str, Any]:
        self.rate = value
        return self.look()

    def snapshot(self) -> tuple[list[tuple[bytes, bytes]], list[int], list[int], float]:
        return [(b"weights", str(self.done).encode())], [self.done], [self.done], 0.0


def refuse() -> None:
    """Fails in a way that is meant for people."""
    raise CheckpointError("Not a checkpoint.")


def die_once(note: str) -> str:
    """Kills its process at the first call, answers at the second."""
    path = Path(note)
    if not path.exists():
        path.write_text("was here")
        os.kill(os.getpid(), 9)
    return "answered"


_notes: list[str] = []


def note(word: str) -> list[str]:
    """Keeps a word in its process; "begin" begins anew. All words so far."""
    if word == "begin":
        _notes.clear()
    _notes.append(word)
    return _notes


def warm() -> None:
    """There is nothing slow here."""


def slowly_my_pid() -> int:
    """After half a second."""
    time.sleep(0.5)
    return os.getpid()
