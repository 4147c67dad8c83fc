"""Questions given up, at every moment of their way: the next one is answered, by the same processes."""

from __future__ import annotations

import asyncio
import itertools
import threading
import types
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import Any

import pytest

from genlab.errors import WorkerFailed
from genlab.runtime import engine as module
from genlab.runtime.engine import Engine
from tests.coroutines import finish

Wrap = Callable[[Coroutine[Any, Any, Any]], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module", autouse=True)
def _nobody_else_asks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(module, "_BEAT", 3600.0)
        yield


class Stops:
    """Holds the loop before the n-th step of a coroutine: what is asked of the loop meanwhile comes right after that.

    So a cancellation would strike before the first step of whatever task that step makes.
    """

    def __init__(self, n: int) -> None:
        self._left = n
        self.over = threading.Event()  # it was held, or came to its end before
        self.held = False
        self._go = threading.Event()

    def wrap(self, coroutine: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
        @types.coroutine
        def steps() -> Generator[Any, Any, Any]:
            try:
                while True:
                    self._left -= 1
                    if self._left == 0:
                        self.held = True
                        self.over.set()
                        assert self._go.wait(30)
                    yield coroutine.send(None)
            except StopIteration as end:
                return end.value
            finally:
                coroutine.close()

        async def run() -> Any:
            try:
                return await steps()
            finally:
                self.over.set()

        return run()

    def go(self) -> None:
        self._go.set()


def patch(engine: Engine, where: str, wrap: Wrap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wraps the coroutine of a question itself, or the message to the process."""
    cluster = engine._cluster
    assert cluster
    at, name = (cluster, "_ask") if where == "question" else (cluster._interactive[0].functions, "call")
    real = getattr(at, name)
    monkeypatch.setattr(at, name, lambda *args: wrap(real(*args)))


@pytest.mark.parametrize("where", ["question", "message"])
def test_given_up_at_every_await(engine: Engine, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.ask("math:sqrt", 9) == 3
    cluster, held = engine._cluster, 0
    while True:
        stops = Stops(held + 1)
        with monkeypatch.context() as patches:
            patch(engine, where, stops.wrap, patches)
            question = engine.submit("time:sleep", 0.05)  # an answer that is there at once would be read without a wait
            assert stops.over.wait(30)
        if not stops.held:
            assert question.result() is None
            break
        question.give_up()
        stops.go()
        with pytest.raises(WorkerFailed, match="given up"):
            question.result()
        assert engine.ask("math:sqrt", 9) == 3
        assert engine._cluster is cluster
        held += 1
    assert held >= 2  # before the message, before what comes back


def test_given_up_before_the_message_goes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.ask("math:sqrt", 9) == 3
    cluster = engine._cluster
    gate, reached = asyncio.Event(), threading.Event()

    async def late(coroutine: Coroutine[Any, Any, Any]) -> Any:
        reached.set()
        await gate.wait()
        return await coroutine

    with monkeypatch.context() as patches:
        patch(engine, "message", late, patches)
        questions = [engine.submit("math:sqrt", k) for k in (1, 4, 9)]
        assert reached.wait(30)
        for question in questions[:2]:
            question.give_up()
        assert cluster
        cluster._loop.call(gate.set)
        assert questions[2].result() == 3  # it waited behind the two
    assert engine.ask("math:sqrt", 16) == 4
    assert engine._cluster is cluster


def test_a_question_given_up_in_the_queue_is_not_computed(engine: Engine) -> None:
    engine.ask("tests.runtime.fake:note", "begin")
    first = engine.submit("time:sleep", 0.3)
    second = engine.submit("tests.runtime.fake:note", "given up")
    second.give_up()
    first.result()
    assert engine.ask("tests.runtime.fake:note", "end") == ["begin", "end"]


def test_who_does_something_else_meanwhile_waits_no_longer(engine: Engine) -> None:
    engine.ask("tests.runtime.fake:note", "begin")
    first, turns = engine.submit("time:sleep", 0.6), itertools.count(1)

    def leave() -> None:
        if next(turns) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.ask("tests.runtime.fake:note", "left", meanwhile=leave)
    assert not first.done()
    first.result()
    assert engine.ask("tests.runtime.fake:note", "end") == ["begin", "end"]


def test_cancelling_an_answer_does_nothing(engine: Engine) -> None:
    question = engine.submit("math:sqrt", 4)
    assert not question.answer.cancel()
    assert question.result() == 2


def test_answers_can_be_awaited(engine: Engine) -> None:
    async def ask() -> list[float]:
        questions = [asyncio.wrap_future(engine.submit("math:sqrt", k * k).answer) for k in range(20)]
        questions[3].cancel()
        return [await question for question in questions if not question.cancelled()]

    assert finish(ask()) == [k for k in range(20) if k != 3]


def test_what_dask_shares_between_its_own_questions_is_not_used(engine: Engine) -> None:
    """A fetching that was cancelled before its first step would be joined by all that came later."""
    engine.ask("math:sqrt", 4)
    cluster = engine._cluster
    assert cluster

    async def poison() -> None:
        cluster.client._gather_future = asyncio.get_running_loop().create_future()
        cluster.client._gather_future.cancel()

    cluster.run(poison()).result(30)
    assert engine.ask("math:sqrt", 4) == 2
    assert engine._cluster is cluster
