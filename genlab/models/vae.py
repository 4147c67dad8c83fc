"""Variational autoencoder: an image is decoded from a few latent numbers, which an encoder guesses.

D. P. Kingma and M. Welling. Auto-encoding variational Bayes. ICLR, 2014. D. J. Rezende, S. Mohamed and D. Wierstra.
Stochastic backpropagation and approximate inference in deep generative models. ICML, 2014. Importance-weighted bound:
Y. Burda, R. Grosse and R. Salakhutdinov. Importance weighted autoencoders. ICLR, 2016. β: I. Higgins et al. β-VAE.
ICLR, 2017.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.mlp import mlp
from genlab.models.flow import bounded

WIDEST = 5.0  # of the log-scales of a posterior
AT_ONCE = 1 << 23  # numbers that the decoder makes at a time, where many z are weighed


def log_normal(z: Tensor) -> Tensor:
    """``log N(z; 0, I)`` of points (…, D), with shape (…)."""
    return -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)


class Posterior(Protocol):
    """q(z|x) of N images."""

    def draw(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        """z of noise ~ N(0, I), both with shape (…, N, D), and log q(z|x) with shape (…, N)."""


class Gaussian(NamedTuple):
    """``q(z|x) = N(μ, diag σ²)`` of N images: μ and log σ, each with shape (N, D)."""

    mean: Tensor
    log_std: Tensor

    def draw(self, noise: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``Posterior``: ``z = μ + σ ⊙ ε``, through which gradients reach μ and σ."""
        return self.mean + self.log_std.exp() * noise, log_normal(noise) - self.log_std.sum(-1)

    def log_prob(self, z: Tensor) -> Tensor:
        """log q(z|x) of points (…, N, D), with shape (…, N)."""
        return log_normal((z - self.mean) * (-self.log_std).exp()) - self.log_std.sum(-1)

    def kl(self) -> Tensor:
        """``KL(q(z|x) ‖ N(0, I)) = ½ (μ² + σ² − 1) − log σ`` of each dimension, in nats, with shape (N, D)."""
        return 0.5 * (self.mean.square() + (2 * self.log_std).exp() - 1) - self.log_std


class Bound(NamedTuple):
    """The two parts of ELBO(x) = E log p(x|z) − KL(q(z|x) ‖ p(z)), in nats, each with shape (N,)."""

    reconstruction: Tensor
    kl: Tensor


