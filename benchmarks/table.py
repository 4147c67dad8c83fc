"""A large table of one's own: how long it takes to read, and how much memory.

    python -m benchmarks.table

32 MB of short lines, as an instrument writes them, read as a page has them read. Memory is the most that the process
held, beyond what it held before.
"""

from __future__ import annotations

import json
import resource
import time
from typing import Any

import numpy as np
import pandas as pd  # noqa: F401 a process has it already that was asked before

from genlab.data.table_file import LARGEST, read


def measure() -> dict[str, Any]:
    """Seconds and megabytes."""
    rows = b"".join(b"%.3f,%.3f\n" % (x, y) for x, y in np.random.default_rng(0).normal(size=(100_000, 2)).tolist())
    data = rows * (LARGEST // len(rows))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    table = read(data)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert table.table, table.wrong
    return {"megabytes": len(data) / 2**20, "seconds": seconds, "peak_megabytes": (after - before) / 1024}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
