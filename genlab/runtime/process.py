"""One compute process: started with its own environment, watched, and ended with certainty.

The child holds the read end of a pipe to this process and ends itself when the pipe closes, so that no child
outlives the server, however the server ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from genlab.runtime.waiting import settle

ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 1.0


class ProcessEnded(Exception):
    """The process is no longer there; the message says how it ended ("killed (signal 9)")."""


class ComputeProcess:
    """A child that runs ``genlab.runtime.worker``.

    Attributes:
        address: future of the Dask address, done when the child is connected; fails with ProcessEnded.
        warm: future, done when the child has done its slow first things, or is gone.
        ended: future of how it ended, in words, done when the child is gone and reaped.
    """

    def __init__(self, setup: dict[str, Any], threads: int) -> None:
        self.address: Future[str] = Future()
        self.warm: Future[None] = Future()
        self.ended: Future[str] = Future()
        environment = os.environ | {
            "TQDM_DISABLE": "1",  # nobody looks at its bars
            "OMP_WAIT_POLICY": "PASSIVE",  # spinning threads take the cores from the server and from other processes
            "OMP_NUM_THREADS": str(threads),
            # glibc returns large blocks to the system at once, and a step that asks for them anew waits while they are
            # cleared: a tenth to a sixth of a training on 28×28 images.
            "MALLOC_MMAP_THRESHOLD_": str(2**30),
            "MALLOC_TRIM_THRESHOLD_": str(2**32),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "genlab.runtime.worker"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )  # Ctrl-C in a terminal reaches the server only
        self.pid = self._child.pid
        assert self._child.stdin
        with suppress(BrokenPipeError):  # it ended already; the watch says so
            self._child.stdin.write(json.dumps(setup).encode() + b"\n")  # credentials go through the pipe alone
            self._child.stdin.flush()
        threading.Thread(target=self._watch, name=f"watch {self.pid}", daemon=True).start()

    def _watch(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            word, _, rest = line.decode().strip().partition(" ")
            if word == "address":
                self.address.set_result(rest)
            elif word == "warm":
                self.warm.set_result(None)
        self._child.wait()
        self._child.stdout.close()
        code = self._child.returncode
        how = f"killed (signal {-code})" if code < 0 else f"ended (code {code})"
        settle(self.ended, how)
        settle(self.warm)
        settle(self.address, error=ProcessEnded(how))

    def check(self) -> None:
        """Raises ProcessEnded where the process is gone."""
        if self.ended.done():
            raise ProcessEnded(self.ended.result())

    def memory(self) -> int:
        """Bytes of main memory the process holds; 0 once it ended."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        """Ends the process and returns when it is gone; may be called twice."""
        if self._child.stdin:
            with suppress(OSError):
                self._child.stdin.close()
        if not wait([self.ended], _PATIENCE).done:
            self._child.kill()
            wait([self.ended], _PATIENCE)
