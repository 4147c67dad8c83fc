"""One engine for the tests of a module, with a fake training and a short grace period."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from genlab.runtime.engine import Engine
from genlab.runtime.shelf import Shelf

GRACE = 1.0


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with one process for questions, for two trainings at a time."""
    fake = {"warm": "tests.runtime.fake:warm", "actor": "tests.runtime.fake:FakeActor"}
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    engine = Engine(**fake, interactive=1, limit=2, grace=GRACE, shelf=shelf)
    engine.start()
    for owner in ("ada", "bob", "cyd"):
        engine.jobs.arrive(owner)
    yield engine
    engine.stop()


def until(true: Callable[[], object], seconds: float = 30) -> float:
    """Waits until something is true; the seconds it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "waited in vain"
        time.sleep(0.005)
    return time.monotonic() - start
