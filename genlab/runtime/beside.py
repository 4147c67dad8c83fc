"""What the comparison asks of an interactive process. Uses torch.

A ``source`` is the name of a catalogue entry or the bytes of a weights file.
"""

from __future__ import annotations

import platform
from datetime import datetime

from genlab.experiments.base import Experiment
from genlab.models import Model, build
from genlab.runtime.models import Source, model_of
from genlab.training.task import task
from genlab.views.beside import beside
from genlab.views.pack import pack


def picture(source: Source, experiment: Experiment) -> bytes:
    """What a model makes. Raises CheckpointError."""
    return _drawn(experiment, model_of(source))


def beginning(experiment: Experiment) -> bytes:
    """What an experiment's model makes before its first step."""
    return _drawn(experiment, build(experiment).eval())


def measure(source: Source, experiment: Experiment) -> bytes:
    """What ``genlab.views.beside.Beside.measure`` says, with ``when`` and ``machine``. Raises CheckpointError."""
    found = beside(task(experiment)).measure(model_of(source))
    return pack(found | {"when": datetime.now().isoformat(timespec="seconds"), "machine": platform.machine()})


def _drawn(experiment: Experiment, model: Model) -> bytes:
    drawing, block = beside(task(experiment)).picture(model, 0), None
    while block is None:
        block = drawing.go_on(1.0)
    return block
