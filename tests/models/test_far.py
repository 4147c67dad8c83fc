"""Round trips of the shipped flows: near the data in float32, far away in float64."""

from __future__ import annotations

import pytest
import torch

import genlab
from genlab.catalog import CATALOG
from genlab.experiments.flows import FlowExperiment, LineExperiment
from genlab.training.task import task

SHIPPED = [n for n, e in CATALOG.items() if e.shipped and isinstance(e.experiment, FlowExperiment | LineExperiment)]


@pytest.mark.parametrize("name", SHIPPED)
def test_on_the_data_a_round_trip_in_float32_stays_near_and_far_away_one_in_float64(name: str) -> None:
    model = genlab.load(name)
    x = task(CATALOG[name].experiment).data().validation.batch(slice(500), torch.Generator())[0]
    with torch.no_grad():
        assert (model.inverse(model(x)[0]) - x).abs().max() < 1e-4
        far = 6 * torch.randn(500, model.dim, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        model.double()
        assert (model.inverse(model(far)[0]) - far).abs().max() < 1e-4
