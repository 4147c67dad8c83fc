"""Weights as safetensors files with their experiment in the header; pickle is never read."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from genlab.catalog import CATALOG
from genlab.checkpoint_header import LARGEST, read_experiment
from genlab.errors import CheckpointError
from genlab.experiments.base import Experiment
from genlab.files import write
from genlab.models import Model, build
from genlab.training.task import task

_TYPES = (torch.float32, torch.float16, torch.bfloat16)

__all__ = ["dumps", "load", "loads", "read", "read_experiment", "save", "state_path"]


def dumps(model: Model, experiment: Experiment) -> bytes:
    """A weights file: the model's tensors, and the experiment in the header."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    return safetensors.torch.save(tensors, {"experiment": experiment.model_dump_json()})


def loads(data: bytes, device: str | torch.device = "cpu") -> tuple[Model, Experiment]:
    """The model of a weights file, in eval mode, and its experiment.

    Raises:
        CheckpointError: the file is none, is damaged, or does not fit the model that it names.
    """
    experiment = read_experiment(data)
    try:
        tensors = safetensors.torch.load(data)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError("The file is damaged: its tensors cannot be read.") from error
    model = build(experiment)
    fit(model, tensors)
    with torch.inference_mode():
        if not task(experiment).sound(model.eval()):
            raise CheckpointError("The weights are broken: so large that what the model makes of them are no numbers.")
    return model.to(device), experiment


def fit(model: torch.nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copies tensors into a model if every name, shape and number is as it must be, else raises CheckpointError."""
    wanted = model.state_dict()
    if wanted.keys() != tensors.keys():
        odd = sorted(wanted.keys() ^ tensors.keys())
        raise CheckpointError(f"The weights are of another model: {odd[0][:80]!r} is in only one of the two.")
    for name, tensor in tensors.items():
        if tensor.shape != wanted[name].shape:
            raise CheckpointError(
                f"The weights are of another model: {name!r} has the shape {tuple(tensor.shape)} "
                f"instead of {tuple(wanted[name].shape)}."
            )
        if tensor.dtype not in _TYPES:
            raise CheckpointError(f"The weights are broken: {name!r} holds numbers of the type {tensor.dtype}.")
        if not tensor.isfinite().all():
            raise CheckpointError(f"The weights are broken: {name!r} holds values that are not finite numbers.")
    model.load_state_dict(tensors)


def save(model: Model, experiment: Experiment, path: str | Path) -> None:
    """Writes a weights file, whole or not at all. Raises NotWritten."""
    write(path, dumps(model, experiment))


def load(name_or_path: str | Path, device: str | torch.device = "cpu") -> Model:
    """The model of a catalogue entry, or of a weights file, in eval mode.

    Raises:
        CheckpointError: there is no such entry or file, or it cannot be used.
    """
    return loads(read(name_or_path), device)[0]


def read(name_or_path: str | Path) -> bytes:
    """The bytes of a catalogue entry's weights, or of a file that is not too large. Raises CheckpointError."""
    path = Path(name_or_path)
    if str(name_or_path) in CATALOG:
        path = CATALOG[str(name_or_path)].checkpoint
        if not path.exists():
            raise CheckpointError(
                f"No weights of {name_or_path} are here: python -m genlab train {name_or_path} makes them."
            )
    try:
        if path.stat().st_size > LARGEST:
            raise CheckpointError(
                f"{path} has {path.stat().st_size / 2**20:.0f} MB; a checkpoint has at most {LARGEST / 2**20:.0f} MB."
            )
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{name_or_path} is neither in the catalogue nor a file that can be read.") from error


def state_path(path: str | Path) -> Path:
    """Where the state of a training lies: ``NAME.state.safetensors`` beside ``NAME.safetensors``."""
    return Path(path).with_suffix(".state.safetensors")
