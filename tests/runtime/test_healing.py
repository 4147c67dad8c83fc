"""Whatever breaks between the server and its processes: the question is answered, the training goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import psutil
import pytest

from genlab.errors import WorkerFailed
from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime import engine as module
from genlab.runtime.cluster import Cluster
from genlab.runtime.engine import Engine
from genlab.runtime.job import Job
from tests.runtime.conftest import until

LONG = PixelCNNExperiment(steps=1_000_000)
SOON = 10  # seconds in which all is well again


def on_loop(cluster: Cluster, function: Callable[[], Any]) -> None:
    """Calls a function on the loop and returns when it was called."""
    called = threading.Event()
    cluster._loop.call(lambda: (function(), called.set()))
    assert called.wait(10)


def cut_the_connection(cluster: Cluster) -> None:
    on_loop(cluster, cluster.client.scheduler_comm.comm.abort)


def cut_every_connection(cluster: Cluster) -> None:
    def cut() -> None:
        for comm in (
            cluster.client.scheduler_comm.comm,
            *cluster._scheduler.rpc._created,
            *cluster.client.rpc._created,
        ):
            comm.abort()

    on_loop(cluster, cut)


def stop_the_loop(cluster: Cluster) -> None:
    cluster._loop.call(cluster._loop._loop.stop)


def close_the_scheduler(cluster: Cluster) -> None:
    cluster.run(cluster._scheduler.close())


def close_the_client(cluster: Cluster) -> None:
    cluster.run(cluster.client._close())


def cancel_every_task(cluster: Cluster) -> None:
    on_loop(cluster, lambda: [task.cancel() for task in asyncio.all_tasks()])


def poison_the_way(cluster: Cluster) -> None:
    """A shared task that was cancelled, as Dask's own questions had it."""

    async def call(*args: object) -> None:
        cancelled = asyncio.get_running_loop().create_future()
        cancelled.cancel()
        await cancelled

    cluster._interactive[0].functions.call = call  # type: ignore[method-assign]


def poison_it_otherwise(cluster: Cluster) -> None:
    """As that was met by those who waited: UnboundLocalError."""

    async def call(*args: object) -> None:
        raise UnboundLocalError("cannot access local variable 'result'")

    cluster._interactive[0].functions.call = call  # type: ignore[method-assign]


def training(engine: Engine) -> Job:
    """One that runs and has a snapshot that it has left behind; that of the last test, if it is there."""
    job = next((job for job in engine.jobs.all() if job.state == "running"), None) or engine.jobs.start(LONG, "ada")
    until(lambda: job.snapshot is not None and job.progress["step"] > job.snapshot.step > 0)
    return job


def goes_on(job: Job, snapshot: int, pid: int | None) -> None:
    """In another process, from no earlier than its snapshot, without a word."""
    until(lambda: job.state == "running" and job.pid not in (None, pid) and job.progress["step"] > snapshot)
    assert [step for step, *_ in job.curve] == sorted({step for step, *_ in job.curve})
    assert (job.kind, job.message) == ("", "")


@pytest.mark.parametrize(
    "break_it",
    [
        cut_the_connection,
        cut_every_connection,
        stop_the_loop,
        close_the_scheduler,
        close_the_client,
        cancel_every_task,
        poison_the_way,
        poison_it_otherwise,
    ],
)
def test_what_breaks_is_healed(engine: Engine, break_it: Callable[[Cluster], None]) -> None:
    job = training(engine)
    snapshot, pid = job.snapshot.step, job.pid
    cluster = engine._now()
    processes = list(cluster._processes)
    under_way = engine.submit("time:sleep", 0.2)
    start = time.monotonic()
    break_it(cluster)
    assert engine.ask("math:sqrt", 9, timeout=SOON) == 3
    assert under_way.result(SOON) is None  # it was asked once more
    goes_on(job, snapshot, pid)
    assert time.monotonic() - start < SOON
    assert engine._now() is not cluster
    until(lambda: not any(psutil.pid_exists(process.pid) for process in processes))


def test_a_paused_training_stays_paused(engine: Engine) -> None:
    job = training(engine)
    job.pause()
    until(lambda: job.snapshot.step == job.progress["step"])
    stood, pid = job.progress["step"], job.pid
    close_the_scheduler(engine._now())
    until(lambda: job.state == "paused" and job.pid not in (None, pid), SOON)
    assert job.progress["step"] == stood
    job.resume()
    goes_on(job, stood, pid)
    job.end()


def test_a_training_that_starts_is_begun_anew(engine: Engine) -> None:
    engine.ask("math:sqrt", 9)
    job = engine.jobs.start(LONG, "bob")  # ada may still train what an earlier test began
    close_the_scheduler(engine._now())
    goes_on(job, 0, None)


