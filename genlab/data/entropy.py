"""How many nats the data of an experiment hold: no model can reach a lower negative log-likelihood. Torch-free."""

from __future__ import annotations

import math

from genlab.data import line
from genlab.experiment import Experiment, LineExperiment, PlaneExperiment

# −∫ p log p over 640 × 640 cells of [−3.5, 3.5]², with the densities of genlab.data.plane.
PLANE = {
    "moons": 0.2892,
    "rings": 2.1651,
    "pinwheel": 1.5263,
    "checkerboard": math.log(8),
    "spirals": 2.0348,
    "gaussians": 0.3121,
    "letters": 1.4039,
}


def entropy(experiment: Experiment) -> float | None:
    """Of the density that an experiment's data are drawn from, in nats, or None where it is not known."""
    if isinstance(experiment, LineExperiment):
        return line.entropy(line.shape(experiment.dataset, experiment.table))
    return PLANE.get(experiment.dataset) if isinstance(experiment, PlaneExperiment) else None
