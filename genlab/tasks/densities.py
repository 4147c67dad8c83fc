"""Densities of the plane that are neither flows nor games: on a grid, and of a VAE."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from genlab.experiments.compare import GridExperiment, PlaneVAEExperiment
from genlab.generation.request import Request
from genlab.generation.samples import PointSamples
from genlab.models.grid import Grid
from genlab.models.plane_vae import PlaneVAE
from genlab.training.task import Evaluation, Picture, Task
from genlab.views.beside import beside

DRAWS = 64  # latents of each point in the bound of a VAE
PICTURED = 2000  # latents of all places of its picture


class Densities(Task[Any, Any]):
    """What both have: samples and a density, shown and judged as beside others."""

    def picture(self, model: Any, step: int) -> Picture:
        """As in ``Task``."""
        return beside(self).picture(model, step)

    def evaluate(self, model: Any, asked: Evaluation) -> dict[str, Any]:
        """As in ``Task``: likelihood of fresh points in nats, and what samples are worth."""
        asked.refuse()
        told = beside(self)
        likelihood = told.likelihood(model) or {}
        return {"nll": likelihood.pop("nats"), **likelihood, **told.judged(model)}

    def sample(self, model: Any, request: Request) -> PointSamples:
        """As in ``Task``."""
        request.classes(conditional=False)
        request.refuse_temperature()
        return PointSamples(model.sample(request.n or 1, request.generator).cpu().numpy())

    def sound(self, model: Any) -> bool:
        """As in ``Task``: of a sample and its density."""
        x = model.sample(1, torch.Generator().manual_seed(0))
        if not x.isfinite().all():
            return False
        log_p = self.log_prob(model, x, torch.Generator().manual_seed(0))
        return log_p is not None and not bool(log_p.isnan().any())


class OnGrid(Densities):
    """MADE on the cells of a grid."""

    experiment: GridExperiment

    def log_prob(self, model: Grid, x: Tensor, generator: torch.Generator) -> Tensor:
        """As in ``Task``, exactly."""
        return model.log_prob(x)


class OfVAE(Densities):
    """A VAE on the plane."""

    experiment: PlaneVAEExperiment
    bound = f"importance-weighted bound, K = {DRAWS}"

    def log_prob(self, model: PlaneVAE, x: Tensor, generator: torch.Generator) -> Tensor:
        """As in ``Task``: a bound."""
        return model.log_prob(x, DRAWS, generator)

    def pictured(self, model: PlaneVAE, x: Tensor, generator: torch.Generator) -> Tensor:
        """As in ``Task``: of noise from the prior, the same for all places."""
        return model.mixture(x, PICTURED, generator)
