"""Data that are fewer than a batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.catalog import FAMILIES
from genlab.data import own
from genlab.data.table import PointsSplit
from genlab.experiments.data import OnPlane
from genlab.training.run import Run

POINTS = np.random.default_rng(0).normal(size=(20, 2))


@pytest.mark.parametrize(
    "family", [family for family in FAMILIES.values() if issubclass(family.experiment, OnPlane)], ids=lambda f: f.name
)
def test_fewer_points_than_a_batch_are_drawn_with_replacement(family, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    whole = PointsSplit.batch

    def batch(self: PointsSplit, index: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, None]:
        assert len(self) == 16  # a fifth is held back
        seen.append(index)
        return whole(self, index, generator)

    monkeypatch.setattr(PointsSplit, "batch", batch)
    run = Run(family.experiment(dataset="own", table=own.encode(POINTS, 0.0), batch_size=64, steps=2))
    run.advance(steps=2)
    assert run.step == 2
    assert {len(index) for index in seen} == {64}
    assert all(int(index.min()) >= 0 and int(index.max()) < 16 for index in seen)
    assert not torch.equal(seen[-1], seen[-2])
