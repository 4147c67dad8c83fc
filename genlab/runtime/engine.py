"""The process-wide engine: a Dask scheduler in the server, one warm interactive process, one process per training."""

from __future__ import annotations

import atexit
import logging
import os
import tempfile
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from genlab.errors import WorkerFailed
from genlab.runtime.hosted import Hosted
from genlab.runtime.jobs import Jobs
from genlab.runtime.memory import Accelerators, Device, main_memory
from genlab.runtime.process import ComputeProcess
from genlab.runtime.trampoline import call, unwrap

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_SPARE_AFTER = 5.0  # seconds: a training that starts needs the cores for its own start
INTERACTIVE = "interactive"  # the Dask resource that only the interactive process has

_CONFIG = {  # for the server and the processes: no web pages, no statistics, no work moved between processes
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.large-graph-warning-threshold": "100MB",  # uploads and trained weights travel as arguments
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.allowed-failures": 1,  # a call whose process was killed is tried once more
    "distributed.comm.timeouts.connect": "10s",
}


class Question:
    """The answer to come of a call in the interactive process."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def done(self) -> bool:
        """True when ``result`` returns at once."""
        return bool(self._future.done())

    def result(self, timeout: float = 30) -> Any:
        """The value; ``timeout`` in seconds. Raises the call's GenlabError, or WorkerFailed."""
        try:
            return unwrap(self._future.result(timeout=timeout))
        except TimeoutError:
            self._future.cancel()
            raise WorkerFailed(f"The computation took longer than {timeout:g} s and was given up.") from None
        except WorkerFailed:
            raise
        except Exception as error:
            if type(error).__name__ in ("KilledWorker", "FutureCancelledError", "CancelledError"):
                raise WorkerFailed("The process that computes pictures was ended during this.") from None
            raise


