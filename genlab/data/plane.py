"""Points of the plane: densities to learn, most of them with a known entropy, and a visitor's own points."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from genlab.data.own import DRAWN, decode
from genlab.data.table import Points, PointsSplit

NODES = 4000  # of a curve: so close together, compared with the noise around it, that a sum over them is the integral

Sampler = Callable[[int, torch.Generator], Tensor]


@dataclass(frozen=True)
class Target:
    """A density on the plane.

    Attributes:
        sample: draws n points with shape (n, 2), float32.
        log_prob: of points (N, 2) in float64, in nats with shape (N,); None where it is not known.
        modes: middles (M, 2) of normal densities that do not overlap; None where it has another shape.
        spread: their standard deviation.
    """

    sample: Sampler
    log_prob: Callable[[Tensor], Tensor] | None
    modes: Tensor | None = None
    spread: float = 0.0


def target(name: str, table: str = "") -> Target:
    """A density by its name.

    Arguments:
        name: "moons", "rings", "pinwheel", "checkerboard", "spirals", "gaussians", "letters" or "own".
        table: of "own": what ``genlab.data.own.encode`` made.

    Raises:
        GenlabError: own points that cannot be read.
    """
    if name == "own":
        points, noise = decode(table)
        return _scattered(torch.from_numpy(points), noise)
    return _TARGETS[name]()


@functools.lru_cache(maxsize=8)
def load(dataset: str, table: str, seed: int) -> Points:
    """Points to learn from and others to judge by, drawn with a seed. Raises GenlabError as ``target``."""
    if dataset == "own":
        points, noise = decode(table)
        if noise == 0:  # what was uploaded is all there is: a fifth of it is held back
            rows = torch.from_numpy(np.random.RandomState(seed).permutation(points))
            cut = max(1, len(rows) // 5)
            return Points(PointsSplit(rows[cut:]), PointsSplit(rows[:cut]))
    return Points.drawn(target(dataset, table).sample, seed)


def _normal(n: int, generator: torch.Generator) -> Tensor:
    return torch.randn(n, 2, generator=generator)


def _scattered(nodes: Tensor, noise: float) -> Target:
    """Normal noise around nodes that are equally likely."""

    def sample(n: int, generator: torch.Generator) -> Tensor:
        index = torch.randint(len(nodes), (n,), generator=generator)
        return nodes[index].float() + noise * _normal(n, generator)

    def log_prob(x: Tensor) -> Tensor:
        centres, constant = nodes.double(), math.log(len(nodes) * 2 * math.pi * noise**2)
        parts = x.split(4096)
        return torch.cat(
            [torch.logsumexp(-torch.cdist(part, centres).square() / (2 * noise**2), 1) for part in parts]
        ) - (constant)

    return Target(sample, log_prob if noise > 0 else None)


def _moons() -> Target:
    """Two half circles with noise 0.05, centred."""
    t = math.pi * (torch.arange(NODES // 2, dtype=torch.float64) + 0.5) / (NODES // 2)
    upper = torch.stack((t.cos() - 0.5, t.sin() - 0.25), 1)
    return _scattered(torch.cat((upper, -upper)), 0.05)


def _rings() -> Target:
    """Three circles, the wider the likelier, with noise 0.08."""
    radii, noise = torch.tensor([0.7, 1.4, 2.1], dtype=torch.float64), 0.08
    shares = radii / radii.sum()

    def sample(n: int, generator: torch.Generator) -> Tensor:
        radius = radii[torch.multinomial(shares, n, replacement=True, generator=generator)].float()
        angle = 2 * math.pi * torch.rand(n, generator=generator)
        return radius[:, None] * torch.stack((angle.cos(), angle.sin()), 1) + noise * _normal(n, generator)

    def log_prob(x: Tensor) -> Tensor:
        r = x.norm(dim=1, keepdim=True)
        around = torch.special.i0e(r * radii / noise**2).log() - (r - radii).square() / (2 * noise**2)
        return torch.logsumexp(around + shares.log(), 1) - math.log(2 * math.pi * noise**2)

    return Target(sample, log_prob)


def _pinwheel() -> Target:
    """Five arms, normal along and across, twisted: a turn that grows with the radius, which keeps areas."""
    along, across, reach, twist, arms = 0.45, 0.12, 1.6, 0.9, 5

    def turned(x: Tensor, angle: Tensor) -> Tensor:
        c, s = angle.cos(), angle.sin()
        return torch.stack((c * x[:, 0] - s * x[:, 1], s * x[:, 0] + c * x[:, 1]), 1)

    def sample(n: int, generator: torch.Generator) -> Tensor:
        arm = torch.randint(arms, (n,), generator=generator) * (2 * math.pi / arms)
        straight = _normal(n, generator) * torch.tensor([along, across]) + torch.tensor([reach, 0.0])
        return turned(straight, arm + twist * straight.norm(dim=1))

    def log_prob(x: Tensor) -> Tensor:
        untwisted = turned(x, -twist * x.norm(dim=1))
        terms = []
        for k in range(arms):
            arm = turned(untwisted, torch.full((len(x),), -2 * math.pi * k / arms, dtype=x.dtype))
            terms.append(-((arm[:, 0] - reach) / along).square() / 2 - (arm[:, 1] / across).square() / 2)
        return torch.logsumexp(torch.stack(terms), 0) - math.log(arms * 2 * math.pi * along * across)

    return Target(sample, log_prob)


def _checkerboard() -> Target:
    """The eight dark squares of a 4 × 4 board on [−2, 2]²."""

    def sample(n: int, generator: torch.Generator) -> Tensor:
        row = torch.randint(4, (n,), generator=generator)
        column = 2 * torch.randint(2, (n,), generator=generator) + row % 2
        return torch.stack((column, row), 1) - 2 + torch.rand(n, 2, generator=generator)

    def log_prob(x: Tensor) -> Tensor:
        inside = (x.abs() < 2).all(1) & (x.floor().sum(1) % 2 == 0)
        return torch.where(inside, -math.log(8), -math.inf)

    return Target(sample, log_prob)


def _spirals() -> Target:
    """Two arms of one and a half turns, with noise 0.08."""
    fine = 3 * math.pi * torch.linspace(0, 1, 200_001, dtype=torch.float64)
    curve = (0.25 + 0.2 * fine)[:, None] * torch.stack((fine.cos(), fine.sin()), 1)
    arm = _evenly(curve, NODES // 2)
    return _scattered(torch.cat((arm, -arm)), 0.08)


def _evenly(curve: Tensor, n: int) -> Tensor:
    """n of the points of a curve, at equal distances along it."""
    length = (curve[1:] - curve[:-1]).norm(dim=1).cumsum(0)
    return curve[torch.searchsorted(length, (torch.arange(n, dtype=curve.dtype) + 0.5) / n * length[-1])]


def _gaussians() -> Target:
    """Eight on a circle of radius 2, with standard deviation 0.1."""
    angle, noise = torch.arange(8, dtype=torch.float64) * (math.pi / 4), 0.1
    middles = 2 * torch.stack((angle.cos(), angle.sin()), 1)
    return replace(_scattered(middles, noise), modes=middles, spread=noise)


def _letters() -> Target:
    """The word *flow* in straight strokes, with noise 0.06."""
    strokes = (
        ((-2.5, -0.9), (-2.5, 0.9), (-1.6, 0.9)),
        ((-2.5, 0.1), (-1.8, 0.1)),
        ((-1.2, 0.9), (-1.2, -0.9), (-0.5, -0.9)),
        (
            (0.0, -0.5),
            (0.3, -0.9),
            (0.7, -0.9),
            (1.0, -0.5),
            (1.0, 0.5),
            (0.7, 0.9),
            (0.3, 0.9),
            (0.0, 0.5),
            (0.0, -0.5),
        ),
        ((1.4, 0.9), (1.75, -0.9), (2.1, 0.5), (2.45, -0.9), (2.8, 0.9)),
    )
    pieces = []
    for stroke in strokes:
        corners = torch.tensor(stroke, dtype=torch.float64)
        for start, end in itertools.pairwise(corners):
            n = max(2, round(float((end - start).norm()) * 200))  # as many nodes as it is long
            pieces.append(start + (end - start) * ((torch.arange(n, dtype=torch.float64) + 0.5) / n)[:, None])
    return _scattered(torch.cat(pieces), DRAWN)


_TARGETS: dict[str, Callable[[], Target]] = {
    "moons": _moons,
    "rings": _rings,
    "pinwheel": _pinwheel,
    "checkerboard": _checkerboard,
    "spirals": _spirals,
    "gaussians": _gaussians,
    "letters": _letters,
}
