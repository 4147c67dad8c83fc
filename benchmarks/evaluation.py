"""Test results of every shipped checkpoint: half an hour on two cores.

    python -m benchmarks.evaluation [NAME ...]

The masked LeNet, which takes a pass for every pixel, is scored on MNIST at 64 random positions of each image.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import genlab
from genlab.catalog import CATALOG, Entry
from genlab.data.images import load
from genlab.evaluation import evaluate
from genlab.experiment import ImageExperiment
from genlab.models.masked_lenet import MaskedLeNet

POSITIONS = 64


def result(entry: Entry) -> dict[str, Any]:
    """One row of the table."""
    model, experiment = genlab.load(entry.name), entry.experiment
    assert isinstance(experiment, ImageExperiment)
    images, labels = load(experiment.dataset, experiment.size, experiment.levels).test.fixed()
    sampled = isinstance(model, MaskedLeNet) and experiment.size > 8
    start = time.perf_counter()
    told = evaluate(model, images, labels, positions=POSITIONS if sampled else None)
    return {name: round(value, 5) for name, value in told.items()} | {"seconds": round(time.perf_counter() - start, 1)}


def measure(names: list[str] | None = None) -> dict[str, Any]:
    """All that are shipped, or those named. Raises DataUnavailable."""
    return {
        entry.name: result(entry) for entry in CATALOG.values() if entry.shipped and (not names or entry.name in names)
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:]), indent=2))
