"""The picture of how a uniform number becomes a grey level draws the level that the sampler draws."""

from __future__ import annotations

import numpy as np
import torch

from genlab.figures.colours import LIGHT
from genlab.figures.uniform import uniform
from genlab.generation.steps import draw
from genlab.ui.pixels.how import POSTERIOR, U


def test_the_level_is_that_of_the_sampler() -> None:
    rng = np.random.default_rng(0)
    cases = [(rng.dirichlet(np.ones(5)), float(u)) for u in rng.random(20)]
    for p, u in [*cases, (np.array(POSTERIOR), U), (np.array([0.25, 0.25, 0.5]), 0.25)]:
        level = int(draw(torch.from_numpy(p).log()[None], torch.tensor([[u]], dtype=torch.float64)))
        assert f"u = {u:g} draws grey level {level}." in uniform(p.tolist(), u, LIGHT)
    assert np.isclose(sum(POSTERIOR), 1)
