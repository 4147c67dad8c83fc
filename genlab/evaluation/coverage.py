"""How well points of a generator, whose likelihood nobody knows, cover a density on the plane."""

from __future__ import annotations

import functools
from typing import NamedTuple

import torch
from torch import Tensor

from genlab.data.plane import load, target

SIGMAS = 3.0  # a sample is good within so many standard deviations of a mode
FAIR = 0.2  # a mode is found by this part of its fair share of good samples
BACKGROUND = 0.01  # of the data lie where their density is lower than where a sample is still good
NEAR, ENOUGH = 0.25, 4000  # a datum is reached by a sample this near; so many samples are asked
COLLAPSED, LEARNT = 0.7, 0.4  # of the data reached, and of the samples good, where one speaks of mode collapse


class Coverage(NamedTuple):
    """What samples of a generator are worth.

    Attributes:
        good: share of the samples that lie where data lie, or None where the density is not known.
        reached: share of the data that have a sample within a quarter of a unit.
        found, modes: how many modes are found, and how many there are; both None where they are not discrete.
    """

    good: float | None
    reached: float
    found: int | None
    modes: int | None

    def collapse(self, so_far: bool = False) -> str:
        """One sentence where the generator makes good samples but leaves out a part of the data, else "".

        Arguments:
            so_far: True of a generator that still learns, on which nobody passes a verdict.
        """
        begin = "So far" if so_far else "Mode collapse:"
        if self.good is not None and self.good < LEARNT:
            return ""  # it has not learnt enough to be said to have collapsed
        if self.found is not None and self.modes is not None and self.found < self.modes:
            return f"{begin} only {self.found} of {self.modes} modes are found."
        if self.found is None and self.reached < COLLAPSED:
            return f"{begin} the samples reach only {100 * self.reached:.0f} % of the data."
        return ""


def coverage(samples: Tensor, dataset: str, table: str = "") -> Coverage:
    """Judges samples (N, 2) of what learned a data set of ``genlab.data.plane``."""
    x, aim = samples.detach().double().cpu(), target(dataset, table)
    found = modes = good = None
    if aim.modes is not None:
        distance, mode = torch.cdist(x, aim.modes.double()).min(1)
        near = distance < SIGMAS * aim.spread
        modes, good = len(aim.modes), float(near.float().mean())
        found = int((torch.bincount(mode[near], minlength=modes) >= FAIR * len(x) / modes).sum())
    elif aim.log_prob is not None:
        good = float((aim.log_prob(x) >= _level(dataset, table)).float().mean())
    data = load(dataset, table, 0).validation.points.double()
    nearest = torch.cdist(data, x[:ENOUGH]).min(1)[0]
    return Coverage(good, float((nearest < NEAR).float().mean()), found, modes)


@functools.lru_cache(maxsize=16)
def _level(dataset: str, table: str) -> float:
    """The density in nats that all but a hundredth of the data exceed."""
    aim = target(dataset, table)
    assert aim.log_prob is not None
    points = aim.sample(4000, torch.Generator().manual_seed(0))
    return float(aim.log_prob(points.double()).quantile(BACKGROUND))
