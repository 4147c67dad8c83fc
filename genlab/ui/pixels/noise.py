"""What no training at all would draw: what stands there before the first step."""

from __future__ import annotations

import numpy as np

from genlab.experiments.pixels import PixelExperiment
from genlab.views.limits import SHOWN
from genlab.views.pack import pack


def noise(experiment: PixelExperiment) -> bytes:
    """Every grey level equally likely; packed like the picture of a training."""
    generator = np.random.default_rng(0)
    shape = (SHOWN, experiment.size, experiment.size)
    return pack({}, samples=generator.integers(0, experiment.levels, shape).astype(np.uint8))
