"""What a checkpoint says of itself, read without torch: so a web page can judge an upload before anything loads it.

A safetensors file begins with the length of its header (8 bytes, little-endian), then the header: JSON that
names each tensor's type, shape and bytes. genlab puts the experiment into its ``__metadata__``.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from genlab.catalog import FAMILIES
from genlab.declaration import sentence
from genlab.errors import CheckpointError
from genlab.experiments.base import Experiment

LARGEST = 32 * 1024 * 1024  # bytes of a weights file
_LARGEST_HEADER = 1024 * 1024


def read_experiment(data: bytes) -> Experiment:
    """The experiment that a weights file holds.

    Arguments:
        data: the whole file.

    Raises:
        CheckpointError: too large, a pickle, not safetensors, truncated, or not of a model of this catalogue.
    """
    return experiment_of(read_header(data).get("__metadata__", {}))


def experiment_of(metadata: dict[str, Any]) -> Experiment:
    """The experiment in a header's metadata. Raises CheckpointError where there is none that can be used."""
    try:
        values = json.loads(metadata["experiment"])
        family = FAMILIES[values["family"]]
    except KeyError as error:
        raise CheckpointError("The file is safetensors, but not of a model that genlab knows.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise CheckpointError("The file's description of its experiment cannot be read.") from error
    try:
        return family.experiment.model_validate(values)
    except ValidationError as error:
        raise CheckpointError(f"The file's experiment does not exist: {sentence(error)}") from error


def read_header(data: bytes, largest: int = LARGEST) -> dict[str, Any]:
    """The header of a safetensors file whose length agrees with it. Raises CheckpointError."""
    if len(data) > largest:
        raise CheckpointError(
            f"The file has {len(data) / 2**20:.0f} MB; a checkpoint has at most {largest / 2**20:.0f} MB."
        )
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or not 2 <= length <= _LARGEST_HEADER or data[8:9] != b"{":
        if data[:2] == b"PK" or data[:1] == b"\x80":  # what torch.save and pickle write
            raise CheckpointError(
                "The file is a pickle, which can run any code and is never read: a checkpoint is a safetensors file."
            )
        raise CheckpointError("The file is not a safetensors file.")
    if len(data) < 8 + length:
        raise CheckpointError("The file is truncated.")
    try:
        header = json.loads(data[8 : 8 + length])
        end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
        missing = 8 + length + end - len(data)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise CheckpointError("The file is not a safetensors file.") from error
    if missing > 0:
        raise CheckpointError("The file is truncated.")
    return header
