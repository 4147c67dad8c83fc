"""A classifier of the 8×8 digits, as ``genlab.evaluation.classifier`` is one of MNIST's.

``python -m genlab.evaluation.small_classifier`` trains it, in some seconds on one thread, and writes the weights that
are shipped, together with what judging has to know of real images: of the 600 that are held out, which neither it nor a
generative model has learnt from.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from genlab.data.images import Split, load
from genlab.errors import CheckpointError
from genlab.evaluation.classifier import Classifier, describe, dumps, loads, train
from genlab.experiments.entries import CHECKPOINTS
from genlab.files import write

WEIGHTS = CHECKPOINTS / "small-digit-classifier.safetensors"
COMMAND = "python -m genlab.evaluation.small_classifier"
SIZE, LEVELS = 8, 17
EPOCHS, SHIFT = 120, 1
COUNTS = (250, 1000)  # of samples that can be judged


@functools.cache
def small_classifier() -> Classifier:
    """The one that is shipped, in eval mode, on the CPU. Raises CheckpointError: it is missing or damaged."""
    try:
        return loads(WEIGHTS.read_bytes(), SIZE, LEVELS)
    except OSError as error:
        raise CheckpointError(f"The classifier {WEIGHTS} cannot be read: {COMMAND} makes it.") from error


def main(path: Path = WEIGHTS) -> None:
    """Trains it on the digits and writes it."""
    torch.set_num_threads(1)  # in how many parts a sum is added up decides its last bits
    data = load("digits", SIZE, LEVELS)
    held_out = Split(
        torch.cat((data.validation.images, data.test.images)),
        torch.cat((data.validation.labels, data.test.labels)),
        LEVELS,
    )
    model = train(data.train, data.validation, EPOCHS, SHIFT)
    describe(model, data.train, held_out, COUNTS, COMMAND)
    write(path, dumps(model))
    tqdm.write(json.dumps(asdict(model.report)))


if __name__ == "__main__":
    main()
