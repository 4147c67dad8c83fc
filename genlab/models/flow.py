"""What all normalizing flows share: a chain of invertible layers from data x to noise z ~ N(0, I)."""

from __future__ import annotations

import math
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn

from genlab.errors import OutsideDomain
from genlab.layers.mlp import mlp


class FlowLayer(nn.Module):
    """An invertible map of R^D whose log-determinant is known in closed form."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Towards the noise: y with shape (N, D), and log |det ∂y/∂x| with shape (N,)."""
        raise NotImplementedError

    def inverse(self, y: Tensor) -> Tensor:
        """Towards the data: x with shape (N, D)."""
        raise NotImplementedError


class Flow(nn.Module):
    """A density on R^D: ``log p(x) = log N(f(x); 0, I) + log |det ∂f/∂x|`` with f the layers, one after the other.

    In float32 a point that lies far from the data may come back from the noise somewhere else, by units of a Real NVP
    or a spline flow at a distance of 20, since what one direction presses together the other one cannot tell apart; on
    the data all come back to 1e-4, and in float64 everywhere.

    Arguments:
        dim: D.
        layers: from the data's side to the noise's.
    """

    loss_draws = 1  # the loss is exact: nothing is drawn at random
    floor: float | None = None  # nats: −log p(x) is at least this for all weights, where there is such a bound

    def __init__(self, dim: int, layers: list[FlowLayer]) -> None:
        super().__init__()
        self.dim = dim
        self.layers = nn.ModuleList(layers)

    def chain(self) -> list[FlowLayer]:
        """The layers, from the data's side to the noise's."""
        return cast("list[FlowLayer]", list(self.layers))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """From data to noise.

        Arguments:
            x: with shape (N, D).

        Returns:
            z with shape (N, D), and log |det ∂z/∂x| with shape (N,).

        Raises:
            OutsideDomain: x has another shape, holds a number that is not finite, or one overflows on the way.
        """
        z, log_det = self._normalize(self.check(x))
        return finite(z), finite(log_det)

    def inverse(self, z: Tensor) -> Tensor:
        """From noise to data: x with shape (N, D). Raises as ``forward``."""
        return self.generation(z)[-1]

    def trajectory(self, x: Tensor) -> list[Tensor]:
        """x after no layer, after the first, … after all K: K + 1 tensors (N, D) from x to z. Raises as ``forward``."""
        path = [self.check(x)]
        for layer in self.chain():
            path.append(layer(path[-1])[0])
        finite(path[-1])
        return path

    def generation(self, z: Tensor) -> list[Tensor]:
        """z with no layer undone, with the last one, … with all: K + 1 tensors (N, D) from z to x.

        Raises as ``forward``.
        """
        path = [self.check(z)]
        for layer in reversed(self.chain()):
            path.append(layer.inverse(path[-1]))
        finite(path[-1])
        return path

    def log_prob(self, x: Tensor) -> Tensor:
        """``log p(x)`` in nats with shape (N,), exact. Raises as ``forward``."""
        return finite(self._log_prob(self.check(x)))

    def loss(self, x: Tensor, labels: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        """Mean negative log-likelihood in nats."""
        return -self._log_prob(x).mean()

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n points with shape (n, D); the noise comes from the caller's CPU generator, whatever the device.

        Raises:
            OutsideDomain: a number overflows on the way, which weights that are too large can bring about.
        """
        with torch.inference_mode():  # 7 % faster than without gradients
            x = self.inverse(self.noise(n, generator))
        return x.clone()  # which autograd may save

    def noise(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """z ~ N(0, I) with shape (n, D)."""
        weight = next(self.parameters())
        return torch.randn(n, self.dim, generator=generator, dtype=weight.dtype).to(weight.device)

    def check(self, x: Tensor) -> Tensor:
        """x itself. Raises OutsideDomain where it is no point of R^D."""
        if x.dim() != 2 or x.shape[1] != self.dim:
            raise OutsideDomain(f"points have the shape (N, {self.dim}), not {tuple(x.shape)}.")
        if not x.isfinite().all():
            raise OutsideDomain("a coordinate is not a finite number.")
        return x

    def _normalize(self, x: Tensor) -> tuple[Tensor, Tensor]:
        log_dets = []
        for layer in self.layers:
            x, log_det = layer(x)
            log_dets.append(log_det)
        return x, torch.stack(log_dets).sum(0)

    def _log_prob(self, x: Tensor) -> Tensor:
        z, log_det = self._normalize(x)
        return log_det - 0.5 * z.square().sum(1) - 0.5 * self.dim * math.log(2 * math.pi)


def finite(values: Tensor) -> Tensor:
    """The values themselves. Raises OutsideDomain where one is no finite number."""
    if not values.isfinite().all():
        kind = str(values.dtype).removeprefix("torch.")
        raise OutsideDomain(
            f"a number overflows {kind} on the way: the point is too far out, a weight too large, "
            "or w of a planar layer 0."
        )
    return values


def bounded(raw: Tensor, bound: float) -> Tensor:
    """A number of (−bound, bound) that is ``raw`` itself near 0: ``bound · tanh(raw / bound)``."""
    return bound * torch.tanh(raw / bound)


def silu_mlp(sizes: list[int], last: float = 1.0) -> nn.Sequential:
    """``mlp`` with SiLU, smooth enough for a density."""
    return mlp(sizes, partial(nn.SiLU, inplace=True), last)
