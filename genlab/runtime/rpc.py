"""What crosses between the server and its processes: dotted paths in, plain answers or one-sentence errors out.

An exception is never sent as an object: unpickling one of torch's would import torch into the server. Values are
pickled here, on both sides, and Dask carries bytes: what cannot be packed fails its own call and not the way there.
"""

from __future__ import annotations

import faulthandler
import logging
import pickle
import sys
from collections.abc import Callable
from typing import Any

from genlab import errors
from genlab.dotted import resolve
from genlab.runtime import priority

logger = logging.getLogger(__name__)

FAULT = "The computation stopped: a fault of the program, not of yours. The server's log says which."
LONGEST_CALL = 60.0  # seconds after which a call in the interactive process ends that process: it blocks everybody

Answer = tuple[str | None, Any]  # (None, the packed value), or the name of an error and its sentence


def pack(value: Any) -> bytes:
    """A value in bytes."""
    return pickle.dumps(value, protocol=5)


def unpack(packed: bytes) -> Any:
    """The value again; only what our own processes packed is ever read."""
    return pickle.loads(packed)  # noqa: S301


def guarded(function: Callable[..., Any], *args: Any) -> Answer:
    """The answer of a call, its error as a name from ``genlab.errors`` and one sentence."""
    try:
        return None, pack(function(*args))
    except Exception as error:  # nothing but a sentence may cross to the server
        for kind in type(error).__mro__:
            if kind.__module__ == errors.__name__:
                return kind.__name__, str(error)
        if errors.is_out_of_memory(error):
            return "OutOfMemory", "There is not enough memory for this: take a smaller batch or a smaller model."
        logger.exception("a computation failed")
        return "WorkerFailed", FAULT


class Functions:
    """All functions of an interactive process, reached by dotted paths."""

    def __init__(self) -> None:
        # A process that stood by for a training has torch already, and more threads; one that just imports it has one.
        getattr(sys.modules.get("torch"), "set_num_threads", lambda _: None)(1)

    def call(self, payload: bytes) -> Answer:
        """Calls a function; ``payload`` packs its path, args and kwargs."""

        def run() -> Any:
            path, args, kwargs = unpack(payload)
            return resolve(path)(*args, **kwargs)

        faulthandler.dump_traceback_later(LONGEST_CALL, exit=True)
        try:
            return guarded(run)
        finally:
            faulthandler.cancel_dump_traceback_later()


class Instance:
    """An object made and kept in a process, reached by its class's dotted path."""

    def __init__(self) -> None:
        self.object: Any = None

    def make(self, payload: bytes) -> Answer:
        """Makes the object; ``payload`` packs the path of its class and the arguments. The answer is None."""

        def make() -> None:
            priority.step_back()
            priority.offer(800)  # before those that answer
            path, args = unpack(payload)
            self.object = resolve(path)(*args)

        return guarded(make)

    def call(self, payload: bytes) -> Answer:
        """Calls a method of the object; ``payload`` packs its name and the arguments."""

        def run() -> Any:
            method, args = unpack(payload)
            return getattr(self.object, method)(*args)

        return guarded(run)


def unwrap(answer: Answer) -> Any:
    """The value of an answer, on the server's side. Raises the error it names."""
    kind, value = answer
    if kind is None:
        return unpack(value)
    raise getattr(errors, kind)(value)
