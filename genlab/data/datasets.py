"""The data of an experiment."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from genlab.data import images, line, plane
from genlab.data.images import Images
from genlab.data.table import Points
from genlab.experiment import Experiment, ImageExperiment, LineExperiment, PlaneExperiment


def load(experiment: Experiment) -> Images | Points:
    """What an experiment learns from and is judged by.

    Raises:
        DataUnavailable: the data are neither on disk nor reachable.
        GenlabError: own points that cannot be read.
    """
    match experiment:
        case ImageExperiment():
            return images.load(experiment.dataset, experiment.size, experiment.levels)
        case PlaneExperiment():
            return plane.load(experiment.dataset, experiment.table, experiment.seed)
        case LineExperiment():
            return Points.drawn(_sampler(experiment), experiment.seed)
    raise TypeError(f"{type(experiment).__name__} names no data")


def _sampler(experiment: LineExperiment) -> Callable[[int, torch.Generator], Tensor]:
    """Draws points, with shape (n, 1), of an experiment's density on the line."""
    density = torch.from_numpy(line.shape(experiment.dataset, experiment.table))

    def sample(n: int, generator: torch.Generator) -> Tensor:
        cell = torch.multinomial(density, n, replacement=True, generator=generator)
        return (line.LOW + line.WIDTH * (cell + torch.rand(n, generator=generator)))[:, None]

    return sample
