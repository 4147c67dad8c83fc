"""Model families: one module each."""

from __future__ import annotations

import threading

import torch
from torch.nn import Module as Model

from genlab.catalog import FAMILIES
from genlab.dotted import resolve
from genlab.experiments.base import Experiment

__all__ = ["Model", "build"]

_building = threading.Lock()  # all threads share the global random state


def build(experiment: Experiment) -> Model:
    """A new model of an experiment's family. Its weights depend on the seed alone; global random state is untouched."""
    with _building, torch.random.fork_rng(devices=[]):
        torch.manual_seed(experiment.seed)
        model: Model = resolve(FAMILIES[experiment.family].model)(**experiment.architecture())
    return model
