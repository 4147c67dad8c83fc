"""A server with a training, as small as can be: prints its processes when they are at work."""

from __future__ import annotations

import asyncio
import signal
import sys

import psutil

from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime import engine as module
from genlab.runtime.lifespan import lifespan


def say(*words: object) -> None:
    """One line for whoever started this."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Serves nobody until it is told to stop."""
    module._engine = module.Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with lifespan(None):
        job = module.engine().jobs.start(PixelCNNExperiment(steps=1_000_000), "ada")
        while job.state != "running":
            await asyncio.sleep(0.05)
        say(*(child.pid for child in psutil.Process().children(recursive=True)))
        await stop.wait()
    say("torch" in sys.modules)


if __name__ == "__main__":
    asyncio.run(main())
