"""All trainings of this server: who runs, who waits, and who has been left by its owner."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

from genlab.catalog import titles
from genlab.errors import CheckpointError, NotWritten
from genlab.experiments.base import Experiment
from genlab.runtime import record
from genlab.runtime.job import Job
from genlab.runtime.record import Snapshot
from genlab.runtime.remote import Remote
from genlab.runtime.shelf import Shelf

logger = logging.getLogger(__name__)

PARK_AFTER = 60.0  # seconds that a paused job keeps its process while others wait
_TICK = 0.5  # seconds between looks for jobs that were left


class Jobs:
    """Starts, finds and ends trainings. Every method may be called from any thread.

    Arguments:
        start: starts the engine, without waiting.
        host: gives a process of its own.
        limit: trainings that may have a process at the same time.
        per_owner: of these, those of one visitor.
        grace: seconds that a job goes on after its owner was last there; then it is paused to disk.
        shelf: where that is.
        actor: dotted path of the class that trains; a function ``warm`` beside it does what is slow the first time.
    """

    def __init__(
        self,
        start: Callable[[], None],
        host: Callable[[], Remote],
        *,
        limit: int,
        per_owner: int = 1,
        grace: float = 90.0,
        shelf: Shelf | None = None,
        actor: str = "genlab.runtime.job_actor:JobActor",
    ) -> None:
        self.limit = limit
        self.actor = actor
        self.changed = threading.Condition(threading.RLock())  # one for all jobs: changes are rare and short
        self.host = host
        self._start_engine = start
        self._per_owner = per_owner
        self._grace = grace
        self._shelf = shelf or Shelf()
        self._jobs: dict[str, Job] = {}
        # As long as somebody else has them: those that have ended, and those that are on the shelf.
        self._ended: WeakValueDictionary[str, Job] = WeakValueDictionary()
        self._shelved: WeakValueDictionary[str, Job] = WeakValueDictionary()
        self._queue: list[Job] = []
        self._running: list[Job] = []
        self._here: Counter[str] = Counter()
        self._watch: threading.Thread | None = None

    def start(
        self,
        experiment: Experiment,
        owner: str,
        weights: bytes | None = None,
        state: bytes | None = None,
        beside: Sequence[Experiment] = (),
        seconds: float | None = None,
    ) -> Job:
        """Starts a training, or puts it at the end of the queue.

        Arguments:
            owner: who trains; a visitor's name for itself.
            weights, state: files of an earlier training to go on from, or of weights to begin with.
            beside: further lanes: experiments to be trained beside it in the same process, the same seconds each.
            seconds: that each lane has in place of its steps: they are compared.
        """
        files = ((weights, state), *((None, None) for _ in beside))
        snapshot = None if weights is None and state is None else Snapshot(files, (0,) * len(files), (0,) * len(files))
        job = Job(self, secrets.token_urlsafe(), (experiment, *beside), owner, snapshot, seconds)
        self.enqueue(job)
        return job

    def get(self, token: str) -> Job | None:
        """The job of a private token, from the shelf if it is there; None where there is none any more."""
        with self.changed:
            return self._jobs.get(token) or self._fetch(token)

    def known(self, token: str) -> Job | None:
        """As ``get``, but also one that was ended, while a page still shows what is kept of it."""
        with self.changed:
            return self._ended.get(token) or self.get(token)

    def _fetch(self, token: str) -> Job | None:
        """Brings a job back that was paused to disk."""
        job = self._shelved.pop(token, None)
        if job is None and token and (block := self._shelf.get(token)) is not None:
            try:
                job = Job.restored(self, token, record.loads(block))
            except CheckpointError:
                logger.exception("a training that was kept is broken")
                self._shelf.drop(token)
        if job is not None:
            self._jobs[token] = job
            job.touch()
            self._look_after()
        return job

    def all(self) -> list[Job]:
        """Every job, oldest first."""
        with self.changed:
            return list(self._jobs.values())

    def arrive(self, owner: str) -> None:
        """An owner's page is connected: until ``leave``, its jobs go on."""
        with self.changed:
            self._here[owner] += 1

    def leave(self, owner: str) -> None:
        """A page of the owner is gone; with the last one the grace period of its jobs begins."""
        with self.changed:
            self._here[owner] -= 1
            if self._here[owner] <= 0:
                del self._here[owner]
            for job in self._jobs.values():
                if job.owner == owner:
                    job.touch()

    def enqueue(self, job: Job, *, first: bool = False) -> None:
        """Lets a job wait for a process, before all others where it is ``first``, and start when there is one."""
        self._start_engine()
        with self.changed:
            self._jobs[job.token] = job
            job.touch()
            job.move("queued")
            self._queue.insert(0 if first else len(self._queue), job)
            self._dispatch()
            self._look_after()

    def place(self, job: Job) -> int:
        """1 for the next in the queue; 0 for a job that does not wait."""
        with self.changed:
            return self._queue.index(job) + 1 if job in self._queue else 0

    def waits_for(self, job: Job) -> str:
        """A sentence on what a job in the queue waits for; "" for one that does not wait."""
        with self.changed:
            if (place := self.place(job)) == 0:
                return ""
            if len(own := [other for other in self._running if other.owner == job.owner]) >= self._per_owner:
                name = " beside ".join(titles(*own[0].lanes))
                return (
                    f"Waiting for your own training of {name} to end or to pause: a visitor trains one model at a time."
                )
            others = (
                "the training of another visitor"
                if self.limit == 1
                else f"one of {self.limit} trainings of other visitors"
            )
            before = f" Before it {'waits 1 more' if place == 2 else f'wait {place - 1} more'}." if place > 1 else ""
            return f"Waiting for {others} to end or to pause.{before}"

    def patience(self, job: Job) -> float:
        """Seconds that a paused job may keep its process: none where its own owner waits for one."""
        with self.changed:
            if any(other.owner == job.owner for other in self._queue):
                return 0.0
            return PARK_AFTER if self._queue else float("inf")

    def forget(self, job: Job) -> None:
        """Takes a job that has ended from the queue and out of reach of its token."""
        with self.changed:
            self._jobs.pop(job.token, None)
            self._ended[job.token] = job
            self._shelf.drop(job.token)
            if job in self._queue:
                self._queue.remove(job)
            self._dispatch()

    def end_all(self) -> None:
        """Marks every job as ended; whoever calls this ends the processes."""
        with self.changed:
            self._queue.clear()
            for job in self._jobs.values():
                job.abandon("The server was stopped.")

    def _dispatch(self) -> None:
        owners = Counter(job.owner for job in self._running)
        for job in list(self._queue):
            if len(self._running) < self.limit and owners[job.owner] < self._per_owner:
                self._queue.remove(job)
                self._running.append(job)
                owners[job.owner] += 1
                job.move("starting")
                threading.Thread(target=self._run, args=(job,), name="job", daemon=True).start()
        for job in self._queue:
            job.version += 1  # its place may have changed
        self.changed.notify_all()

    def _run(self, job: Job) -> None:
        try:
            job.drive()
        finally:
            with self.changed:
                self._running.remove(job)
                self._dispatch()

    def _look_after(self) -> None:
        if self._watch is None:
            self._watch = threading.Thread(target=self._shelve_left, name="jobs left", daemon=True)
            self._watch.start()

    def _shelve_left(self) -> None:
        """Pauses the jobs to disk whose owner has been away for longer than the grace period, while there are jobs."""
        while True:
            time.sleep(_TICK)
            for job in self._left():
                self._shelve(job)
                del job  # else it would be kept in memory until the next one comes
            with self.changed:
                if not self._jobs:
                    self._watch = None
                    return

    def _left(self) -> list[Job]:
        """The jobs that were left and stand still."""
        with self.changed:
            left = [job for job in self._jobs.values() if self._is_left(job)]
            self._queue = [job for job in self._queue if job not in left]
            return [job for job in left if job.leave()]

    def _is_left(self, job: Job) -> bool:
        return job.owner not in self._here and time.monotonic() - job.seen > self._grace

    def _shelve(self, job: Job) -> None:
        """Keeps a job that stands still on disk; one that has learnt nothing yet is ended."""
        if (kept := job.record()) is None:
            job.end("The training ended because its page was closed before it had begun.")
            return
        try:
            self._shelf.put(job.token, record.dumps(kept))
        except (NotWritten, OSError):
            logger.exception("a training cannot be paused to disk")
            job.touch()  # it stays in memory, and is tried again after another grace period
            return
        with self.changed:
            if self._is_left(job) and job.leave():
                del self._jobs[job.token]
                self._shelved[job.token] = job
