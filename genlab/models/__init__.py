"""Model families: one module each."""

from __future__ import annotations

import importlib

import torch

from genlab.catalog import FAMILIES
from genlab.experiment import Experiment
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import GAN

Model = AutoregressiveImage | Flow | GAN


def build(experiment: Experiment) -> Model:
    """A new model of an experiment's family. Its weights depend on the seed alone; global random state is untouched."""
    module, name = FAMILIES[experiment.family].model.split(":")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(experiment.seed)
        model: Model = getattr(importlib.import_module(module), name)(**experiment.architecture())
    return model
