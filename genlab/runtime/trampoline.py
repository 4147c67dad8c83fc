"""What crosses between the server and its processes: dotted paths in, plain answers or one-sentence errors out.

An exception is never sent as an object: unpickling one of torch's would import torch into the server.
"""

from __future__ import annotations

import faulthandler
import importlib
import re
import traceback
from collections.abc import Callable
from typing import Any

from genlab import errors

LONGEST_CALL = 60.0  # seconds after which a call in the interactive process ends that process: it blocks everybody

Answer = tuple[str | None, Any]  # (None, value), or the name of an error and its sentence


def resolve(path: str) -> Any:
    """The object that ``"package.module:name"`` names; imports the module."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Answer:
    """The answer of a call, its error as a name from ``genlab.errors`` and one sentence."""
    try:
        return None, function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  # nothing but a sentence may cross to the server
        for kind in type(error).__mro__:
            if kind.__module__ == errors.__name__:
                return kind.__name__, str(error)
        if _is_out_of_memory(error):
            return "OutOfMemory", "There is not enough memory for this: take a smaller batch or a smaller model."
        traceback.print_exc()
        detail = " ".join(str(error).split())[:200]
        return "WorkerFailed", f"The computation stopped with {type(error).__name__}: {detail or 'no explanation'}"


def _is_out_of_memory(error: Exception) -> bool:
    """True for Python's, for torch's on a device, and for torch's on the CPU, which is a plain RuntimeError."""
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or (isinstance(error, RuntimeError) and bool(re.search("can.t allocate memory|out of memory", str(error))))
    )


def call(path: str, *args: Any, **kwargs: Any) -> Answer:
    """Runs a function by its dotted path, in the interactive process."""
    faulthandler.dump_traceback_later(LONGEST_CALL, exit=True)
    try:
        return guarded(lambda: resolve(path)(*args, **kwargs))
    finally:
        faulthandler.cancel_dump_traceback_later()


class Remote:
    """An object made and kept in a process, reached by its class's dotted path."""

    def __init__(self) -> None:
        self.object: Any = None

    def make(self, path: str, *args: Any) -> Answer:
        """Makes the object; the answer is None."""

        def make() -> None:
            self.object = resolve(path)(*args)

        return guarded(make)

    def call(self, method: str, *args: Any) -> Answer:
        """Calls a method of the object."""
        return guarded(lambda: getattr(self.object, method)(*args))


def unwrap(answer: Answer) -> Any:
    """The value of an answer, on the server's side. Raises the error it names."""
    kind, value = answer
    if kind is None:
        return value
    raise getattr(errors, kind)(value)
