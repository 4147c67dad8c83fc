"""Who comes first on a machine that is busy: pictures before trainings. A process may only ever step back."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def step_back() -> None:
    """The thread that calls, and those that it starts, get the cores that others leave; on Linux no other thread."""
    os.nice(10)


def offer(score: int) -> None:
    """When memory runs out the kernel takes the process with the highest score, from 0 to 1000."""
    with suppress(OSError):  # not Linux, or not allowed
        Path("/proc/self/oom_score_adj").write_text(str(score))
