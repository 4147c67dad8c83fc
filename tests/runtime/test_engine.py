"""The interactive process: asked, killed, asked again."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import psutil
import pytest

from genlab.errors import CheckpointError, OutOfMemory, WorkerFailed
from genlab.runtime.engine import Engine
from genlab.runtime.rpc import FAULT, guarded, unwrap


def test_answers_come_from_another_process(engine: Engine) -> None:
    assert engine.ask("os:getpid") != os.getpid()
    assert engine.ask("math:sqrt", 9) == 3


def test_many_sessions_ask_at_once(engine: Engine) -> None:
    answers: dict[int, float] = {}
    threads = [
        threading.Thread(target=lambda k=k: answers.update({k: engine.ask("math:sqrt", k * k)})) for k in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == {k: k for k in range(20)}


def test_starting_again_changes_nothing(engine: Engine) -> None:
    pid = engine.ask("os:getpid")
    engine.start()
    assert engine.ask("os:getpid") == pid


def test_errors_for_people_come_back_as_themselves(engine: Engine) -> None:
    with pytest.raises(CheckpointError, match=r"^Not a checkpoint\.$"):
        engine.ask("tests.runtime.fake:refuse")


def test_other_errors_are_one_sentence(engine: Engine) -> None:
    with pytest.raises(WorkerFailed, match="a fault of the program"):
        engine.ask("math:sqrt", -1)
    with pytest.raises(WorkerFailed, match="a fault of the program"):
        engine.ask("genlab.nowhere:nothing")


def test_a_fault_of_the_program_is_in_the_log_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert guarded([].pop) == ("WorkerFailed", FAULT)
    assert "IndexError: pop from empty list" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        type("OutOfMemoryError", (RuntimeError,), {})("CUDA"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried ..."),
    ],
)
def test_out_of_memory_is_an_answer(error: Exception) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(OutOfMemory, match="not enough memory"):
        unwrap(guarded(fail))


def test_a_killed_interactive_process_comes_back_and_the_call_with_it(engine: Engine, tmp_path: Path) -> None:
    assert engine.ask("tests.runtime.fake:die_once", str(tmp_path / "note")) == "answered"


def test_a_call_that_kills_every_process_is_given_up(engine: Engine) -> None:
    with pytest.raises(WorkerFailed, match="was ended during this"):
        engine.ask("os:_exit", 3)
    assert engine.ask("math:sqrt", 4) == 2


def test_a_call_that_takes_too_long_is_given_up(engine: Engine) -> None:
    with pytest.raises(WorkerFailed, match=r"longer than 0\.1 s"):
        engine.ask("time:sleep", 0.5, timeout=0.1)


def test_only_the_loopback_is_listened_on_and_nobody_enters_without_credentials(engine: Engine) -> None:
    engine.ask("math:sqrt", 4)
    processes = [psutil.Process(), *psutil.Process().children()]
    listening = [c.laddr.ip for p in processes for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert listening
    assert set(listening) == {"127.0.0.1"}
    assert engine._cluster.scheduler_address.startswith("tls://")


def test_devices_tell_their_memory(engine: Engine) -> None:
    machine = engine.devices()[0]
    assert 0 < machine["memory_used"] < machine["memory_total"]