class VAE(nn.Module):
    """Images of z ~ N(0, I): a decoder gives every pixel a Bernoulli or categorical distribution of its own.

    Arguments:
        size: height and width.
        levels: values of a pixel; 2 for Bernoulli.
        latent: D, dimensions of z.
        hidden: units of the two hidden layers of encoder and decoder.
    """

    loss_draws = 4

    def __init__(self, size: int, levels: int, latent: int = 2, hidden: int = 256) -> None:
        super().__init__()
        self.size, self.levels, self.latent = size, levels, latent
        self.shape = (1, size, size)
        self.encoder = nn.Sequential(*mlp([size**2, hidden, hidden]), nn.ReLU())
        self.posterior = nn.Linear(hidden, 2 * latent)
        self.decoder = mlp([latent, hidden, hidden, size**2 * (1 if levels == 2 else levels)])

    # The two networks

    def hear(self, x: Tensor) -> Tensor:
        """What the encoder makes of images (N, 1, H, W): (N, hidden)."""
        weight = self.posterior.weight
        return cast(Tensor, self.encoder(x.flatten(1).to(weight) * (2 / (self.levels - 1)) - 1))

    def infer(self, x: Tensor) -> Posterior:
        """q(z|x) of images, integers (N, 1, H, W)."""
        return self.gaussian(self.hear(x))

    def gaussian(self, h: Tensor) -> Gaussian:
        """The Gaussian of what the encoder has made (N, hidden)."""
        mean, log_std = self.posterior(h).chunk(2, -1)
        return Gaussian(mean, bounded(log_std, WIDEST))

    def decode(self, z: Tensor) -> Tensor:
        """Logits of the pixels: (…, H·W) of a Bernoulli's 1, else (…, H·W, levels)."""
        logits = self.decoder(z)
        return logits if self.levels == 2 else logits.unflatten(-1, (-1, self.levels))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z) in nats, summed over the pixels.

        Arguments:
            x: integers (N, 1, H, W).
            z: with shape (…, N, D).

        Returns:
            With shape (…, N).
        """
        logits, x = self.decode(z), x.flatten(1)
        if self.levels == 2:
            return (x.to(logits) * logits - F.softplus(logits)).sum(-1)
        index = x.long().expand(logits.shape[:-1])[..., None]
        return logits.log_softmax(-1).gather(-1, index)[..., 0].sum(-1)

    def log_prior(self, z: Tensor) -> Tensor:
        """log p(z) of points (…, D), with shape (…)."""
        return log_normal(z)

    # Bounds of log p(x)

    def bound(self, x: Tensor, generator: torch.Generator | None = None) -> Bound:
        """The two parts of the ELBO, of one z for each image; the KL in closed form where there is one."""
        q = self.infer(x)
        z, log_q = q.draw(self._noise((len(x),), generator))
        return Bound(self.log_likelihood(x, z), self.divergence(q, z, log_q))

    def divergence(self, q: Posterior, z: Tensor, log_q: Tensor) -> Tensor:
        """KL(q(z|x) ‖ p(z)) in nats (N,), exact, or what one z for each image says of it."""
        return cast(Gaussian, q).kl().sum(-1)

    def elbo(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """A lower bound of log p(x) in nats, with shape (N,), of one z for each image: its mean is the ELBO."""
        reconstruction, kl = self.bound(x, generator)
        return reconstruction - kl

    def importance_weighted(self, x: Tensor, k: int, generator: torch.Generator | None = None) -> Tensor:
        """``log 1/k Σ p(x, zᵢ) / q(zᵢ|x)`` in nats, with shape (N,): closer to log p(x) the larger k is."""
        return self.weights(x, k, generator).logsumexp(0) - math.log(k)

    def weights(self, x: Tensor, k: int, generator: torch.Generator | None = None) -> Tensor:
        """``log p(x, zᵢ) − log q(zᵢ|x)`` of k draws for each image, with shape (k, N)."""
        q = self.infer(x)
        few = max(1, AT_ONCE // (len(x) * self.size**2 * self.levels))
        parts = []
        for start in range(0, k, few):
            z, log_q = q.draw(self._noise((min(few, k - start), len(x)), generator))
            parts.append(self.log_likelihood(x, z) + self.log_prior(z) - log_q)
        return torch.cat(parts)

    def loss(
        self, x: Tensor, labels: Tensor | None = None, generator: torch.Generator | None = None, beta: float = 1.0
    ) -> Tensor:
        """Mean of ``β KL − E log p(x|z)`` in nats an image: −ELBO for β = 1."""
        reconstruction, kl = self.bound(x, generator)
        return (beta * kl - reconstruction).mean()

    # Images

    def latents(self, noise: Tensor) -> Tensor:
        """z ~ p(z) of noise ~ N(0, I), both with shape (…, D)."""
        return noise

    def expected(self, z: Tensor) -> Tensor:
        """Mean intensity of every pixel, from 0 to 1, of latents (N, D): (N, H, W)."""
        logits = self.decode(z)
        if self.levels == 2:
            mean = logits.sigmoid()
        else:
            mean = logits.softmax(-1) @ torch.linspace(0, 1, self.levels).to(logits)
        return mean.unflatten(-1, self.shape[1:])

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n images (n, 1, H, W), every pixel drawn; all random numbers come from the caller's CPU generator."""
        weight = self.posterior.weight
        noise = torch.randn(n, self.latent, generator=generator, dtype=weight.dtype)
        uniform = torch.rand(n, self.size**2, generator=generator).to(weight)
        logits = self.decode(self.latents(noise.to(weight)))
        if self.levels == 2:
            drawn = (uniform < logits.sigmoid()).long()
        else:
            drawn = (uniform[..., None] > logits.softmax(-1).cumsum(-1)[..., :-1]).sum(-1)
        return drawn.unflatten(-1, self.shape)

    def _noise(self, shape: tuple[int, ...], generator: torch.Generator | None) -> Tensor:
        """ε ~ N(0, I) with shape (…, D), the first ones as given."""
        weight = self.posterior.weight
        device = generator.device if generator is not None else weight.device
        noise = torch.randn(*shape, self.latent, generator=generator, dtype=weight.dtype, device=device)
        return noise.to(weight.device)
