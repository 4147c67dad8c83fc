"""What an operator's watch is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request

from genlab.runtime import engine as module
from genlab.runtime.engine import Engine
from genlab.runtime.health import health
from tests.coroutines import finish
from tests.runtime.conftest import until


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(module, "_BEAT", 0.1)
    engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor", limit=2)
    monkeypatch.setattr(module, "_engine", engine)
    yield engine
    engine.stop()


def test_health(fresh: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> tuple[int, Any]:
        answer = finish(health(Request({"type": "http"})))
        return answer.status_code, json.loads(answer.body)

    assert told() == (503, {"status": "no answers"})  # nothing has started; looking does not start it
    assert fresh._cluster is None
    fresh.start()
    until(lambda: told()[0] == 200)  # though nobody asks
    said = told()[1]
    assert said["status"] == "ok"
    assert 0 <= said["last_answer_seconds"] < 10
    busy = fresh.submit("time:sleep", 1.5)
    until(lambda: told()[1].get("last_answer_seconds", 0) >= 1)  # a long computation is no failure
    assert told()[0] == 200
    busy.result()
    until(lambda: told()[1]["last_answer_seconds"] < 1)
    with monkeypatch.context() as patches:
        patches.setattr(module, "_DUMB", -1.0)
        assert told()[0] == 503
    fresh.stop()
    assert told()[0] == 503
