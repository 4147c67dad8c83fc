"""A Dask scheduler in the server, and the compute processes that it knows."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from genlab.errors import WorkerFailed
from genlab.runtime import log
from genlab.runtime.actor import Actor
from genlab.runtime.process import ComputeProcess, ProcessEnded
from genlab.runtime.rpc import Answer, Functions
from genlab.runtime.scratch import Scratch
from genlab.runtime.waiting import Loop, settle, until

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
INTERACTIVE = min(4, CORES)  # processes that answer questions
_ROOM = 2**30  # bytes of memory that must be free for another of them: torch alone takes a quarter of that
_LATER = 5.0  # seconds: a process that starts needs the cores for its own start
REAPED = 1.0  # seconds between a connection that breaks and the end of the process behind it

_CONFIG = {  # for the server and the processes: no web pages, hardly a statistic, no work moved between processes
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",  # fifty a second are a fortieth of a core for each process that waits
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.comm.timeouts.connect": "10s",
}


class Lost(Exception):
    """The scheduler, its client or the way to them broke, through no fault of the question."""


@dataclass(frozen=True)
class _Interactive:
    """A process that answers questions."""

    process: ComputeProcess
    functions: Actor
    begun: float  # on the monotonic clock
    replaced: Future[None] = field(default_factory=Future)  # done when another one has its slot


class Cluster:
    """A scheduler and its client on an event loop of their own, warm interactive processes, one for each training.

    It is never mended: where anything but a process breaks, the engine ends it and makes another.

    Arguments:
        warm: dotted path of what an interactive process does first.
        interactive: how many of these there are. The first comes up alone, the others one by one after the spare one.
        job_warm: the same of the other processes.
        spare_below: while fewer processes than this train, one more stands by.
        on_loss: called when the scheduler or its client is gone, with the error.

    Attributes:
        up: a future that is done when questions can be asked; it fails where the start does.
        since: the moment of its making, on the monotonic clock.
        scheduler_address: where the scheduler listens, once it is up.
        client: the Dask client, once it is up; to be used on the loop only.
    """

    scheduler_address: str
    client: Any

    def __init__(
        self,
        *,
        warm: str,
        interactive: int,
        job_warm: str,
        spare_below: int,
        on_loss: Callable[[Cluster, BaseException], None],
    ) -> None:
        self.up: Future[None] = Future()
        self.since = time.monotonic()
        self._warm, self._job_warm, self._spare_below, self._on_loss = warm, job_warm, spare_below, on_loss
        self._most = interactive
        self._lock = threading.RLock()
        self._over: Exception | None = None
        self._interactive: dict[int, _Interactive] = {}  # by slot; one that ends is replaced in its slot
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # of the questions to a slot
        self._load: Counter[int] = Counter()  # questions asked of a slot and not answered yet
        self._answers: Counter[int] = Counter()  # of a slot
        self._spare: ComputeProcess | None = None
        self._processes: set[ComputeProcess] = set()
        self._names = 0
        self._scratch = Scratch()
        self._config = _CONFIG | {"temporary-directory": self._scratch.name}
        self._ending = asyncio.Event()
        self._loop = Loop(self._live)
        self.run = self._loop.run

    async def _live(self) -> None:
        error: BaseException = ConnectionError("the scheduler or its client ended")
        closing: list[Callable[[], Any]] = []
        try:
            await self._start(closing)
            await self._end_of_any()
        except BaseException as reason:
            error = reason
            raise
        finally:
            self._on_loss(self, error)  # first of all: nobody must wait for what is gone
            for close in closing:
                with suppress(Exception):
                    await asyncio.wait_for(close(), 1)

    async def _start(self, closing: list[Callable[[], Any]]) -> None:
        import dask  # imported here: it takes half a second that the server's start need not wait for
        from distributed import Client, Scheduler, Security

        self.check()  # whoever stops a server that starts waits for no more than has begun
        log.to_stderr()
        dask.config.set(self._config)
        self._security = Security.temporary()
        self._scheduler = Scheduler(
            host="127.0.0.1",
            protocol="tls://",
            port=0,
            security=self._security,
            dashboard=False,
            dashboard_address="127.0.0.1:0",
        )
        self.check()
        closing.append(self._scheduler.close)
        await self._scheduler
        self._scheduler.http_server.stop()  # nobody looks at it
        self.scheduler_address = self._scheduler.address
        self.client = Client(
            self.scheduler_address,
            security=self._security,
            asynchronous=True,
            direct_to_workers=True,
            set_as_default=False,
        )
        closing.insert(0, self.client.close)
        self.client._reconnect = self.client._close  # a second life would have forgotten the questions of the first
        await self.client
        self._start_interactive(0)
        settle(self.up)

    async def _end_of_any(self) -> None:
        ends = [
            asyncio.ensure_future(self._ending.wait()),
            asyncio.ensure_future(self._scheduler.finished()),
            self.client._handle_report_task,  # hears of every answer
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)

    # Questions

    def ask(self, payload: bytes, unwanted: Callable[[], bool], slot: int | None = None) -> Future[Answer]:
        """Has an interactive process make the call that is in ``payload``, see ``Functions``.

        Where that process is killed meanwhile, a new one is asked, once. Fails with a GenlabError where the call
        is at fault, with anything else where the way to the process is.

        Arguments:
            unwanted: true where the answer is no longer waited for; what has not begun is not computed then.
            slot: of the process; where that is not at work, the one with the fewest questions before it.
        """
        return self.run(self._ask(payload, unwanted, slot))

    async def _ask(self, payload: bytes, unwanted: Callable[[], bool], slot: int | None) -> Answer:
        for _ in range(2):
            with suppress(ProcessEnded):
                return await self._ask_once(payload, unwanted, slot)
        raise WorkerFailed("The process that computes pictures was ended during this.")

    async def _ask_once(self, payload: bytes, unwanted: Callable[[], bool], slot: int | None) -> Answer:
        """Raises ProcessEnded where the process was killed meanwhile and another one has its slot."""
        slots = self.slots()
        if slot not in slots:
            slot = min(slots, key=self.load)
        self._load[slot] += 1
        try:
            async with self._turns[slot]:
                if unwanted():
                    raise WorkerFailed("The computation was given up.")
                there = self._interactive[slot]
                try:
                    answer = await there.functions.call("call", payload)
                except Exception as error:
                    if not await until(there.process.ended, REAPED):
                        raise
                    await until(there.replaced)
                    raise ProcessEnded from error
            self._answers[slot] += 1
            return answer
        finally:
            self._load[slot] -= 1

    def slots(self) -> list[int]:
        """Of the interactive processes that are at work; the first one's before there is any."""
        with self._lock:
            warm = [slot for slot, there in self._interactive.items() if _ready(there.process)]
        return warm or [0]

    def load(self, slot: int) -> int:
        """Questions asked of a process and not answered yet."""
        return self._load[slot]

    def answers(self, slot: int) -> int:
        """That came from a slot so far."""
        return self._answers[slot]

    def ping(self) -> Future[Any]:
        """Done when the scheduler has answered; a long computation does not delay it."""
        return self.run(self.client.scheduler.identity(n_workers=0))

    # Processes

    def _spawn(self, slot: int | None = None) -> ComputeProcess:
        """A process for questions in that slot, or for a training."""
        background = slot is None
        with self._lock:
            self.check()
            self._names += 1
            security = {
                key: getattr(self._security, key) for key in ("tls_ca_file", "tls_worker_cert", "tls_worker_key")
            }
            setup = {
                "scheduler": self.scheduler_address,
                "name": f"{'job' if slot is None else f'interactive-{slot}'}-{self._names}",
                "security": security,
                "config": self._config,
                "background": background,
                "warm": self._job_warm if background else self._warm,
            }
            process = ComputeProcess(setup, max(1, CORES - 1) if background else 1)
            self._processes.add(process)
        process.ended.add_done_callback(lambda _: self._ended(process))
        return process

    def _start_interactive(self, slot: int, stand_in: ComputeProcess | None = None) -> None:
        process, before = stand_in or self._spawn(slot), self._interactive.get(slot)
        self._interactive[slot] = _Interactive(process, Actor(self.client, process, Functions), time.monotonic())
        if before is not None:
            settle(before.replaced)
        if stand_in:
            _later(self._keep_spare)
        else:
            process.warm.add_done_callback(lambda _: self._go_on())

    def _go_on(self) -> None:
        """The first page comes first, then a first training, then the pages of a class."""
        self._keep_spare()
        _later(self._start_next_interactive)

    def _start_next_interactive(self) -> None:
        """One more process for questions, where one is missing and there is room."""
        with self._lock:
            slot = len(self._interactive)
            if self._over is None and slot < self._most and psutil.virtual_memory().available > _ROOM:
                self._start_interactive(slot)

    def _ended(self, process: ComputeProcess) -> None:
        """Called by the watch of a process that is gone: for an interactive one the spare one stands in."""
        slot = next((slot for slot, there in self._interactive.items() if there.process is process), None)
        if slot is not None and time.monotonic() - self._interactive[slot].begun < 2:
            time.sleep(1)  # one that cannot even start must not be started in a tight loop
        with self._lock:
            self._processes.discard(process)
            if self._over is not None:
                return
            if process is self._spare:
                self._spare = None
            if slot is not None:
                self._start_interactive(slot, self._stand_in())
                return
        self._keep_spare()

    def _keep_spare(self) -> None:
        """Importing torch takes seconds: one process more than there are trainings stands by."""
        with self._lock:
            busy = len(self._processes) - len(self._interactive)
            if self._over is None and self._spare is None and busy < self._spare_below:
                self._spare = self._spawn()

    def _stand_in(self) -> ComputeProcess | None:
        """The process that stands by, where it is warm: for a question nobody wants to wait for an import."""
        if self._spare is None or not _ready(self._spare):
            return None
        process, self._spare = self._spare, None
        return process

    def host(self) -> ComputeProcess:
        """A process of its own for a training: the one that stands by, or a new one."""
        with self._lock:
            process, self._spare = self._spare, None
            if process is None or process.ended.done():
                process = self._spawn()
        _later(self._keep_spare)
        return process

    # Its end

    def check(self) -> None:
        """Raises the error after which it was ended, if it was."""
        if self._over is not None:
            raise self._over

    def cut(self, error: Exception) -> None:
        """Whoever waits for it, now or later, gets this error; does not wait."""
        with self._lock:
            self._over = self._over or error
        settle(self.up, error=error)
        self._loop.cut(error)

    def end(self) -> None:
        """Ends its processes and its loop, and returns when they are gone; ``cut`` comes before."""
        self._loop.call(self._ending.set)
        with self._lock:
            processes = list(self._processes)
        enders = [threading.Thread(target=process.end) for process in processes]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join(3)
        self._loop.join(3)
        self._scratch.cleanup()


def _later(function: Callable[[], None]) -> None:
    timer = threading.Timer(_LATER, function)
    timer.daemon = True
    timer.start()


def _ready(process: ComputeProcess) -> bool:
    return process.warm.done() and not process.ended.done()
