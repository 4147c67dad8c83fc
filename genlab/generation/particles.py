"""Sequential Monte Carlo: completions that honour what is known further on (Gordon et al. 1993; Del Moral et al. 2006).

A model that writes in a fixed order draws an unknown place without hearing what is known behind it. So many data, the
*particles*, are written side by side; a known place weights each by how likely it holds that place to be. Where few of
them carry the weight, those that carry none go on as copies of those that do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from genlab.generation.request import Request
from genlab.generation.steps import Autoregressive, Plan, Step, asked

ENOUGH = 0.5  # of the particles: where fewer are effective, they are resampled


def particles(
    model: Autoregressive, request: Request | int | None = None, *, log_weight: Tensor | None = None, **options: Any
) -> Iterator[Step]:
    """Completions of one datum as weighted particles, position by position.

    With weights ``w`` of the last step, ``Σ w_i f(x_i) / Σ w_i`` estimates the mean of f under p(unknown | known), and
    the mean of w is an unbiased estimate of p(known), at any step of what is known so far. A temperature changes p.

    Arguments:
        request, options: as in ``generate``; ``known`` and ``mask`` have shape (1, …), since all complete the same.
        log_weight: (N,) nats to begin with, 0 if left out. Where labels are drawn from q(y), these are
            log p(y) − log q(y).

    Raises:
        ValueError: at once, as in ``generate``; also several known data, or a sampler that cannot be resampled.
    """
    request = asked(request, options)
    if request.mask is not None and request.known is not None and {len(request.mask), len(request.known)} != {1}:
        raise ValueError("particles complete one datum: known and mask must have shape (1, …)")
    plan = Plan(model, request)
    next_logits = model.stepper(plan.n, plan.labels)
    if not hasattr(next_logits, "select"):
        raise ValueError("the sampler of this model cannot be resampled: it has no select")
    n, device = plan.n, plan.x.device
    known = [False] * len(plan.order) if plan.masks is None else [bool(mask[0]) for mask in plan.masks]
    heard = [known[position] for position in plan.order]
    begin = heard.index(False) if False in heard else len(heard)
    everyone, yes = torch.arange(n, device=device), torch.ones(n, dtype=torch.bool, device=device)
    weight = torch.zeros(n) if log_weight is None else log_weight
    weight = weight.to(device, torch.float64)

    @torch.no_grad()
    def steps() -> Iterator[Step]:
        nonlocal weight
        for t, position in enumerate(plan.order):
            ancestor = everyone
            # Before the first unknown place all are alike, and only labels may differ: these were drawn already.
            if t >= begin and t and heard[t - 1] and 0 < float(effective(weight)) < ENOUGH * n:
                # The uniform number of a known place is drawn for nothing else.
                ancestor = ancestors(systematic(weight, n, float(plan.uniforms[t - 1][0])))
                next_logits.select(ancestor)
                plan.x.copy_(plan.x[ancestor])
                weight = log_evidence(weight).expand(n)
            logits = plan.logits(next_logits, t)
            plan.write(t, logits)
            log_probs, value = torch.log_softmax(logits, 1), plan.values[position].clone()
            if heard[t]:
                weight = weight + log_probs.gather(1, value)[:, 0]
            yield Step(
                t, position, log_probs, value[:, 0], yes if heard[t] else ~yes, log_weight=weight, ancestor=ancestor
            )

    return steps()


def effective(log_weight: Tensor) -> Tensor:
    """The effective sample size ``(Σ w)² / Σ w²`` of weights (…, N) in nats, from 1 to N; 0 where all of them are 0."""
    log_weight = log_weight.double()
    size = torch.exp(2 * torch.logsumexp(log_weight, -1) - torch.logsumexp(2 * log_weight, -1))
    return torch.nan_to_num(size, 0.0)


def log_evidence(log_weight: Tensor) -> Tensor:
    """``log Σ w / N`` of weights (N,) in nats: what the particles of a step say of log p(known so far)."""
    return torch.logsumexp(log_weight, 0) - math.log(len(log_weight))


def systematic(log_weight: Tensor, n: int, uniform: float) -> Tensor:
    """How often each particle is drawn, (N,) int64 with sum n: its share of n, rounded up or down (Kitagawa 1996).

    Arguments:
        log_weight: (N,) nats, not all of them −∞.
        uniform: in [0, 1). One number for all: the k-th draw is where the running share of n passes ``uniform`` + k.
    """
    share = torch.softmax(log_weight.double(), 0).cumsum(0)
    passed = (n * share / share[-1] - uniform).ceil().clamp_(0, n).long()
    return torch.diff(passed, prepend=passed.new_zeros(1))


def ancestors(counts: Tensor) -> Tensor:
    """Whom each place goes on from, (N,) int64, where particle i is to have ``counts[i]`` of the N places.

    Who goes on stays in place, so that only places which are given up are written anew.
    """
    index = torch.arange(len(counts), device=counts.device)
    more = torch.repeat_interleave(index, (counts - 1).clamp_(min=0))
    index[counts == 0] = more
    return index


def lineages(steps: Sequence[Step], index: Tensor) -> Iterator[tuple[Step, Tensor]]:
    """The past of particles of the last step, backwards: each step, and where they stood in it.

    Arguments:
        steps: from the first to any.
        index: (K,) int64, which particles of the last of them.
    """
    for step in reversed(steps):
        yield step, index
        assert step.ancestor is not None
        index = step.ancestor[index]
