"""Several runs in one process, which take turns."""

from __future__ import annotations

import time
from collections.abc import Sequence

from genlab.training.run import Run


def take_turns(runs: Sequence[Run], seconds: float, budget: float | None = None) -> None:
    """Trains for about so long, always the run that has trained least: all have the same seconds to within a turn.

    A run that has made its steps waits for the others.

    Arguments:
        budget: seconds that each run has in all; its steps are then as many as it makes in them, see ``Run.aim``.
    """
    end, turn = time.perf_counter() + seconds, seconds / len(runs)
    while going := [run for run in runs if run.step < run.experiment.steps]:
        run = min(going, key=lambda run: run.seconds)
        if budget is None:
            run.advance(seconds=turn)
        else:
            run.advance(seconds=min(turn, budget - run.seconds))
            run.aim(budget)
        if time.perf_counter() >= end:
            return
