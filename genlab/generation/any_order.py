"""Generation in any order, by a model that hears every known pixel and tells the posteriors of all others at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import torch
from torch import Tensor

from genlab.generation.request import Request
from genlab.generation.steps import Autoregressive, Plan, Step


class AnyOrder(Autoregressive, Protocol):
    """What generation in any order needs of a model."""

    def posteriors(self, x: Tensor, known: Tensor) -> Tensor:
        """Logits (N, levels, …) of every position given the known ones: x (N, …) integer, known bool."""
        ...


@torch.no_grad()
def visit(model: AnyOrder, plan: Plan, asked: Request, begun: Sequence[Step] = ()) -> Iterator[Step]:
    """Steps of a generation: what is known of every datum, as certain, then ``path``, then the rest in its order.

    All data of a batch visit the same positions. Each pass predicts all that is unknown; ``together`` positions of the
    rest are drawn of it, as if they did not depend on each other. An adaptive order goes by the entropy of a position's
    posterior, on the mean of the batch.

    Arguments:
        plan: of what is asked, which has an order.
        begun: its first steps, where they were made before: they are not made again.
    """
    n, total, device, order = plan.n, len(plan.order), plan.x.device, asked.order
    known = torch.zeros(n, total, dtype=torch.bool, device=device) if plan.masks is None else torch.cat(plan.masks, 1)
    for step in begun:
        plan.values[step.position].copy_(step.value[:, None])
        known[:, step.position] = True
    given, index = known.all(0).tolist(), len(begun)
    for position in (position for position in range(total) if given[position] and not begun):
        value = plan.values[position].squeeze(1).clone()
        certain = torch.full((n, model.levels), -torch.inf, device=device).scatter_(1, value[:, None], 0.0)
        yield Step(index, position, certain, value, known[:, position].clone())
        index += 1
    path = [position for position in asked.path if not given[position]]
    rest = range(total) if order is None or isinstance(order, str) else order
    left = [position for position in rest if not given[position] and position not in path]
    while path or left:
        logits = model.posteriors(plan.x, known.view_as(plan.x)).flatten(2) / plan.temperature  # (n, levels, T)
        log_probs = torch.log_softmax(logits, 1)
        if path:
            chosen, path = path[:1], path[1:]
        elif isinstance(order, str):
            entropy = torch.special.entr(log_probs[:, :, left].exp()).sum(1).mean(0)
            ranked = entropy.argsort(descending=order == "uncertain", stable=True)[: asked.together].tolist()
            chosen = [left[rank] for rank in ranked]
            left = [position for position in left if position not in chosen]
        else:
            chosen, left = left[: asked.together], left[asked.together :]
        for position in chosen:
            before = known[:, position].clone()
            plan.write(position, logits[:, :, position])
            value = plan.values[position].squeeze(1).clone()
            yield Step(index, position, log_probs[:, :, position], value, before, posteriors=log_probs)
            index += 1
        known[:, chosen] = True
