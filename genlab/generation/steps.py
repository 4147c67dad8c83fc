"""Generation as a stream of steps, one position each, in the model's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast, get_args

import torch
from torch import Tensor, nn

from genlab.experiments.pixels import Adaptive
from genlab.generation.request import Request


class Stepper(Protocol):
    """Incremental prediction of n data, which can take each other's place."""

    def __call__(self, t: int, x: Tensor) -> Tensor:
        """Logits (n, levels) at the t-th position, given those before it."""
        ...

    def select(self, index: Tensor) -> None:
        """Datum i goes on from what was known of datum ``index[i]``, (n,) int64; its class comes with it."""
        ...


class Autoregressive(Protocol):
    """What generation needs of a model.

    Attributes:
        shape: of one datum, without the batch.
        order: every position of a datum, as an index into its flattened values, in the order in which they are drawn.
        levels: values that each can take.
    """

    @property
    def shape(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def order(self) -> Sequence[int]: ...  # noqa: D102

    levels: int

    def parameters(self) -> Iterator[nn.Parameter]:
        """As every module has them."""
        ...

    def check(self, x: Tensor) -> None:
        """Raises ValueError where x is no batch of data of this model."""
        ...

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """``next_logits(t, x)`` of n data: logits (n, levels) at ``order[t]``, given those at ``order[:t]``."""
        ...


@dataclass(frozen=True)
class Step:
    """One position of every datum of a batch."""

    index: int  # which step it is, from 0
    position: int  # in the flattened datum: of an image, in raster order
    log_probs: Tensor  # (N, levels) nats: the distribution drawn from, temperature included
    value: Tensor  # (N,) int64: what was drawn, or what was known
    known: Tensor  # (N,) bool: True where the value was given
    log_weight: Tensor | None = None  # of particles: (N,) float64 nats, after this step
    ancestor: Tensor | None = None  # of particles: (N,) int64, which one of the step before each goes on from
    posteriors: Tensor | None = None  # (N, levels, T) nats, of every position: what a model of any order says before it


def draw(logits: Tensor, uniforms: Tensor) -> Tensor:
    """Inverse-CDF draw: the smallest level whose cumulative probability exceeds the uniform.

    Arguments:
        logits: (N, levels).
        uniforms: (N, 1) in [0, 1), in the logits' type and on their device.

    Returns:
        (N, 1) int64.
    """
    cdf = torch.softmax(logits, 1).cumsum(1)
    # The last level is whatever remains: rounding of the sum cannot lead beyond it.
    return torch.searchsorted(cdf, uniforms, right=True).clamp_(max=logits.shape[1] - 1)


class Plan:
    """A checked request, on the model's device.

    Attributes:
        x: the data so far, (n, …) int64: zeros, but for what is known; ``values`` are views (n, 1) of its positions.
        masks: by position, bool (n, 1), True where known; None where nothing is.
        uniforms: by step, (n, 1).

    Raises:
        ValueError: the request does not fit the model.
    """

    def __init__(self, model: Autoregressive, asked: Request) -> None:
        weight, shape, total, n = next(iter(model.parameters())), model.shape, len(model.order), asked.n
        known, mask, uniforms = asked.known, asked.mask, asked.uniforms
        if not 0 < asked.temperature < float("inf"):
            raise ValueError(f"the temperature must be above 0 and finite, not {asked.temperature}")
        if (known is None) != (mask is None):
            raise ValueError("known pixels need both `known` (their values) and `mask` (True where they are known)")
        if asked.generator is not None and asked.generator.device.type != "cpu":
            raise ValueError("the generator must be one of the CPU: same seed, same image, on every device")
        if n is None:
            n = next((len(given) for given in (uniforms, asked.labels, known) if given is not None and given.dim()), 1)
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        if uniforms is None:
            uniforms = torch.rand(n, total, generator=asked.generator)
        elif not uniforms.is_floating_point() or uniforms.shape != (n, total):
            raise ValueError(
                f"uniforms must be floating point with shape ({n}, {total}), not {uniforms.dtype} "
                f"{tuple(uniforms.shape)}"
            )
        if asked.order is not None:
            _check_order(model, asked)
        x = torch.zeros(n, *shape, dtype=torch.long, device=weight.device)
        self.masks: list[Tensor] | None = None
        if known is not None and mask is not None:
            if mask.dtype != torch.bool or mask.shape not in ((n, *shape), (1, *shape)):
                raise ValueError(f"mask must be bool with shape {(n, *shape)}, not {mask.dtype} {tuple(mask.shape)}")
            if known.shape not in ((n, *shape), (1, *shape)):
                raise ValueError(f"known must have shape {(n, *shape)}, not {tuple(known.shape)}")
            if known.is_floating_point() or known.dtype == torch.bool:
                raise ValueError(f"known must be integer levels, not {known.dtype}")
            known = torch.where(mask, known, 0)  # what stands at unknown positions is nobody's business
            model.check(known)
            x.copy_(known.expand_as(x))
            self.masks = list(mask.to(x.device).expand_as(x).reshape(n, total, 1).unbind(1))
        self.n, self.order, self.x = n, model.order, x
        self.values = x.view(n, total, 1).unbind(1)  # views (n, 1): writing one writes the datum
        self.uniforms = uniforms.to(weight.device, weight.dtype).t().contiguous().unsqueeze(2).unbind(0)  # (n, 1) each
        self.labels = None if asked.labels is None else asked.labels.to(weight.device)
        self.temperature = asked.temperature

    def logits(self, next_logits: Callable[[int, Tensor], Tensor], t: int) -> Tensor:
        """Logits (n, levels) of step t, at the temperature asked for."""
        logits = next_logits(t, self.x)
        return logits if self.temperature == 1 else logits / self.temperature

    def write(self, t: int, logits: Tensor) -> None:
        """Draws the value of step t, unless it is known, and writes it into the data."""
        value, at = draw(logits, self.uniforms[t]), self.order[t]
        if self.masks is not None:
            value = torch.where(self.masks[at], self.values[at], value)
        self.values[at].copy_(value)


def _check_order(model: Autoregressive, request: Request) -> None:
    """Raises ValueError where positions are not the model's, or it has an order of its own."""
    if not hasattr(model, "posteriors"):
        raise ValueError("this model writes in an order of its own: only an order-agnostic one takes another")
    if request.together < 1:
        raise ValueError(f"at least one position is drawn after a pass, not {request.together}")
    if isinstance(request.order, str) and request.order not in get_args(Adaptive):
        raise ValueError(f"an order is {' or '.join(get_args(Adaptive))}, or the positions themselves")
    for positions in (request.path, () if isinstance(request.order, str) else request.order or ()):
        if len(set(positions)) < len(positions) or not set(positions) <= set(model.order):
            raise ValueError(f"an order names positions from 0 to {len(model.order) - 1}, each at most once")


def asked(request: Request | int | None, options: dict[str, Any]) -> Request:
    """A request with other options, or a new one of so many."""
    return replace(request if isinstance(request, Request) else Request(request), **options)


def _visit(model: Autoregressive, plan: Plan, request: Request) -> Iterator[Step]:
    from genlab.generation.any_order import AnyOrder, visit  # it builds on this module

    return visit(cast(AnyOrder, model), plan, request)


def generate(model: Autoregressive, request: Request | int | None = None, **options: Any) -> Iterator[Step]:
    """Write data position by position; known ones are kept, and yielded too.

    Arguments:
        request: what is asked, or only how many.
        options: fields of ``Request``, by name.

    Raises:
        ValueError: at once, in one sentence, where the request does not fit the model.
    """
    request = asked(request, options)
    plan = Plan(model, request)
    if request.order is not None:
        return _visit(model, plan, request)
    next_logits = model.stepper(plan.n, plan.labels)
    unknown = torch.zeros(plan.n, dtype=torch.bool, device=plan.x.device)

    @torch.no_grad()
    def steps() -> Iterator[Step]:
        for t, position in enumerate(plan.order):
            logits = plan.logits(next_logits, t)
            plan.write(t, logits)
            known_here = unknown if plan.masks is None else plan.masks[position].squeeze(1)
            # A copy: whoever changes a step must not change the datum under way.
            value = plan.values[position].squeeze(1).clone()
            yield Step(t, position, torch.log_softmax(logits, 1), value, known_here)

    return steps()


def sample(model: Autoregressive, request: Request | int | None = None, **options: Any) -> Tensor:
    """The data that consuming ``generate`` gives, (N, …) int64. Arguments and errors: as there.

    What stays unknown in an order that names not all positions is 0.
    """
    request = asked(request, options)
    plan = Plan(model, request)
    if request.order is not None:
        for _ in _visit(model, plan, request):
            pass
        return plan.x
    with torch.inference_mode():
        next_logits = model.stepper(plan.n, plan.labels)
        for t in range(len(plan.order)):
            plan.write(t, plan.logits(next_logits, t))
    return plan.x
