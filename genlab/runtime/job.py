"""One training, as the server knows it: what it shows, and the thread that drives its process slice by slice."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol

from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.runtime.cluster import Lost
from genlab.runtime.film import Frame, Have, History, Judged, News
from genlab.runtime.process import ProcessEnded
from genlab.runtime.record import Record, Snapshot
from genlab.runtime.remote import Remote, Unreachable
from genlab.runtime.rpc import FAULT
from genlab.training.progress import Point

logger = logging.getLogger(__name__)

SLICE = 0.05  # seconds of training between two looks at what the owner wants
SNAPSHOT_FIRST, SNAPSHOT_EVERY = 1.0, 5.0  # seconds; rarer where a snapshot is costly
_LIVES = 3  # times that a training whose process cannot be reached is begun anew without a snapshot in between
_HEED = 0.3  # seconds that a pause waits for the slice under way, so that whoever asked sees where it stands still


class Queue(Protocol):
    """What a job needs of those that are beside it; ``genlab.runtime.jobs.Jobs`` says what each means."""

    actor: str
    changed: threading.Condition
    host: Callable[[], Remote]

    def place(self, job: Job) -> int: ...  # noqa: D102
    def waits_for(self, job: Job) -> str: ...  # noqa: D102
    def patience(self, job: Job) -> float: ...  # noqa: D102
    def enqueue(self, job: Job, *, first: bool = False) -> None: ...  # noqa: D102
    def forget(self, job: Job) -> None: ...  # noqa: D102


class Job:
    """A training of one lane or several: experiments side by side, the same seconds each, until the first one's end.

    Reading an attribute never waits; every method may be called from any thread.

    Attributes:
        token: whoever knows it may steer the job.
        lanes: what is trained; ``experiment`` is the first one, whose steps are the job's.
        seconds: that each lane has in place of its steps, or None; then whatever counts steps here counts tenths of a
            second, see ``genlab.runtime.job_actor``.
        message: one sentence where something is to be said, else "".
        kind: name of the error after which the job failed, else "".
        progress: what the first run told last: ``genlab.training.progress.Progress`` without the curve; empty at first.
            When it is done, the training is.
        progresses: the same of every lane; an empty list at first.
        snapshot: the last one, or None.
        version: grows when anything that can be seen has changed.
        seen: when the owner was last there, on the monotonic clock.
    """

    def __init__(
        self,
        jobs: Queue,
        token: str,
        lanes: Sequence[Experiment],
        owner: str,
        snapshot: Snapshot | None,
        seconds: float | None = None,
    ) -> None:
        self.token, self.lanes, self.owner, self.seconds = token, tuple(lanes), owner, seconds
        self.experiment = self.lanes[0]
        self.progress: dict[str, Any] = {}
        self.progresses: list[dict[str, Any]] = []
        self.snapshot = snapshot
        self.kind = ""
        self.version = 0
        self.seen = time.monotonic()
        self._jobs, self._changed = jobs, jobs.changed
        self._phase = "queued"
        self._said = ""
        self._pausing = self._drawing = False
        self._slicing = False  # a slice of training is under way
        self._steps: list[str] = []  # moves to make, each a player, "slow", or "" for a whole step
        self._snapshot_due = 0.0
        self._edits: dict[str, float] = {}  # live fields, as the owner wants them
        self._untold: set[str] = set()  # those that its process does not know yet
        self._times = 1  # as many steps as its lanes say, twice as many after it went on from its end, ...
        self._left = False  # nobody watches it: it stands still and needs no process
        self._remote: Remote | None = None
        self._unreachable = 0  # times that its process was, since the last snapshot
        self._histories = [History() for _ in self.lanes]

    @classmethod
    def restored(cls, jobs: Queue, token: str, record: Record) -> Job:
        """The training of a record."""
        words = record.words
        job = cls(jobs, token, record.lanes, words["owner"], record.snapshot, words["seconds"])
        job._phase, job._said, job.kind = words["phase"], words["said"], words["kind"]
        job._edits, job._untold, job._times = words["edits"], set(words["edits"]), words["times"]
        job.progresses, job.progress = words["progresses"], words["progress"]
        for history, curve in zip(job._histories, record.curves, strict=True):
            history.add(curve, None)
        for history, judged in zip(job._histories, record.judged, strict=True):
            for one in judged:
                history.add([], None, one)
        for frame in record.frames:
            job._histories[0].add([], frame)
        return job

    def record(self) -> Record | None:
        """All of it, while it stands still; None where it has learnt nothing yet."""
        with self._changed:
            if self.snapshot is None or not self.progress:
                return None
            words: dict[str, Any] = {
                "phase": self._phase,
                "said": self._said,
                "kind": self.kind,
                "owner": self.owner,
                "edits": self._edits,
                "times": self._times,
                "seconds": self.seconds,
                "progresses": self.progresses,
                "progress": self.progress,
            }
            return Record(self.lanes, self.snapshot, words, self.curves, self.judged, self.frames)

    # What can be seen

    @property
    def state(self) -> str:
        """queued, starting, running, paused, done, died, failed or ended."""
        if self._phase == "active":
            return "paused" if self._pausing and not self._slicing else "running"
        return "paused" if self._phase == "parked" else self._phase

    @property
    def place(self) -> int:
        """In the queue: 1 for the next one; 0 where the job does not wait."""
        return self._jobs.place(self)

    @property
    def message(self) -> str:
        """One sentence where something is to be said, else ""."""
        return (self._jobs.waits_for(self) if self._phase == "queued" else "") or self._said

    @property
    def curve(self) -> list[Point]:
        """At most 1000 points (step, training loss or None, held-out loss or None) in its unit, by step."""
        with self._changed:
            return self._histories[0].curve()

    @property
    def curves(self) -> list[list[Point]]:
        """``curve`` of every lane, all by the first one's steps: what a point says was so when it had made so many."""
        with self._changed:
            return [history.curve() for history in self._histories]

    @property
    def judged(self) -> list[list[Judged]]:
        """What samples of every lane were worth, as a ``Task`` says it, at most 200 times, by the first one's steps."""
        with self._changed:
            return [history.judged() for history in self._histories]

    @property
    def frames(self) -> list[Frame]:
        """At most 64 pictures, evenly thinned, the newest always among them."""
        with self._changed:
            return self._histories[0].frames()

    def news(self, have: Have | None, need: Collection[int] = ()) -> News:
        """What its curve and pictures have that is new since ``have``, and the pictures at the steps in ``need``."""
        with self._changed:
            return self._histories[0].news(have, need)

    def weights(self, lane: int = 0) -> bytes:
        """The weights file of a lane's last snapshot. Raises GenlabError before the first."""
        weights = None if self.snapshot is None else self.snapshot.files[lane][0]
        if weights is None:
            raise GenlabError("There are no weights yet: let it train for a second.")
        return weights

    def memory(self) -> int:
        """Bytes of main memory that its process holds; 0 without a process."""
        remote = self._remote
        return remote.memory() if remote else 0

    @property
    def pid(self) -> int | None:
        """Of its process, while it has one."""
        remote = self._remote
        return remote.pid if remote else None

    # What the owner wants

    def touch(self) -> None:
        """The owner is there: the grace period begins anew."""
        self.seen = time.monotonic()

    def pause(self) -> None:
        """Stops after the slice under way; the process stays."""
        with self._changed:
            self._pausing = True
            self._show()
            self._changed.wait_for(lambda: not self._slicing, _HEED)

    def resume(self) -> None:
        """Goes on: after a pause where it stood, after an end from the last snapshot in a new process, and where all
        its steps are done, for as many again.
        """
        self._go_on(pausing=False)

    def leave(self) -> bool:
        """Nobody watches it any more: it pauses and gives its process back. True when both is done."""
        with self._changed:
            if self._phase in ("queued", "active") and not self._left:
                self._said = "Paused when its page was closed."
                self._left = self._pausing = True
                if self._phase == "queued":
                    self.move("parked")
                self._show()
            return self._phase not in ("starting", "active")

    def step(self, move: str = "") -> None:
        """One step, or one move of a player, or "slow": a step that is shown move by move; then a pause."""
        self._go_on(pausing=True, moves=[move])

    def edit(self, name: str, value: float) -> None:
        """Changes a live field from the next slice on; the schedule goes on scaling a learning rate."""
        with self._changed:
            self._edits[name] = value
            self._untold.add(name)
            self._show()

    def end(self, message: str = "The training was ended.") -> None:
        """Ends the job and its process at once. Its token is forgotten; snapshot, curve and pictures stay with it."""
        self.abandon(message)
        if remote := self._remote:
            remote.end()
        self._jobs.forget(self)

    def abandon(self, message: str) -> None:
        """Marks the job as ended, unless it has come to its own end."""
        with self._changed:
            if self._phase in ("queued", "starting", "active", "parked"):
                self._said = message
                self.move("ended")

    def _go_on(self, *, pausing: bool, moves: Sequence[str] = ()) -> None:
        with self._changed:
            if self._phase == "done":
                if pausing:
                    return
                self._times *= 2
            self._left = False
            self._pausing, self._steps = pausing, [*self._steps, *moves]
            if self._phase in ("parked", "done", "died", "failed", "ended"):
                self._restart()
            elif self._phase == "active":
                self._said = ""
            self._show()

    def _restart(self, *, first: bool = False) -> None:
        for history in self._histories:
            history.cut(self.snapshot.step if self.snapshot else 0)  # what came after it will be trained again
        self._said = self.kind = ""
        self._untold = set(self._edits)
        self._jobs.enqueue(self, first=first)

    def _save(self, lost: Lost) -> None:
        """The way to its process broke, through no fault of its own: goes on from the last snapshot in a new one."""
        with self._changed:
            self._unreachable += isinstance(lost, Unreachable)
            if self._unreachable > _LIVES:
                self._stop("died", "The training process could not be reached again and again: try again later.")
            elif self._phase in ("starting", "active"):
                self._restart(first=True)

    # What drives it

    def move(self, phase: str) -> None:
        """Enters a phase of its life."""
        with self._changed:
            self._phase, self._slicing = phase, False
            if phase == "active":
                self._snapshot_due = time.monotonic() + SNAPSHOT_FIRST
            self._show()

    def _say(self, message: str) -> None:
        """What its start waits for."""
        with self._changed:
            if self._phase == "starting":
                self._said = message
                self._show()

    def _show(self) -> None:
        self.version += 1
        self._changed.notify_all()

    def drive(self) -> None:
        """Trains until there is nothing more to do; runs in a thread of its own."""
        remote = None
        lost: Lost | None = None
        try:
            remote = self._jobs.host()
            with self._changed:
                if self._phase != "starting":
                    return
                self._remote = remote
                self._say("Starting: a process of its own begins and imports torch; a busy machine needs a while.")
            remote.ended.add_done_callback(lambda _: self._wake())
            files = self.snapshot.files if self.snapshot else ((None, None),) * len(self.lanes)
            remote.ready()
            self._say("Starting: its process loads the data and builds the model.")
            lanes = [longer(lane, self._times) for lane in self.lanes]
            seconds = () if self.seconds is None else (self._times * self.seconds,)
            remote.make(self._jobs.actor, lanes, files, *seconds)
            self._take(remote.call("look"))
            with self._changed:
                if self._phase == "starting":
                    self._said = ""
                    self.move("active")
            while (call := self._next(remote)) is not None:
                (self._keep if call[0] == "snapshot" else self._take)(remote.call(*call))
        except ProcessEnded as error:
            step = f"{self.progress.get('step', 0):,}".replace(",", "\u00a0")
            self._stop("died", f"The training process was {error} at step {step}; nothing else was touched.")
        except Lost as error:
            lost = error
        except GenlabError as error:
            self._stop("failed", str(error), type(error).__name__)
        except Exception:  # whatever it is, the owner must read of it
            logger.exception("a training failed")
            self._stop("failed", FAULT, "WorkerFailed")
        finally:
            self._remote = None
            if remote is not None:
                remote.end()
        if lost:
            self._save(lost)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _stop(self, phase: str, message: str = "", kind: str = "") -> None:
        with self._changed:
            if self._phase in ("starting", "active"):  # else it was ended from outside
                self._said, self.kind = message, kind
                self.move(phase)

    def _next(self, remote: Remote) -> tuple[Any, ...] | None:
        """The next call to its process; waits while there is nothing to do. None at the end."""
        idle_since = time.monotonic()
        with self._changed:
            while self._phase == "active":
                done = self.progress["done"]
                if self._untold:
                    name = self._untold.pop()
                    return "edit", name, self._edits[name]
                if self._steps and not done:
                    return "step", self._steps.pop(0)
                if not self._pausing and not done:
                    self._slicing = time.monotonic() <= self._snapshot_due
                    return ("advance", SLICE) if self._slicing else ("snapshot",)
                if self._drawing:
                    return "draw", SLICE
                if self.snapshot is None or self.snapshot.moves != tuple(lane["moves"] for lane in self.progresses):
                    return ("snapshot",)
                if done:
                    self._stop("done")
                    continue
                patience = self._jobs.patience(self) - (time.monotonic() - idle_since)
                if patience <= 0 or self._left:
                    self._stop("parked", self._said)
                    continue
                remote.check()
                self._changed.wait(None if patience == float("inf") else patience)  # the end of its process wakes it
        return None

    def _take(self, news: dict[str, Any]) -> None:
        """What a slice brought: progress, new points of the curve, perhaps a picture."""
        with self._changed:
            frames = [Frame(*news["picture"]) if news["picture"] else None, *[None] * (len(self.lanes) - 1)]
            lanes = [dict(lane) for lane in news["lanes"]]
            first, before = lanes[0]["step"], self.progresses or [{"step": 0}] * len(lanes)
            for history, lane, frame, last in zip(self._histories, lanes, frames, before, strict=True):
                clock = partial(_between, (last["step"], lane["step"]), (before[0]["step"], first))
                points = [(clock(point[0]), *point[1:]) for point in lane.pop("curve")]
                worth = lane.pop("quality")
                history.add(points, frame, (news["picture"][0], worth) if worth else None)
            self.progresses, self.progress = lanes, lanes[0]
            self._drawing, self._slicing = news["drawing"], False
            self._show()

    def _keep(self, news: tuple[list[tuple[bytes, bytes]], list[int], list[int], float]) -> None:
        """A snapshot; one that takes long is taken more rarely, so that it costs a twentieth of the time at most."""
        files, steps, moves, seconds = news
        with self._changed:
            self.snapshot = Snapshot(tuple(files), tuple(steps), tuple(moves))
            self._unreachable = 0
            self._snapshot_due = time.monotonic() + max(SNAPSHOT_EVERY, 20 * seconds)
            self._show()


def _between(own: tuple[int, int], first: tuple[int, int], step: int) -> int:
    """The first lane's step when another one was at ``step``, between two moments at which both are known."""
    if own == first or own[1] == own[0]:
        return step if own == first else first[1]
    return round(first[0] + (step - own[0]) / (own[1] - own[0]) * (first[1] - first[0]))


def longer(experiment: Experiment, times: int) -> Experiment:
    """With so many times the steps, as far as an experiment may have them."""
    most = int(experiment.extra("steps")["high"])
    return experiment if times == 1 else experiment.replaced(steps=min(most, times * experiment.steps))
