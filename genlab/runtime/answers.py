"""What pages ask of an interactive process, by dotted path. Uses torch; one call runs at a time.

A ``source`` is the name of a catalogue entry or the bytes of a weights file.
"""

from __future__ import annotations

from typing import Any

import torch

from genlab.catalog import experiment as entered
from genlab.dotted import resolve
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.models import build
from genlab.runtime.memory import Device
from genlab.runtime.models import Source, model_of
from genlab.training import checkpoints
from genlab.training.task import task
from genlab.views.pictures import SideBySide
from genlab.views.seen import Seen


def view(source: Source, path: str, **arguments: Any) -> bytes:
    """A view of a model by its dotted path, packed. Raises GenlabError where the source or an argument is wrong."""
    try:
        seen: Seen = resolve(path)(model_of(source), **arguments)
        return seen.pack()
    except ValueError as error:
        raise GenlabError(f"{error}.") from error


def first_picture(*lanes: Experiment) -> bytes:
    """The picture of experiments' models before their first step. Raises GenlabError where data cannot be read."""
    picture, block = SideBySide([task(lane).picture(build(lane).eval(), 0) for lane in lanes]), None
    while block is None:
        block = picture.go_on(1.0)
    return block


def inspect_checkpoint(data: bytes) -> Experiment:
    """The experiment of a weights file, after its model was made of it. Raises CheckpointError where that fails."""
    return checkpoints.loads(data)[1]


def accelerators() -> list[Device]:
    """Name and memory, in bytes, of each device beside the CPU."""
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        found.append({"name": torch.cuda.get_device_name(index), "memory_total": total, "memory_used": total - free})
    if torch.backends.mps.is_available():
        found.append(
            {
                "name": "Apple GPU",
                "memory_total": torch.mps.recommended_max_memory(),
                "memory_used": torch.mps.driver_allocated_memory(),
            }
        )
    return found


def warm() -> None:
    """A first, tiny generation."""
    lane = entered("pixelcnn-digits")
    task(lane).picture(build(lane).eval(), 0).go_on(0.0)
