"""The main program of a compute process: one single-threaded Dask worker that ends with its server.

Reads one line of JSON from standard input (address, credentials, what to do first), answers on standard output with
``address ...`` when connected and ``warm`` when the first things are done. Anything else that is printed goes to
standard error.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
from contextlib import suppress
from typing import Any, TextIO

from genlab.dotted import resolve
from genlab.runtime import log, priority


def main() -> None:
    """Serves until the server closes the pipe."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # a library that prints must not speak into the protocol
    setup = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_server, daemon=True).start()
    priority.offer(400)  # before the server
    asyncio.run(_serve(setup, replies))


def _end_with_server() -> None:
    """The pipe closes when the server ends the process, and also when the server itself is gone."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


async def _serve(setup: dict[str, Any], replies: TextIO) -> None:
    import dask
    from distributed import Security, Worker

    log.to_stderr()
    dask.config.set(setup["config"])
    worker = Worker(
        setup["scheduler"],
        name=setup["name"],
        nthreads=1,
        memory_limit=0,
        host="127.0.0.1",
        security=Security(require_encryption=True, **setup["security"]),
    )
    async with worker:
        worker.http_server.stop()  # nobody looks at it
        replies.write(f"address {worker.address}\n")
        threading.Thread(target=_warm, args=(setup["warm"], setup["background"], replies), daemon=True).start()
        await worker.finished()


def _warm(path: str, background: bool, replies: TextIO) -> None:
    """Does the slow first things, while the worker can already be asked; what fails here says so when it is used."""
    if background:
        priority.step_back()
    with suppress(Exception):
        resolve(path)()
    gc.collect()
    gc.freeze()  # torch's hundred thousand objects stay: looking through them again and again took half of the time
    replies.write("warm\n")


if __name__ == "__main__":
    main()
