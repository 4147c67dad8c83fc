"""VAEs whose posterior is a Gaussian that goes through a flow, whose layers the encoder sets for every image.

Planar layers: D. J. Rezende and S. Mohamed. Variational inference with normalizing flows. ICML, 2015. Inverse
autoregressive ones: D. P. Kingma et al. Improved variational inference with inverse autoregressive flow. NeurIPS, 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

import torch
from torch import Tensor, nn

from genlab.models.autoregressive_flow import IAFLayer
from genlab.models.planar import invertible, undone
from genlab.models.vae import VAE, Gaussian, Posterior

CONTEXT = 32  # numbers that the encoder hands to every inverse autoregressive layer
UNITS = 64  # of the hidden layers of its network


class Step(Protocol):
    """A layer as it is for N images."""

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Away from the Gaussian: z (…, N, D), and log |det| (…, N)."""

    def inverse(self, z: Tensor) -> Tensor:
        """Back: (…, N, D)."""


class PlanarStep(NamedTuple):
    """``z + û tanh(w·z + b)`` with w and u (N, D) and b (N,) of each image, see ``genlab.models.planar``."""

    w: Tensor
    u: Tensor
    b: Tensor

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``Step``."""
        u, wu = invertible(self.w, self.u)
        h = torch.tanh((z * self.w).sum(-1) + self.b)
        return z + h[..., None] * u, torch.log1p(wu * (1 - h.square()))

    def inverse(self, z: Tensor) -> Tensor:
        """As in ``Step``, by bisection."""
        u, wu = invertible(self.w, self.u)
        s = undone((z * self.w).sum(-1), wu, self.b)
        return z - torch.tanh(s + self.b)[..., None] * u


class IAFStep(NamedTuple):
    """``z ⊙ σ + μ`` where μ and σ of a coordinate see those before it, and what the encoder says, (N, context)."""

    layer: IAFLayer
    context: Tensor

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``Step``: one pass."""
        shift, log_scale = self.layer.fields(z, self.context.expand(*z.shape[:-1], -1))
        return z * log_scale.exp() + shift, log_scale.sum(-1)

    def inverse(self, z: Tensor) -> Tensor:
        """As in ``Step``: one pass for each coordinate."""
        context = self.context.expand(*z.shape[:-1], -1).flatten(0, -2)
        found, _ = self.layer.one_by_one(z.flatten(0, -2), towards_noise=True, context=context)
        return found.view(z.shape)


class Flowed(NamedTuple):
    """A Gaussian and the layers after it: ``log q(z_K|x) = log q(z_0|x) − Σ log |det ∂z_k/∂z_(k−1)|``."""

    base: Gaussian
    steps: Sequence[Step]

    def draw(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``Posterior``."""
        return self.path(noise)[-1]

    def path(self, noise: Tensor) -> list[tuple[Tensor, Tensor]]:
        """What is drawn, and the log of its density, after no layer, after the first, … after all: K + 1 pairs."""
        path = [self.base.draw(noise)]
        for step in self.steps:
            z, log_q = path[-1]
            moved, log_det = step.forward(z)
            path.append((moved, log_q - log_det))
        return path

    def log_prob(self, z: Tensor, layers: int | None = None) -> Tensor:
        """log of the density after so many layers (all, if None) at points (…, N, D), with shape (…, N)."""
        total = torch.zeros(()).to(z)
        for step in reversed(self.steps[:layers]):
            z = step.inverse(z)
            total = total - step.forward(z)[1]
        return self.base.log_prob(z) + total


class FlowPosterior(VAE):
    """A VAE whose encoder gives a Gaussian and the parameters of a flow.

    Arguments:
        size, levels, latent, hidden: as in ``VAE``.
        flow: "planar", "iaf", or "gaussian" for no flow.
        layers: of the flow.
    """

    def __init__(
        self, size: int, levels: int, latent: int = 2, hidden: int = 256, flow: str = "iaf", layers: int = 4
    ) -> None:
        super().__init__(size, levels, latent, hidden)
        self.kind, self.layers = flow, layers
        if flow == "planar":
            self.planar = nn.Linear(hidden, layers * (2 * latent + 1))
            with torch.no_grad():  # of length about 1, as ``PlanarLayer`` begins: û has no limit where w is 0
                self.planar.weight.mul_(0.1)
                w, u, b = self.planar.bias.view(layers, -1).split((latent, latent, 1), -1)
                nn.init.normal_(w)
                nn.init.normal_(u, std=0.1)
                nn.init.normal_(b)
        elif flow == "iaf":
            self.context = nn.Linear(hidden, CONTEXT)
            self.iaf = nn.ModuleList(IAFLayer(latent, UNITS, bool(k % 2), CONTEXT) for k in range(layers))

    def infer(self, x: Tensor) -> Flowed:
        """As in ``VAE``."""
        h = self.hear(x)
        return Flowed(self.gaussian(h), self._steps(h))

    def _steps(self, h: Tensor) -> list[Step]:
        if self.kind == "planar":
            parts = self.planar(h).unflatten(-1, (self.layers, -1)).unbind(-2)
            split = [part.split((self.latent, self.latent, 1), -1) for part in parts]
            return [PlanarStep(w, u, b[..., 0]) for w, u, b in split]
        if self.kind == "iaf":
            context = self.context(h)
            return [IAFStep(cast(IAFLayer, layer), context) for layer in self.iaf]
        return []

    def divergence(self, q: Posterior, z: Tensor, log_q: Tensor) -> Tensor:
        """As in ``VAE``: in closed form without a flow."""
        assert isinstance(q, Flowed)
        return log_q - self.log_prior(z) if q.steps else q.base.kl().sum(-1)
