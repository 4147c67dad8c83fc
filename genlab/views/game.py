"""What can be seen of a GAN on the plane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genlab.data import plane
from genlab.evaluation.coverage import coverage
from genlab.formats import format_count
from genlab.models.gan import GAN
from genlab.training.adversarial import LOSSES, Loss
from genlab.views.limits import HALF
from genlab.views.plane import jensen_shannon
from genlab.views.seen import Seen, floats

EDGE = 0.004  # of the noise's mass lies beyond the mesh on each side
MOVING = ("fake", "mesh", "heat", "push", "says_real", "says_fake", "told_real", "told_fake")  # from state to state


def game(
    model: GAN,
    loss: str,
    dataset: str,
    table: str = "",
    seed: int = 0,
    side: int = 21,
    count: int = 400,
    grid: int = 40,
    so_far: bool = False,
) -> Seen:
    """Both players at one moment.

    Arguments:
        loss: what they play for, see ``genlab.training.adversarial``.
        dataset, table: what the generator imitates, see ``genlab.data.plane``.
        seed: of the fixed noise.
        side: vertices on a side of the mesh.
        count: points, real and made.
        grid: places on a side at which the discriminator is asked.
        so_far: True while they still learn.

    Returns:
        Fixed: ``z`` (count, 2) noise, ``z_mesh`` (side², 2) a mesh of N(0, I) whose cells hold equal mass, ``real``
        (count, 2) held-out points. With a leading axis of one state: ``fake`` (1, count, 2) = G(z), ``mesh``
        (1, side², 2) = G(z_mesh), ``push`` (1, count, 2): −∂L_G/∂x at each made point, of its own loss, in units of
        the plane; D(x), what the discriminator says, a probability or a score: ``heat`` (1, grid, grid) over the view,
        row 0 on top, ``says_real`` and ``says_fake`` (1, count); what it is told:
        ``told_real`` and ``told_fake`` (1, count), −∂L_D/∂l of each point's own loss. All float32. ``meta``
        has ``half`` (the view is [−half, half]²), ``side``, ``moves`` (none); ``judge``: what D(x) is, in words;
        ``neutral``: the D(x) at which it is undecided, between the means of real and of made points where only
        differences count; ``reach``: how far from there D(x) lies, to either side; ``mass`` of a cell of the mesh;
        ``good``, ``reached``, ``found``, ``modes`` and ``collapse`` of the made points, see
        ``genlab.evaluation.coverage``; ``so_far``.
    """
    generator, played = torch.Generator().manual_seed(seed), LOSSES[loss]
    weight = next(model.parameters())
    z = model.noise(count, generator)
    line = torch.special.ndtri(torch.linspace(EDGE, 1 - EDGE, side, dtype=torch.float64)).to(weight)
    z_mesh = torch.cartesian_prod(line, line).flip(1)  # row by row
    places = (torch.arange(grid, device=weight.device, dtype=weight.dtype) + 0.5) * (2 * HALF / grid) - HALF
    real = plane.load(dataset, table, seed).validation.points[:count].to(weight)
    with torch.no_grad():
        fake, mesh = model.generate(z), model.generate(z_mesh)
        says = [model.discriminate(x) for x in (real, fake, torch.cartesian_prod(places.flip(0), places).flip(1))]
        covered = coverage(fake, dataset, table)
    told_real, told_fake = told(played, says[0], says[1])
    seen = [torch.sigmoid(score) if played.sigmoid else score for score in says]
    neutral, reach = middle(seen[0], seen[1], played)
    moving = {
        "fake": fake,
        "mesh": mesh,
        "push": push(model, played, fake),
        "says_real": seen[0],
        "says_fake": seen[1],
        "told_real": told_real,
        "told_fake": told_fake,
        "heat": seen[2].view(grid, grid),
    }
    meta = {
        "half": HALF,
        "side": side,
        "moves": [],
        "judge": judge(played),
        "probability": played.sigmoid,
        "neutral": neutral,
        "reach": reach,
        "mass": ((1 - 2 * EDGE) / (side - 1)) ** 2,
        **covered._asdict(),
        "collapse": covered.collapse(so_far),
        "so_far": so_far,
    }
    fixed = {"z": floats(z), "z_mesh": floats(z_mesh), "real": floats(real)}
    return Seen(meta, fixed | {name: floats(array)[None] for name, array in moving.items()})


def played(states: Sequence[Seen], moves: Sequence[str]) -> Seen:
    """The states around the moves of a round as one: moving arrays (S, …), ``meta["moves"]`` the S−1 moves.

    ``meta["each"]`` has what ``game`` says of the samples, for each state.
    """
    last, judged = states[-1], ("good", "reached", "found", "modes", "collapse")
    each = [{name: state.meta[name] for name in judged} for state in states]
    moving = {name: np.concatenate([state.arrays[name] for state in states]) for name in MOVING}
    return Seen({**last.meta, "moves": list(moves), "each": each}, last.arrays | moving)


def judge(loss: Loss) -> str:
    """What D(x) is."""
    return "D(x), probability of being real" if loss.sigmoid else "D(x), a score: more is more real"


def push(model: GAN, loss: Loss, x: Tensor, labels: Tensor | None = None) -> Tensor:
    """−∂L_G/∂x of each made datum's own loss, of x's shape: where the generator is told to move it."""
    with torch.enable_grad():
        at = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(loss.generate(model.discriminate(at, labels)) * len(x), at)
    return -slope


def told(loss: Loss, real: Tensor, fake: Tensor) -> list[Tensor]:
    """−∂L_D/∂l of each point's own loss, for what D says of real and of made points: more (+) or less (−).

    A gradient penalty is none of a point's own, and left aside.
    """
    with torch.enable_grad():
        says = [each.detach().requires_grad_() for each in (real, fake)]
        slopes = torch.autograd.grad(loss.discriminate(*says), says)
    return [-len(each) * slope for each, slope in zip(says, slopes, strict=True)]


def standing(model: GAN, dataset: str, table: str = "", seed: int = 0, count: int = 20_000) -> Seen:
    """How well a generator imitates a density on the plane.

    Returns:
        ``meta`` with ``good``, ``reached``, ``found``, ``modes`` and ``collapse`` of ``count`` samples, see
        ``genlab.evaluation.coverage``; ``js`` in nats between the histograms of samples and of fresh data, ``js_floor``
        between two sets of data, ``points``: how many of each; ``sentence``: all this in words.
    """
    generator = torch.Generator().manual_seed(1000 + seed)
    samples = model.sample(count, generator).float().cpu()
    covered = coverage(samples, dataset, table)
    aim = plane.target(dataset, table)
    fresh, other = aim.sample(count, generator), aim.sample(count, generator)
    meta = {
        **covered._asdict(),
        "collapse": covered.collapse(),
        "js": jensen_shannon(samples, other),
        "js_floor": jensen_shannon(fresh, other),
        "points": count,
    }
    return Seen({**meta, "sentence": sentence(meta)}, {})


def sentence(meta: dict[str, Any]) -> str:
    """How good a generator on the plane is, in words."""
    points = format_count(meta["points"])
    said = [f"Of {points} samples"]
    if meta["good"] is not None:
        said.append(f", **{100 * meta['good']:.0f} %** lie where data lie; they")
    reached = f"reach **{math.floor(100 * meta['reached'])} %** of the data"
    found = "" if meta["modes"] is None else f" and find **{meta['found']} of {meta['modes']}** modes"
    collapse = f" **{meta['collapse']}**" if meta["collapse"] else ""
    return (
        f"{''.join(said)} {reached}{found}.{collapse} Jensen–Shannon divergence of samples and data, on a 32×32 grid: "
        f"**{meta['js']:.3f}** nats (between two sets of data: {meta['js_floor']:.3f}). A generator has no likelihood, "
        f"so it is judged by its samples."
    )


def middle(real: Tensor, fake: Tensor, loss: Loss) -> tuple[float, float]:
    """The D(x) at which D is undecided, and how far from there that of nearly all real and made data lies."""
    if loss.sigmoid:
        return 0.5, 0.5
    neutral = float(real.mean() + fake.mean()) / 2 if loss.neutral is None else loss.neutral
    return neutral, float(torch.cat((real, fake)).sub(neutral).abs().quantile(0.95))
