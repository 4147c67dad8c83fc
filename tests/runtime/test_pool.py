"""Several processes that answer questions."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from genlab.runtime import cluster as module
from genlab.runtime.engine import Engine
from tests.runtime.conftest import until


@pytest.fixture(scope="module")
def pool() -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(module, "_LATER", 0.1)
        fake = {"warm": "tests.runtime.fake:warm", "actor": "tests.runtime.fake:FakeActor"}
        engine = Engine(**fake, interactive=2, limit=2)
        engine.start()
        until(lambda: engine.slots() == [0, 1])
        yield engine
        engine.stop()


def pid(engine: Engine, slot: int) -> int:
    return int(engine.submit_to(slot, "os:getpid", (), {}).result())


def test_a_slot_is_a_process(pool: Engine) -> None:
    assert pid(pool, 0) == pid(pool, 0) != pid(pool, 1)


def test_a_long_question_does_not_hold_up_others(pool: Engine) -> None:
    for slot in (0, 1):
        long = pool.submit_to(slot, "time:sleep", (5.0,), {})
        until(lambda slot=slot: pool.load(slot) > 0)
        assert [pool.ask("math:sqrt", k * k) for k in range(5)] == list(range(5))
        assert not long.done()
        long.result()
        until(lambda slot=slot: pool.load(slot) == 0)  # the engine's own beat may have waited behind it


def test_a_killed_process_comes_back_in_its_slot(pool: Engine) -> None:
    before, cluster = pid(pool, 1), pool._cluster
    os.kill(before, signal.SIGKILL)
    assert pid(pool, 1) != before
    until(lambda: pool.slots() == [0, 1])
    assert pid(pool, 1) not in (before, pid(pool, 0))
    assert pool._cluster is cluster


def test_the_only_one_takes_what_was_meant_for_another(pool: Engine) -> None:
    assert pool.submit_to(7, "math:sqrt", (9,), {}).result() == 3
