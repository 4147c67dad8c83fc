"""The process that stands by: for the next training, and for one that answers and is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime import cluster as module
from genlab.runtime.engine import Engine
from tests.runtime.conftest import until

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority of its own")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(module, "_LATER", 0.1)
        engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor", interactive=1, limit=2)
        engine.start()
        yield engine
        engine.stop()


def spare(engine: Engine) -> int:
    """Its process, once it is warm."""
    cluster = engine._now()
    until(lambda: cluster._spare is not None and cluster._spare.warm.done())
    assert cluster._spare is not None
    return cluster._spare.pid


def priorities(pid: int) -> set[int]:
    """Of the threads of a process, compared with this one; a larger number gives way."""
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    return {os.getpriority(os.PRIO_PROCESS, thread.id) - mine for thread in psutil.Process(pid).threads()}


def test_it_stands_in_for_one_that_was_killed_and_another_stands_by(engine: Engine) -> None:
    for _ in range(3):
        before, stands_by = engine.ask("os:getpid"), spare(engine)
        os.kill(before, signal.SIGKILL)
        assert engine.ask("os:getpid") == stands_by
    assert spare(engine) not in (before, stands_by)


def test_a_question_that_was_under_way_is_asked_of_it(engine: Engine) -> None:
    before, stands_by = engine.ask("os:getpid"), spare(engine)
    question = engine.submit("tests.runtime.fake:slowly_my_pid")
    time.sleep(0.2)
    os.kill(before, signal.SIGKILL)
    assert question.result() == stands_by


def test_a_cold_one_is_no_help(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before, stands_by = engine.ask("os:getpid"), spare(engine)
    monkeypatch.setattr(module, "_ready", lambda process: process.pid != stands_by and process.warm.done())
    os.kill(before, signal.SIGKILL)
    until(lambda: engine._now()._interactive[0].process.pid not in (before, stands_by))
    assert spare(engine) == stands_by


@LINUX
def test_it_answers_as_fast_as_the_first_and_trains_behind_both(engine: Engine) -> None:
    first, stands_by = engine.ask("os:getpid"), spare(engine)
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    os.kill(first, signal.SIGKILL)
    assert engine.ask("os:getpid") == stands_by
    assert engine.ask("os:getpriority", os.PRIO_PROCESS, 0) == mine
    assert priorities(stands_by) == {0}
    spare(engine)
    job = engine.jobs.start(PixelCNNExperiment(steps=1_000_000), "ada")
    until(lambda: job.state == "running")
    assert job.pid is not None
    assert priorities(job.pid) == {0, 10}
    job.end()


def test_there_is_never_more_than_one(engine: Engine) -> None:
    for _ in range(2):
        os.kill(engine.ask("os:getpid"), signal.SIGKILL)
        engine.ask("os:getpid")
    spare(engine)
    time.sleep(0.5)
    until(lambda: len(engine._now()._processes) == 2)
