"""All trainings of this server: who runs, who waits, and who has been left by its owner."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

from genlab.experiments.base import Experiment
from genlab.runtime.job import Job, Snapshot
from genlab.runtime.remote import Remote

PARK_AFTER = 60.0  # seconds that a paused job keeps its process while others wait
_TICK = 0.5  # seconds between looks for jobs that were left


class Jobs:
    """Starts, finds and ends trainings. Every method may be called from any thread.

    Arguments:
        start: starts the engine, without waiting.
        host: gives a process of its own.
        limit: trainings that may have a process at the same time.
        per_owner: of these, those of one visitor.
        grace: seconds that a job goes on after its owner was last there.
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
        actor: str = "genlab.runtime.job_actor:JobActor",
    ) -> None:
        self.limit = limit
        self.actor = actor
        self.changed = threading.Condition(threading.RLock())  # one for all jobs: changes are rare and short
        self.host = host
        self._start_engine = start
        self._per_owner = per_owner
        self._grace = grace
        self._jobs: dict[str, Job] = {}
        self._ended: WeakValueDictionary[str, Job] = WeakValueDictionary()  # as long as somebody else has them
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
    ) -> Job:
        """Starts a training, or puts it at the end of the queue.

        Arguments:
            owner: who trains; a visitor's name for itself.
            weights, state: files of an earlier training to go on from, or of weights to begin with.
            beside: further lanes: experiments to be trained beside it in the same process, the same seconds each.
        """
        files = ((weights, state), *((None, None) for _ in beside))
        snapshot = None if weights is None and state is None else Snapshot(files, (0,) * len(files), (0,) * len(files))
        job = Job(self, secrets.token_urlsafe(), (experiment, *beside), owner, snapshot)
        self.enqueue(job)
        return job

    def get(self, token: str) -> Job | None:
        """The job of a private token, or None where it has ended with its owner."""
        return self._jobs.get(token)

    def known(self, token: str) -> Job | None:
        """As ``get``, but also one that has ended, while a page still shows what is kept of it."""
        with self.changed:
            return self._jobs.get(token) or self._ended.get(token)

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
            if self._watch is None:
                self._watch = threading.Thread(target=self._end_left, name="jobs left", daemon=True)
                self._watch.start()

    def place(self, job: Job) -> int:
        """1 for the next in the queue; 0 for a job that does not wait."""
        with self.changed:
            return self._queue.index(job) + 1 if job in self._queue else 0

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

    def _end_left(self) -> None:
        """Ends and forgets the jobs whose owner has been away for longer than the grace period."""
        while True:
            time.sleep(_TICK)
            with self.changed:
                left = [
                    job
                    for job in self._jobs.values()
                    if job.owner not in self._here and time.monotonic() - job.seen > self._grace
                ]
            for job in left:
                job.end("The training ended because its page was closed.")
            with self.changed:
                if not self._jobs:
                    self._watch = None
                    return
