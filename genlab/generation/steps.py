"""Generation as a stream of steps, one pixel each, in raster order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn


class Autoregressive(Protocol):
    """What generation needs of a model (``genlab.models.autoregressive`` says what each means)."""

    size: int
    levels: int

    def parameters(self) -> Iterator[nn.Parameter]:
        """As every module has them."""
        ...

    def check(self, x: Tensor) -> None:
        """Raises ValueError where x is no batch of images of this model."""
        ...

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """``next_logits(t, x)`` of n images."""
        ...


@dataclass(frozen=True)
class Step:
    """One pixel of every image of a batch."""

    position: int  # in raster order, from 0
    log_probs: Tensor  # (N, levels) nats: the distribution drawn from, temperature included
    value: Tensor  # (N,) int64: what was drawn, or what was known
    known: Tensor  # (N,) bool: True where the value was given


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


class _Plan:
    """Checked arguments of ``generate`` and ``sample``, on the model's device."""

    def __init__(
        self,
        model: Autoregressive,
        n: int | None,
        generator: torch.Generator | None,
        labels: Tensor | None,
        temperature: float,
        known: Tensor | None,
        mask: Tensor | None,
        uniforms: Tensor | None,
    ) -> None:
        weight, total = next(iter(model.parameters())), model.size**2
        shape = (1, model.size, model.size)
        if not 0 < temperature < float("inf"):
            raise ValueError(f"the temperature must be above 0 and finite, not {temperature}")
        if (known is None) != (mask is None):
            raise ValueError("known pixels need both `known` (their values) and `mask` (True where they are known)")
        if generator is not None and generator.device.type != "cpu":
            raise ValueError("the generator must be one of the CPU: same seed, same image, on every device")
        if n is None:
            n = next((len(given) for given in (uniforms, labels, known) if given is not None and given.dim()), 1)
        if n < 1:
            raise ValueError(f"n must be at least 1, not {n}")
        if uniforms is None:
            uniforms = torch.rand(n, total, generator=generator)
        elif not uniforms.is_floating_point() or uniforms.shape != (n, total):
            raise ValueError(
                f"uniforms must be floating point with shape ({n}, {total}), not {uniforms.dtype} "
                f"{tuple(uniforms.shape)}"
            )
        x = torch.zeros(n, *shape, dtype=torch.long, device=weight.device)
        self.masks: list[Tensor] | None = None
        if known is not None and mask is not None:
            if mask.dtype != torch.bool or mask.shape not in ((n, *shape), (1, *shape)):
                raise ValueError(
                    f"mask must be bool with shape ({n}, 1, {model.size}, {model.size}), not {mask.dtype} "
                    f"{tuple(mask.shape)}"
                )
            if known.shape not in ((n, *shape), (1, *shape)):
                raise ValueError(
                    f"known must have shape ({n}, 1, {model.size}, {model.size}), not {tuple(known.shape)}"
                )
            if known.is_floating_point() or known.dtype == torch.bool:
                raise ValueError(f"known must be integer levels, not {known.dtype}")
            known = torch.where(mask, known, 0)  # what stands at unknown pixels is nobody's business
            model.check(known)
            x.copy_(known.expand_as(x))
            self.masks = list(mask.to(x.device).expand_as(x).reshape(n, total, 1).unbind(1))
        self.n, self.total, self.x = n, total, x
        self.pixels = x.view(n, total, 1).unbind(1)  # views (n, 1): writing one writes the image
        self.uniforms = uniforms.to(weight.device, weight.dtype).t().contiguous().unsqueeze(2).unbind(0)  # (n, 1) each
        self.labels = None if labels is None else labels.to(weight.device)
        self.temperature = temperature

    def logits(self, next_logits: Callable[[int, Tensor], Tensor], t: int) -> Tensor:
        logits = next_logits(t, self.x)
        return logits if self.temperature == 1 else logits / self.temperature

    def write(self, t: int, logits: Tensor) -> None:
        value = draw(logits, self.uniforms[t])
        if self.masks is not None:
            value = torch.where(self.masks[t], self.pixels[t], value)
        self.pixels[t].copy_(value)


def generate(
    model: Autoregressive,
    n: int | None = None,
    *,
    known: Tensor | None = None,
    mask: Tensor | None = None,
    labels: Tensor | None = None,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
    uniforms: Tensor | None = None,
) -> Iterator[Step]:
    """Write n images pixel by pixel; known pixels are kept, and yielded too.

    Arguments:
        n: images; without it as many as there are uniforms, labels or known images, else 1.
        known: integer (N, 1, H, W) or (1, 1, H, W); only its masked pixels matter.
        mask: bool of the same shape, True = known.
        labels: classes (N,) int64, for a class-conditional model.
        temperature: above 0; below 1 the likely becomes likelier.
        generator: of the CPU; the uniforms come from it in one draw (N, T), so that the same seed gives the same image
            on every device, and the first images of a larger batch are those of a smaller one.
        uniforms: floating point (N, T) in [0, 1), in place of a generator.

    Raises:
        ValueError: at once, in one sentence, where an argument does not fit.
    """
    plan = _Plan(model, n, generator, labels, temperature, known, mask, uniforms)
    next_logits = model.stepper(plan.n, plan.labels)
    unknown = torch.zeros(plan.n, dtype=torch.bool, device=plan.x.device)

    @torch.no_grad()
    def steps() -> Iterator[Step]:
        for t in range(plan.total):
            logits = plan.logits(next_logits, t)
            plan.write(t, logits)
            known_here = unknown if plan.masks is None else plan.masks[t].squeeze(1)
            # A copy: whoever changes a step must not change the image under way.
            yield Step(t, torch.log_softmax(logits, 1), plan.pixels[t].squeeze(1).clone(), known_here)

    return steps()


def sample(
    model: Autoregressive,
    n: int | None = None,
    *,
    generator: torch.Generator | None = None,
    labels: Tensor | None = None,
    temperature: float = 1.0,
    known: Tensor | None = None,
    mask: Tensor | None = None,
    uniforms: Tensor | None = None,
) -> Tensor:
    """The images that consuming ``generate`` gives, (N, 1, H, W) int64. Arguments and errors: as there."""
    plan = _Plan(model, n, generator, labels, temperature, known, mask, uniforms)
    with torch.inference_mode():
        next_logits = model.stepper(plan.n, plan.labels)
        for t in range(plan.total):
            plan.write(t, plan.logits(next_logits, t))
    return plan.x
