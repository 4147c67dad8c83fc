"""An object that lives in a compute process of its own, called from the server."""

from __future__ import annotations

from typing import Any

from genlab.runtime.process import ComputeProcess
from genlab.runtime.trampoline import Remote, unwrap

_LOOK = 0.2  # seconds between looks at whether the process is still there


class Hosted:
    """A process and, after ``make``, a Dask actor in it. Every method raises ProcessEnded when the process is gone.

    Arguments:
        client: the Dask client.
        process: a process that nothing else uses; it is ended by ``end``.
    """

    def __init__(self, client: Any, process: ComputeProcess) -> None:
        self._client = client
        self._process = process
        self._actor: Any = None
        self.check = process.check
        self.end = process.end
        self.memory = process.memory
        self.pid = process.pid

    def make(self, path: str, *args: Any) -> None:
        """Makes the object of the class at ``path``; raises a GenlabError where that failed."""
        address = self._process.address.result(timeout=60)
        self._process.warm.wait()  # its first things and a training must not share torch's global random state
        made = self._client.submit(Remote, actor=True, workers=[address], allow_other_workers=False, pure=False)
        self._actor = self._wait(made)
        unwrap(self._wait(self._actor.make(path, *args)))

    def call(self, method: str, *args: Any) -> Any:
        """The answer of a method; raises a GenlabError where it failed."""
        return unwrap(self._wait(self._actor.call(method, *args)))

    def _wait(self, future: Any) -> Any:
        """A result, without waiting for ever for a process that is gone: Dask would hope for its return."""
        while True:
            try:
                return future.result(timeout=_LOOK)
            except TimeoutError:
                self.check()
            except Exception:
                if self._process.ended.wait(1.0):  # the connection broke before the process was reaped
                    self.check()
                raise
