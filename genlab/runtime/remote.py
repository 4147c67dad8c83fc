"""An object that lives in a compute process of its own, called from the server."""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from genlab.runtime.actor import Actor
from genlab.runtime.cluster import REAPED, Cluster, Lost
from genlab.runtime.process import ComputeProcess
from genlab.runtime.rpc import Instance, pack, unwrap

_START = 60.0  # seconds until a process is connected

logger = logging.getLogger(__name__)


class Unreachable(Lost):
    """The way to one process broke; it lives, and the way to others is whole."""


class Remote:
    """A process and, after ``make``, an object in it.

    Every method raises ProcessEnded when the process is gone, and Lost when the way to it is.

    Arguments:
        cluster: where the process belongs.
        process: a process that nothing else uses; it is ended by ``end``.
    """

    def __init__(self, cluster: Cluster, process: ComputeProcess) -> None:
        self._cluster = cluster
        self._process = process
        self._actor = Actor(cluster.client, process, Instance)
        self.ended = process.ended
        self.end = process.end
        self.memory = process.memory
        self.pid = process.pid

    def ready(self) -> None:
        """Returns when it has started, and imported what takes long."""
        self._wait(self._process.address, _START)
        self._wait(self._process.warm)  # its first things and a training must not share torch's random state

    def make(self, path: str, *args: Any) -> None:
        """Makes the object of the class at ``path``, once it is ready; raises a GenlabError where that failed."""
        unwrap(self._wait(self._cluster.run(self._actor.call("make", pack((path, args))))))

    def call(self, method: str, *args: Any) -> Any:
        """The answer of a method; raises a GenlabError where it failed."""
        return unwrap(self._wait(self._cluster.run(self._actor.call("call", pack((method, args))))))

    def check(self) -> None:
        """Raises where the process or the way to it is gone."""
        self._cluster.check()
        self._process.check()

    def _wait(self, answer: Future[Any], timeout: float | None = None) -> Any:
        """An answer, or the end of the process, whichever comes first: Dask would hope for its return."""
        wait([answer, self.ended], timeout, FIRST_COMPLETED)
        self._cluster.check()
        if answer.done() and not answer.exception():
            return answer.result()
        wait([self.ended], REAPED)
        self.check()
        error = answer.exception() if answer.done() else TimeoutError("no answer")
        logger.warning("the way to process %d broke: %r", self.pid, error)
        raise Unreachable("The way to the training process broke.") from error
