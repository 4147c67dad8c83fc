"""What an operator reads."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from genlab.runtime import log


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(log.OnceAMinute())
    handler.setFormatter(log.Line())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def warn(name: str, error: Exception, n: int) -> None:
    logging.getLogger(name).warning("worker %d is\nlost: %r", n, error)


def fail(name: str) -> None:
    try:
        raise OSError("no route")
    except OSError:
        logging.getLogger(name).exception("it broke")


def test_one_line_a_kind_and_minute(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genlab.runtime.log.time.monotonic", lambda: now)
    now = 1000.0
    for n in range(5):
        warn("distributed.scheduler", OSError("x"), n)
    warn("distributed.scheduler", KeyError("x"), 9)  # another kind
    now = 1061.0
    warn("distributed.scheduler", OSError("x"), 5)
    said = lines.getvalue().splitlines()
    assert [line.partition("]: ")[2] for line in said] == [
        "worker 0 is lost: OSError('x')",
        "worker 9 is lost: KeyError('x')",
        "worker 5 is lost: OSError('x') (and 4 more like it before)",
    ]
    assert all(" WARNING distributed.scheduler[" in line for line in said)


def test_tracebacks_are_kept_for_our_own_code_only(lines: io.StringIO) -> None:
    fail("distributed.core")
    assert lines.getvalue().rstrip().endswith("]: it broke OSError: no route")
    assert lines.getvalue().count("\n") == 1
    fail("genlab.ui")
    assert "Traceback" not in lines.getvalue()  # the same place and kind, within the minute
    logging.getLogger("genlab.ui").error("it broke elsewhere", exc_info=ValueError("y"))
    assert "ValueError: y" in lines.getvalue()


def test_dasks_own_way_of_logging_is_replaced() -> None:
    import distributed  # noqa: F401

    log.to_stderr()
    log.to_stderr()
    root = logging.getLogger()
    assert sum(isinstance(handler.formatter, log.Line) for handler in root.handlers) == 1
    dasks = logging.getLogger("distributed.scheduler")
    assert dasks.isEnabledFor(logging.WARNING)
    assert not dasks.isEnabledFor(logging.INFO)
    assert not logging.getLogger("distributed").handlers
