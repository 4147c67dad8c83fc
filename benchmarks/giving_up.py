"""Whether questions that are given up harm those that come after.

    python -m benchmarks.giving_up [--seconds 60] [--threads 4]

One engine and trivial questions, each with a limit drawn around the usual time of an answer (0.3 to 1.6 times the
median), so that limits strike at every moment of a question's way. After each one that was given up another is asked
with patience. Ends with an error at the first that is not answered, and where anything had to be started anew.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from typing import Any

from genlab.errors import WorkerFailed
from genlab.runtime.engine import Engine


class Asker(threading.Thread):
    """Asks one question after the other until a moment, with limits drawn from a seed."""

    def __init__(self, engine: Engine, end: float, median: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.answered = self.given_up = 0
        self.fault: BaseException | None = None
        self._engine, self._end, self._median, self._random = engine, end, median, random.Random(seed)

    def run(self) -> None:
        """Asks."""
        try:
            while time.monotonic() < self._end:
                self._ask_one()
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is the result
            self.fault = error

    def _ask_one(self) -> None:
        question = self._engine.submit("math:sqrt", 4)
        begin = time.perf_counter()
        try:
            question.result(self._median * self._random.uniform(0.3, 1.6))
        except WorkerFailed as error:
            if "was given up" not in str(error):
                raise
            self.given_up += 1
            begin = time.perf_counter()
            self._engine.ask("math:sqrt", 9)
        self.answered += 1
        # Limits follow the load: what counts is that they stay around the time of an answer.
        self._median += 0.05 * self._median * (1 if time.perf_counter() - begin > self._median else -1)


def measure(seconds: float = 60, threads: int = 1) -> dict[str, Any]:
    """Questions answered and given up; raises at the first fault."""
    engine = Engine(warm="builtins:dict", limit=0)  # no torch, no training
    try:
        engine.ask("math:sqrt", 4)
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            engine.ask("math:sqrt", 4)
            times.append(time.perf_counter() - begin)
        cluster, end = engine._now(), time.monotonic() + seconds
        askers = [Asker(engine, end, statistics.median(times), seed) for seed in range(threads)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
            if asker.fault:
                raise asker.fault
        if engine._now() is not cluster:
            raise WorkerFailed("The processes had to be started anew.")
        return {
            "seconds": seconds,
            "threads": threads,
            "median_ms": 1000 * statistics.median(times),
            "answered": sum(asker.answered for asker in askers),
            "given_up": sum(asker.given_up for asker in askers),
        }
    finally:
        engine.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=4)
    print(measure(**vars(parser.parse_args())))
