"""The process-wide engine: asks and trains in compute processes, and begins anew where the way to them breaks."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from genlab.errors import GenlabError, WorkerFailed
from genlab.runtime.cluster import CORES, INTERACTIVE, Cluster, Lost
from genlab.runtime.jobs import Jobs
from genlab.runtime.memory import Accelerators, Device, main_memory
from genlab.runtime.remote import Remote
from genlab.runtime.rpc import FAULT, LONGEST_CALL, Answer, pack, unwrap
from genlab.runtime.waiting import settle

_START = 60.0  # seconds that a start may take
_SLICE = 0.05  # seconds of waiting after which something else may be done
_BEAT = 3.0  # seconds between looks at whether questions are answered
_SILENCE = 10.0  # seconds without a word of the scheduler after which it is given up
_DUMB = LONGEST_CALL + 30  # seconds without any answer: a call that takes longer would have ended its process

logger = logging.getLogger(__name__)


class Question:
    """The answer to come of a call in an interactive process.

    Arguments:
        slot: of the process that is to make the call; None for any.

    Attributes:
        answer: a future of the value, which fails with a GenlabError; ``asyncio.wrap_future`` makes it awaitable.
            Cancelling it does nothing.
    """

    def __init__(self, payload: bytes, slot: int | None = None) -> None:
        self.answer: Future[Any] = Future()
        self.answer.set_running_or_notify_cancel()
        self._payload, self._slot = payload, slot
        self._asked = threading.Event()

    def done(self) -> bool:
        """True when ``result`` returns at once."""
        return self.answer.done()

    def result(self, timeout: float = 30, meanwhile: Callable[[], object] = lambda: None) -> Any:
        """The value. Raises a GenlabError.

        Arguments:
            timeout: in seconds, not counting the start of the engine.
            meanwhile: called again and again while there is no answer. What it raises ends the waiting.
        """

        def came(within: Callable[[float], bool], seconds: float) -> bool:
            end = time.monotonic() + seconds
            while not within(min(_SLICE, seconds)):
                if time.monotonic() >= end:
                    return False
                meanwhile()
            return True

        try:
            came(self._asked.wait, _START)
            if not came(lambda seconds: bool(wait([self.answer], seconds).done), timeout):
                self.give_up(f"The computation took longer than {timeout:g} s and was given up.")
        finally:
            self.give_up()  # which leaves an answer that is there as it is
        return self.answer.result()

    def give_up(self, message: str = "The computation was given up.") -> None:
        """Nobody waits for the answer any more; it becomes a WorkerFailed."""
        self.settle(error=WorkerFailed(message))

    def settle(self, value: Any = None, error: BaseException | None = None) -> None:
        """Gives the answer, unless there is one."""
        settle(self.answer, value, error)
        self._asked.set()

    def put(self, cluster: Cluster) -> Future[Answer]:
        """Asks it; may be repeated with another cluster."""
        self._asked.set()
        return cluster.ask(self._payload, self.answer.done, self._slot)


class Engine:
    """Starts, asks and ends the compute processes. Every method may be called from any thread.

    Arguments:
        jobs: options of ``Jobs``.
        warm: dotted path of what an interactive process does first, before anybody asks.
        interactive: how many of these there are at most.
    """

    def __init__(
        self, *, warm: str = "genlab.runtime.answers:warm", interactive: int = INTERACTIVE, **jobs: Any
    ) -> None:
        self._warm, self._interactive = warm, interactive
        self._lock = threading.RLock()
        self._stopped: threading.Event | None = None  # while it runs, what ends its watch
        self._cluster: Cluster | None = None
        self._answered: float | None = None  # when the last answer came, on the monotonic clock
        self._accelerators = Accelerators(self.submit)
        self.jobs = Jobs(self.start, self.host, **{"limit": max(2, CORES - 1)} | jobs)

    def start(self) -> None:
        """Starts in the background and returns at once; does nothing where it has started."""
        with self._lock:
            if self._stopped is None:
                self._stopped = threading.Event()
                self._now()
                threading.Thread(target=self._watch, args=(self._stopped,), name="engine watch", daemon=True).start()

    def _now(self) -> Cluster:
        """The cluster of now; a new one after the last was given up. Raises WorkerFailed where all was stopped."""
        with self._lock:
            if self._stopped is None:
                raise WorkerFailed("The computing processes were stopped.")
            if self._cluster is None:
                self._answered = None
                self._cluster = Cluster(
                    warm=self._warm,
                    interactive=self._interactive,
                    job_warm=self.jobs.actor.partition(":")[0] + ":warm",
                    spare_below=self.jobs.limit,
                    on_loss=self._give_up,
                )
            return self._cluster

    # Healing: whatever breaks between the server and its processes, all of it is made anew

    def _give_up(self, cluster: Cluster, reason: BaseException) -> None:
        """Ends a cluster; whoever needs one next makes it. Does nothing for one that was given up before."""
        with self._lock:
            if cluster is not self._cluster:
                return
            self._cluster = None
            was_up = cluster.up.done()
        logger.error("the computing processes %s: %r", "are started anew" if was_up else "could not start", reason)
        cluster.cut(
            Lost("The way to the computing processes broke.")
            if was_up
            else WorkerFailed("The computing processes could not be started; the server's log says why.")
        )
        threading.Thread(target=cluster.end, name="engine end", daemon=True).start()

    def _watch(self, stopped: threading.Event) -> None:
        """Looks whether every process answers, and has something to be answered where nobody asks."""
        beats: dict[tuple[Cluster, int], Question] = {}
        heard: dict[tuple[Cluster, int], int] = {}
        rounds: dict[tuple[Cluster, int], int] = {}  # since the last answer; seconds would go on in a stopped terminal
        while True:
            try:
                cluster = self._now()
            except WorkerFailed:
                return
            slots = [(cluster, slot) for slot in cluster.slots()]
            answers = {at: cluster.answers(at[1]) for at in slots}
            up = cluster.up.done()
            rounds = {at: rounds.get(at, 0) + 1 if up and heard.get(at) == answers[at] else 0 for at in slots}
            beats = {at: beats[at] if at in beats and not beats[at].done() else self._beat(at[1]) for at in slots}
            heard = answers
            error = self._fault(cluster)
            if error is None and max(rounds.values()) * _BEAT > _DUMB:
                error = TimeoutError(f"no answer for {_DUMB:g} s")
            if error is not None:
                self._give_up(cluster, error)
            if stopped.wait(_BEAT):
                return

    def _beat(self, slot: int) -> Question:
        question = Question(pack(("os:getpid", (), {})), slot)
        self._put(question)
        return question

    def _fault(self, cluster: Cluster) -> BaseException | None:
        """What is wrong with the way to the processes; None where nothing is. A long computation is not."""
        if not cluster.up.done():
            late = time.monotonic() - cluster.since > _START
            return TimeoutError(f"not ready after {_START:g} s") if late else None
        if cluster.up.exception():
            return None  # given up already
        ping = cluster.ping()
        for _ in range(2):  # a server that was stopped by a terminal finds its time over when it goes on
            wait([ping], _SILENCE / 2)
        if not ping.done():
            return TimeoutError(f"no word of the scheduler for {_SILENCE:g} s")
        return ping.exception()

    def health(self) -> float | None:
        """Seconds since the last answer while questions are answered, else None. Never waits.

        The engine asks itself something every few seconds; a long computation may delay that.
        """
        cluster, answered = self._cluster, self._answered
        if cluster is None or not cluster.up.done() or answered is None:
            return None
        age = time.monotonic() - answered
        return age if age < _DUMB else None

    # Asking

    def submit(self, path: str, *args: Any, **kwargs: Any) -> Question:
        """Calls ``path`` ("package.module:function") in an interactive process, and does not wait for the answer.

        Where that process is killed meanwhile, a new one is asked, once; so it is where the way to it breaks.
        """
        return self.submit_to(None, path, args, kwargs)

    def submit_to(self, slot: int | None, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Question:
        """As ``submit``, in the process of one of the ``slots``."""
        self.start()
        question = Question(pack((path, args, kwargs)), slot)
        self._put(question)
        return question

    def slots(self) -> list[int]:
        """Of the interactive processes that are at work; the first one's before there is any. Never waits."""
        cluster = self._cluster
        return [0] if cluster is None else cluster.slots()

    def load(self, slot: int) -> int:
        """Questions that were asked of the process of a slot and are not answered yet."""
        cluster = self._cluster
        return 0 if cluster is None else cluster.load(slot)

    def _put(self, question: Question, again: bool = True) -> None:
        """Asks a question as soon as there is somebody to ask.

        Arguments:
            again: whether it is asked once more after the way to the process broke.
        """
        try:
            cluster = self._now()
        except WorkerFailed as error:
            question.settle(error=error)
            return

        def put(up: Future[None]) -> None:
            if error := up.exception():
                question.settle(error=error)
            else:
                question.put(cluster).add_done_callback(partial(self._settle, question, cluster, again))

        cluster.up.add_done_callback(put)

    def _settle(self, question: Question, cluster: Cluster, again: bool, answer: Future[Answer]) -> None:
        """Takes what came of a question."""
        error = answer.exception()
        if error is None:
            self._answered = time.monotonic()
            try:
                question.settle(unwrap(answer.result()))
            except GenlabError as told:
                question.settle(error=told)
            except Exception:  # unpacking: the fault of the answer alone
                logger.exception("an answer could not be read")
                question.settle(error=WorkerFailed(FAULT))
        elif isinstance(error, GenlabError):
            question.settle(error=error)
        elif not question.done():  # else it was given up, and what that makes of it says nothing
            self._give_up(cluster, error)
            if again:
                self._put(question, again=False)
            else:
                question.settle(error=WorkerFailed("The computing processes had to be started anew: try again."))

    def ask(
        self,
        path: str,
        *args: Any,
        timeout: float = 30,
        meanwhile: Callable[[], object] = lambda: None,
        **kwargs: Any,
    ) -> Any:
        """The answer of ``submit``, waited for as in ``Question.result``."""
        return self.submit(path, *args, **kwargs).result(timeout, meanwhile)

    def host(self) -> Remote:
        """A process of its own for a training. Raises WorkerFailed, or Lost where the way to it broke."""
        cluster = self._now()
        if not wait([cluster.up], _START).done:
            raise WorkerFailed("The computing processes could not be started: no answer")
        cluster.up.result()
        return Remote(cluster, cluster.host())

    def devices(self) -> list[Device]:
        """What each device holds: name, memory_total and memory_used in bytes. Never waits."""
        cluster = self._cluster
        ready = cluster is not None and cluster.up.done() and cluster.up.exception() is None
        return [main_memory(), *(self._accelerators.devices() if ready else [])]

    def stop(self) -> None:
        """Ends every job and every process; returns when they are gone. ``start`` would start anew."""
        with self._lock:
            stopped, self._stopped = self._stopped, None
            cluster, self._cluster = self._cluster, None
        if stopped is not None:
            stopped.set()
        self.jobs.end_all()
        if cluster is not None:
            cluster.cut(WorkerFailed("The computing processes were stopped."))
            cluster.end()


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
