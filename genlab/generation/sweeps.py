"""Sampling by sweeps: all positions at once, over and over, until nothing changes.

With frozen uniforms a sample is a fixed point: what it makes of itself. Repeated passes over the whole find it from any
beginning (Jacobi's iteration; Song et al. 2021; Wiggers and Hoogeboom 2020).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from genlab.generation.request import Request
from genlab.generation.steps import Autoregressive, Plan, draw


class OnePass(Autoregressive, Protocol):
    """A model that predicts all positions in one pass."""

    def logits(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """(N, levels, …): of every position given those before it."""
        ...


@dataclass(frozen=True)
class Sweep:
    """One pass over every datum of a batch."""

    index: int  # which it is, from 0
    values: Tensor  # (N, T) int64, by position: the data after this pass
    changed: Tensor  # (N, T) bool: where the pass before had left, or the beginning was, something else


def sweeps(model: OnePass, request: Request) -> Iterator[Sweep]:
    """Passes from zeros on, until one changes nothing; then the data are those of ``sample`` for the same request.

    Pass k makes at least the first k positions final, so there are at most as many passes as positions.

    Raises:
        ValueError: at once, where the request does not fit the model.
    """
    plan, total = Plan(model, request), len(model.order)
    uniforms = torch.empty(plan.n, total).to(plan.uniforms[0])
    uniforms[:, list(plan.order)] = torch.cat(plan.uniforms, 1)
    known = None if plan.masks is None else torch.cat(plan.masks, 1)

    @torch.no_grad()
    def passes() -> Iterator[Sweep]:
        x = plan.x.flatten(1)
        for index in range(total):
            logits = model.logits(x.view_as(plan.x), plan.labels).flatten(2).transpose(1, 2) / plan.temperature
            drawn = draw(logits.flatten(0, 1), uniforms.view(-1, 1)).view_as(x)
            after = drawn if known is None else torch.where(known, x, drawn)
            changed = after != x
            x = after
            yield Sweep(index, x, changed)
            if not changed.any():
                return

    return passes()
