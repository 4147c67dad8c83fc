"""The state of a run as a safetensors file, which holds everything that an exact continuation needs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from genlab.checkpoint_header import LARGEST, experiment_of, read_header
from genlab.errors import CheckpointError
from genlab.experiments.base import Experiment
from genlab.training.numerics import Numerics
from genlab.training.progress import Edit, Log

LARGEST_STATE = 6 * LARGEST  # weights, their average, the best, two moments of the gradient, and room to spare


def dumps(tensors: Mapping[str, Tensor], experiment: Experiment, how: Numerics, log: Log) -> bytes:
    """The bytes of a state file."""
    metadata = {
        "experiment": experiment.model_dump_json(),
        "how": json.dumps(how._asdict()),
        "log": json.dumps(dataclasses.asdict(log)),
    }
    return safetensors.torch.save({name: t.detach().cpu().contiguous() for name, t in tensors.items()}, metadata)


def loads(data: bytes) -> tuple[dict[str, Tensor], Experiment, Numerics, Log]:
    """What ``dumps`` was given. Raises CheckpointError where the file is none, or is damaged."""
    metadata = read_header(data, LARGEST_STATE).get("__metadata__", {})
    experiment = experiment_of(metadata)
    try:
        how, log = Numerics(**json.loads(metadata["how"])), Log(**json.loads(metadata["log"]))
        log.curve, log.edits = [(*point,) for point in log.curve], [_edit(*edit) for edit in log.edits]
        return safetensors.torch.load(data), experiment, how, log
    except KeyError as error:
        raise CheckpointError("The file holds weights, but not the state of a training.") from error
    except (SafetensorError, ValueError, TypeError) as error:
        raise CheckpointError("The state of the training cannot be read.") from error


def _edit(step: int, name: str | float, *value: float) -> Edit:
    """A live change; in older files, without a name, of the learning rate."""
    return (step, str(name), *value) if value else (step, "learning_rate", float(name))  # type: ignore[return-value]


def fill(targets: Mapping[str, Tensor], tensors: Mapping[str, Tensor]) -> None:
    """Copies tensors into those of the same names, whose memory order stays. Raises CheckpointError if they differ."""
    for name, target in targets.items():
        if name not in tensors or tensors[name].shape != target.shape or tensors[name].dtype != target.dtype:
            raise CheckpointError(f"The state is of another training: {name!r} is missing or has another shape.")
        target.copy_(tensors[name])
