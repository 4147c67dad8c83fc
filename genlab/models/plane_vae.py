"""A variational autoencoder of the plane (Kingma and Welling 2014), with normal distributions on both ways."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from genlab.errors import OutsideDomain
from genlab.models.flow import bounded, silu_mlp

QUIET = 6.0  # of log σ: no deviation is beyond e^±6


class PlaneVAE(nn.Module):
    """``z ~ N(0, I)``, then ``x ~ N(μ(z), σ² I)``; the encoder guesses z of x: ``q(z | x) = N(m(x), diag s(x)²)``.

    Its density ``p(x) = ∫ p(x | z) p(z) dz`` has no closed form. Two bounds from below are known, each estimated with
    noise: the ELBO, and the importance-weighted one of Burda, Grosse and Salakhutdinov (2016), which is the ELBO for
    K = 1 and tends to log p(x) with K.

    Arguments:
        hidden: units of each hidden layer of encoder and decoder, which have two.
        latent: dimensions of z.
    """

    loss_draws = 4

    def __init__(self, hidden: int = 64, latent: int = 2) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = silu_mlp([2, hidden, hidden, 2 * latent])
        self.decoder = silu_mlp([latent, hidden, hidden, 2])
        self.log_sigma = nn.Parameter(torch.full((), -1.5))  # of the decoder, the same at every z; a large one hides z

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log deviation of ``q(z | x)``, each (N, latent).

        Raises:
            OutsideDomain: x is no (N, 2), or holds a number that is not finite.
        """
        if x.dim() != 2 or x.shape[1] != 2:
            raise OutsideDomain(f"points have the shape (N, 2), not {tuple(x.shape)}.")
        if not x.isfinite().all():
            raise OutsideDomain("a coordinate is not a finite number.")
        mean, log_deviation = self.encoder(x).chunk(2, 1)
        return mean, bounded(log_deviation, QUIET)

    def log_weights(self, x: Tensor, noise: Tensor) -> Tensor:
        """``log p(x | z) + log p(z) − log q(z | x)`` in nats at K latents of each point.

        Arguments:
            x: with shape (N, 2).
            noise: N(0, I) with shape (K, N, latent), of which z = m(x) + s(x) · noise is made.

        Returns:
            With shape (K, N).
        """
        mean, log_deviation = self.encode(x)
        z = mean + log_deviation.exp() * noise
        log_sigma = bounded(self.log_sigma, QUIET)
        log_likelihood = normal((x - self.decoder(z)) / log_sigma.exp()) - 2 * log_sigma
        return log_likelihood + normal(z) - normal(noise) + log_deviation.sum(1)

    def elbo(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The evidence lower bound in nats with shape (N,), with one latent of each point. Raises as ``encode``."""
        return self.log_prob(x, 1, generator)

    def log_prob(self, x: Tensor, draws: int = 64, generator: torch.Generator | None = None) -> Tensor:
        """The importance-weighted bound of ``log p(x)`` in nats with shape (N,). Raises as ``encode``.

        Arguments:
            draws: K, latents of each point; on average the bound rises with it, and stays below ``log p(x)``.
        """
        noise = torch.randn(draws, len(x), self.latent, generator=generator, dtype=x.dtype).to(x.device)
        return torch.logsumexp(self.log_weights(x, noise), 0) - math.log(draws)

    @torch.no_grad()
    def mixture(self, x: Tensor, draws: int, generator: torch.Generator | None = None) -> Tensor:
        """``log (1/K) Σ_k p(x | z_k)`` with shape (N,), z_k ~ N(0, I) the same for all x: its density on the average.

        It needs no encoder, and many more draws than ``log_prob`` where x is rare; but it is smooth in x.

        Arguments:
            draws: K.
        """
        z = torch.randn(draws, self.latent, generator=generator, dtype=x.dtype).to(x.device)
        log_sigma = bounded(self.log_sigma, QUIET)
        squares = torch.cdist(x, self.decoder(z)).square()
        log_each = -squares / (2 * (2 * log_sigma).exp()) - 2 * log_sigma - math.log(2 * math.pi)
        return torch.logsumexp(log_each, 1) - math.log(draws)

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean negative ELBO in nats."""
        noise = torch.randn(1, len(x), self.latent, generator=generator, device=generator.device, dtype=x.dtype)
        return -self.log_weights(x, noise).mean()

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n points with shape (n, 2); all noise comes from the caller's CPU generator, whatever the device."""
        weight = self.log_sigma
        noise = torch.randn(n, self.latent + 2, generator=generator, dtype=weight.dtype).to(weight.device)
        z, around = noise.split([self.latent, 2], 1)
        return self.decoder(z) + bounded(weight, QUIET).exp() * around


def normal(x: Tensor) -> Tensor:
    """``log N(x; 0, I)`` over the last dimension."""
    return -0.5 * x.square().sum(-1) - 0.5 * x.shape[-1] * math.log(2 * math.pi)
