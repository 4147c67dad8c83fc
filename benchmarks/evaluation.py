"""Test results of every shipped model of pixels: half an hour on two cores.

    python -m benchmarks.evaluation [NAME ...]

The masked LeNet, which takes a pass for every pixel, is scored on MNIST at 64 random positions of each image. Where
MNIST is neither on disk nor reachable, a sentence stands in place of the numbers.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from tqdm import tqdm

import genlab
from genlab.catalog import CATALOG
from genlab.data.images import load
from genlab.errors import DataUnavailable
from genlab.evaluation import evaluate
from genlab.experiments.entries import Entry
from genlab.experiments.pixels import PixelExperiment
from genlab.models.masked_lenet import MaskedLeNet

POSITIONS = 64


def result(entry: Entry) -> dict[str, Any]:
    """One row of the table."""
    model, experiment = genlab.load(entry.name), entry.experiment
    assert isinstance(experiment, PixelExperiment)
    try:
        images, labels = load(experiment.dataset, experiment.size, experiment.levels).test.fixed()
    except DataUnavailable as error:
        return {"unavailable": str(error)}
    sampled = isinstance(model, MaskedLeNet) and experiment.size > 8
    start = time.perf_counter()
    with tqdm(total=len(images), unit="image", desc=entry.name, disable=None) as bar:
        told = evaluate(model, images, labels, positions=POSITIONS if sampled else None, progress=bar.update)
    return {name: round(value, 5) for name, value in told.items()} | {"seconds": round(time.perf_counter() - start, 1)}


def measure(names: list[str] | None = None) -> dict[str, Any]:
    """All models of pixels that are shipped, or those named."""
    shipped = [entry for entry in CATALOG.values() if entry.shipped and isinstance(entry.experiment, PixelExperiment)]
    return {entry.name: result(entry) for entry in shipped if not names or entry.name in names}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:]), indent=2))