def test_a_broken_way_to_one_training_mends_itself(engine: Engine) -> None:
    job = training(engine)
    snapshot, pid, cluster = job.snapshot.step, job.pid, engine._now()
    cut: list[Any] = []

    def cut_in_use() -> None:
        cut.extend(comm for comms in cluster.client.rpc.occupied.values() for comm in comms)
        for comm in cut:
            comm.abort()

    until(lambda: on_loop(cluster, cut_in_use) or cut)  # between two calls there is nothing to be cut
    goes_on(job, snapshot, pid)
    assert engine._now() is cluster


def test_one_failure_starts_anew_once(engine: Engine) -> None:
    engine.ask("math:sqrt", 9)
    cluster = engine._now()
    questions = [engine.submit("time:sleep", 0.05) for _ in range(20)]
    cut_the_connection(cluster)
    for question in questions:
        question.result()
    after = engine._now()
    engine._give_up(cluster, RuntimeError("late"))
    assert engine._now() is after


def test_what_breaks_again_is_one_sentence(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.ask("math:sqrt", 9)

    def fails(*args: object) -> Future[Any]:
        broken: Future[Any] = Future()
        broken.set_exception(RuntimeError("cannot schedule new futures"))
        return broken

    with monkeypatch.context() as patches:
        patches.setattr(Cluster, "ask", fails)
        with pytest.raises(WorkerFailed, match=r"^The computing processes had to be started anew: try again\.$"):
            engine.ask("math:sqrt", 9)
    assert engine.ask("math:sqrt", 9) == 3


def test_what_cannot_be_sent_harms_nobody(engine: Engine) -> None:
    engine.ask("math:sqrt", 9)
    cluster = engine._now()
    with pytest.raises(WorkerFailed, match="fault of the program"):
        engine.ask("threading:Lock")
    with pytest.raises((TypeError, AttributeError)):
        engine.ask("math:sqrt", threading.Lock())
    assert engine._now() is cluster


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that looks after itself more often than one outside of tests."""
    monkeypatch.setattr(module, "_BEAT", 0.1)
    monkeypatch.setattr(module, "_SILENCE", 1.0)
    engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor", limit=2)
    yield engine
    engine.stop()


def test_silence_is_told_from_a_long_computation(impatient: Engine) -> None:
    impatient.ask("math:sqrt", 9)
    cluster = impatient._now()
    impatient.ask("time:sleep", 1.5)
    assert impatient._now() is cluster
    released = threading.Event()
    cluster._loop.call(released.wait, 30)  # the loop hears and says nothing
    assert impatient.ask("math:sqrt", 9) == 3
    assert impatient._now() is not cluster
    released.set()


def test_a_scheduler_that_does_not_answer_is_given_up(impatient: Engine) -> None:
    impatient.ask("math:sqrt", 9)
    cluster = impatient._now()
    never = asyncio.Event()

    async def identity(**_: object) -> None:
        await never.wait()

    cluster._scheduler.handlers["identity"] = identity
    until(lambda: impatient._now() is not cluster)
    assert impatient.ask("math:sqrt", 9) == 3


def test_processes_that_answer_nothing_are_given_up(impatient: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient.ask("math:sqrt", 9)
    cluster = impatient._now()
    assert cluster._interactive
    with monkeypatch.context() as patches:
        patches.setattr(module, "_DUMB", 1.0)
        os.kill(cluster._interactive[0].process.pid, signal.SIGSTOP)
        until(lambda: impatient._cluster is not cluster)
    assert impatient.ask("math:sqrt", 9) == 3
    assert impatient._now() is not cluster


def test_nobody_need_ask(impatient: Engine) -> None:
    impatient.start()
    until(lambda: impatient.health() is not None)
    cluster = impatient._now()
    stop_the_loop(cluster)
    until(lambda: impatient._cluster not in (None, cluster) and impatient.health() is not None, SOON)


def test_a_start_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor", limit=2)
    start = Cluster._start

    async def fails(self: Cluster, closing: list[Any]) -> None:
        raise OSError("no ports")

    monkeypatch.setattr(Cluster, "_start", fails)
    with pytest.raises(WorkerFailed, match="could not be started"):
        engine.ask("math:sqrt", 9)
    monkeypatch.setattr(Cluster, "_start", start)

    def answered() -> bool:
        try:
            return bool(engine.ask("math:sqrt", 9) == 3)
        except WorkerFailed:  # it joined a start that was under way
            return False

    until(answered)
    engine.stop()
