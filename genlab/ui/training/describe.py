"""What the wire tells of a training: one that trains one model or two, or a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from genlab.runtime.job import Job
from genlab.ui.training.race import present as race
from genlab.ui.training.trainer import present as trainer


def describe(job: Job, changed: Sequence[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """See ``genlab.runtime.wire.Wire``; ``changed`` are titles of settings that differ from the job's."""
    return (trainer if job.seconds is None else race).describe(job, changed)