class Engine:
    """Starts, asks and ends the compute processes. Every method may be called from any thread.

    Arguments:
        jobs: options of ``Jobs``.
        warm: dotted path of what the interactive process does first, before anybody asks.
    """

    def __init__(self, *, warm: str = "genlab.runtime.tasks:warm", **jobs: Any) -> None:
        self._warm = warm
        self._lock = threading.RLock()
        self._started: Future[None] | None = None
        self._client: Any = None
        self._cluster: Any = None
        self._interactive: ComputeProcess | None = None
        self._spare: ComputeProcess | None = None
        self._processes: set[ComputeProcess] = set()
        self._names = 0
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._accelerators = Accelerators(self.submit)
        self.jobs = Jobs(self.start, self.host, **{"limit": max(2, CORES - 1)} | jobs)

    def start(self) -> None:
        """Starts in the background and returns at once; does nothing where it has started."""
        with self._lock:
            if self._started is None:
                self._started = Future()
                threading.Thread(target=self._start, args=(self._started,), name="engine start", daemon=True).start()

    def _start(self, started: Future[None]) -> None:
        try:
            self._start_scheduler()
            self._start_interactive()
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(None)
        assert self._interactive
        self._interactive.warm.wait(60)  # the first page comes first
        self._keep_spare()

    def _start_scheduler(self) -> None:
        import dask  # imported here: it takes half a second that the server's start need not wait for
        from distributed import Client, Scheduler, Security, SpecCluster

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # lost processes are told in our own words
        self._scratch = tempfile.TemporaryDirectory(prefix="genlab-")  # Dask wants one; nothing of ours goes there
        self._config = _CONFIG | {"temporary-directory": self._scratch.name}
        dask.config.set(self._config)
        self._security = Security.temporary()
        options = {
            "host": "127.0.0.1",
            "protocol": "tls://",
            "port": 0,
            "security": self._security,
            "dashboard": False,
            "dashboard_address": "127.0.0.1:0",
        }
        self._cluster = SpecCluster(
            scheduler={"cls": Scheduler, "options": options},
            security=self._security,
            shutdown_on_close=False,
            silence_logs=logging.CRITICAL,
        )
        self._cluster.scheduler.http_server.stop()  # nobody looks at it
        self._client = Client(self._cluster, direct_to_workers=True)

    def _ready(self) -> None:
        started = self._started
        if started is None:
            raise WorkerFailed("The computing processes were stopped.")
        try:
            started.result(timeout=60)
        except Exception as error:
            raise WorkerFailed(f"The computing processes could not be started: {error or 'no answer'}") from error

    def _spawn(self, name: str, *, background: bool, warm: str) -> ComputeProcess:
        with self._lock:
            if self._started is None:
                raise WorkerFailed("The computing processes were stopped.")
            self._names += 1
            security = {
                key: getattr(self._security, key) for key in ("tls_ca_file", "tls_worker_cert", "tls_worker_key")
            }
            setup = {
                "scheduler": self._cluster.scheduler_address,
                "name": f"{name}-{self._names}",
                "security": security,
                "config": self._config,
                "background": background,
                "warm": warm,
                "resources": {} if background else {INTERACTIVE: 1},
            }
            process = ComputeProcess(setup, max(1, CORES - 1) if background else 1, self._ended)
            self._processes.add(process)
            return process

    def _start_interactive(self) -> None:
        self._interactive = self._spawn(INTERACTIVE, background=False, warm=self._warm)
        self._interactive_since = time.monotonic()

    def _ended(self, process: ComputeProcess) -> None:
        """Called by the watch of a process that is gone: the interactive one comes back."""
        if process is self._interactive and time.monotonic() - self._interactive_since < 2:
            time.sleep(1)  # one that cannot even start must not be started in a tight loop
        with self._lock:
            self._processes.discard(process)
            if self._started is None:
                return
            if process is self._interactive:
                self._start_interactive()
                return
            if process is self._spare:
                self._spare = None
        self._keep_spare()

    def _keep_spare(self) -> None:
        """Importing torch takes seconds: one process more than there are trainings stands by."""
        with self._lock:
            busy = len(self._processes) - 1
            if self._started is not None and self._spare is None and busy < self.jobs.limit:
                self._spare = self._spawn("job", background=True, warm=self.jobs.actor.partition(":")[0] + ":warm")

    def host(self) -> Hosted:
        """A process of its own for a training: the one that stands by, or a new one."""
        self._ready()
        with self._lock:
            process, self._spare = self._spare, None
            if process is None or process.ended.is_set():
                process = self._spawn("job", background=True, warm=self.jobs.actor.partition(":")[0] + ":warm")
        later = threading.Timer(_SPARE_AFTER, self._keep_spare)
        later.daemon = True
        later.start()
        return Hosted(self._client, process)

    def submit(self, path: str, *args: Any, **kwargs: Any) -> Question:
        """Calls ``path`` ("package.module:function") in the interactive process, and does not wait for the answer.

        Where that process is killed meanwhile, a new one is asked, once.
        """
        self.start()
        self._ready()
        return Question(self._client.submit(call, path, *args, **kwargs, resources={INTERACTIVE: 1}, pure=False))

    def ask(self, path: str, *args: Any, timeout: float = 30, **kwargs: Any) -> Any:
        """The answer of ``submit``. Raises a GenlabError (as itself, or WorkerFailed); ``timeout`` in seconds."""
        return self.submit(path, *args, **kwargs).result(timeout)

    def devices(self) -> list[Device]:
        """What each device holds: name, memory_total and memory_used in bytes. Never waits."""
        started = self._started
        ready = started is not None and started.done() and started.exception() is None
        return [main_memory(), *(self._accelerators.devices() if ready else [])]

    def stop(self) -> None:
        """Ends every job and every process; returns when they are gone. ``start`` would start anew."""
        with self._lock:
            started, self._started = self._started, None
        if started is None:
            return
        with suppress(Exception):
            started.result(timeout=4)
        self.jobs.end_all()
        with self._lock:
            processes, self._interactive, self._spare = list(self._processes), None, None
        enders = [threading.Thread(target=process.end) for process in processes]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join(3)
        for closing in (self._client, self._cluster):
            with suppress(Exception):
                closing.close(timeout=1)
        if self._scratch is not None:
            self._scratch.cleanup()


_engine: Engine | None = None
_engine_lock = threading.Lock()


def engine() -> Engine:
    """The engine of this process; it starts with the first question, or earlier through ``start``."""
    global _engine
    with _engine_lock:
        if _engine is None:
            _engine = Engine()
            atexit.register(_engine.stop)
        return _engine
