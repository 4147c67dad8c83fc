"""What went wrong, on standard error: one line a kind and minute, Dask's own warnings included."""

from __future__ import annotations

import logging
import time
import traceback

_PAUSE = 60.0  # seconds between two lines of a kind
_LONGEST = 500  # characters

_Kind = tuple[object, ...]  # file, line, names of the exceptions that are told


class OnceAMinute(logging.Filter):
    """Lets the first record of a kind through, then one a minute, which says how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[_Kind, tuple[float, int]] = {}  # when the last one came through, and how many since did not

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a record that is to be left out."""
        told = record.args if isinstance(record.args, tuple) else ()
        errors = [record.exc_info and record.exc_info[1], *told]
        kind = record.pathname, record.lineno, *(type(e).__name__ for e in errors if isinstance(e, BaseException))
        last, left_out = self._seen.get(kind, (float("-inf"), 0))
        if time.monotonic() - last < _PAUSE:
            self._seen[kind] = last, left_out + 1
            return False
        self._seen[kind] = time.monotonic(), 0
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more like it before)", None
        return True


class Line(logging.Formatter):
    """One line a record; only what our own code logs keeps its traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s[%(process)d]: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if record.name.partition(".")[0] == "genlab":
            return super().format(record)
        one = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        words = record.getMessage().split()
        if record.exc_info and record.exc_info[1]:
            words += "".join(traceback.format_exception_only(record.exc_info[1])).split()
        one.msg, one.args = " ".join(words)[:_LONGEST], None
        return super().format(one)


def to_stderr() -> None:
    """Sets the log up; called after ``distributed`` was imported, which sets up one of its own."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, Line) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.addFilter(OnceAMinute())
        handler.setFormatter(Line())
        root.addHandler(handler)
    for name in ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
    logging.getLogger("distributed").setLevel(logging.WARNING)
    logging.getLogger("distributed.comm").setLevel(logging.ERROR)  # one that was killed while it shook hands
    logging.getLogger("distributed.diskutils").setLevel(logging.CRITICAL)  # its folder may be gone: it lies in ours
