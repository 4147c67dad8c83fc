"""Normalizing flows, on the plane and on the line."""

from __future__ import annotations

from typing import Any, TypeVar

import torch
from torch import Tensor

from genlab.errors import OutsideDomain
from genlab.experiments.base import Experiment
from genlab.experiments.flows import FlowExperiment, LineExperiment
from genlab.generation.request import Request
from genlab.generation.samples import PointSamples
from genlab.models.flow import Flow
from genlab.training.task import Evaluation, Task
from genlab.views.line import line
from genlab.views.pictures import AtOnce
from genlab.views.plane import numbers, warp

SIDE, POINTS = 24, 400  # of a mesh that is drawn while a flow trains, and the points on it
FRESH = 100_000  # points by which a flow is judged

E = TypeVar("E", bound=Experiment)


class _Points(Task[E, Flow]):
    """Points, of any dimension."""

    def sound(self, model: Flow) -> bool:
        """As in ``Task``: of a sample and its density."""
        try:
            model.log_prob(model.sample(1, torch.Generator().manual_seed(0)))
        except OutsideDomain:
            return False
        return True

    def log_prob(self, model: Flow, x: Tensor, generator: torch.Generator) -> Tensor:
        """As in ``Task``, exactly."""
        return model.log_prob(x)

    def sample(self, model: Flow, request: Request) -> PointSamples:
        """As in ``Task``."""
        request.classes(conditional=False)
        request.refuse_temperature()
        return PointSamples(model.sample(request.n or 1, request.generator).cpu().numpy())


class Plane(_Points[FlowExperiment]):
    """A plane on its way through the layers."""

    def picture(self, model: Flow, step: int) -> AtOnce:
        """As in ``Task``."""
        experiment, shape = self.experiment, {"side": SIDE, "count": POINTS, "grid": 0}
        return AtOnce(lambda: warp(model, experiment.dataset, experiment.table, experiment.seed, **shape).pack())

    def evaluate(self, model: Flow, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: likelihood of fresh points, in nats."""
        asked.refuse()
        return numbers(model, self.experiment.dataset, self.experiment.table, count=FRESH).meta


class Line(_Points[LineExperiment]):
    """A map of the line."""

    def picture(self, model: Flow, step: int) -> AtOnce:
        """As in ``Task``."""
        return AtOnce(lambda: line(model, self.experiment.dataset, self.experiment.table, drawable=True).pack())

    def evaluate(self, model: Flow, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: likelihood in nats, by exact sums."""
        asked.refuse()
        meta = line(model, self.experiment.dataset, self.experiment.table).meta
        return {name: meta[name] for name in ("nll", "entropy")}
