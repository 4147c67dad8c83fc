"""f-VAE: a VAE whose latents come through a flow.

J. Su and G. Wu. f-VAEs: Improve VAEs with conditional flows. arXiv:1809.05861, 2018. There z is what the encoder says
plus noise of one width for all images, and a flow leads from z to N(0, I): so a VAE whose prior is a flow.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genlab.models.flow import bounded
from genlab.models.realnvp import RealNVP
from genlab.models.vae import VAE, WIDEST, Gaussian, Posterior


class FVAE(VAE):
    """``q(z|x) = N(E(x), diag σ²)`` with one σ for all images, and ``log p(z) = log N(f(z); 0, I) + log |det ∂f/∂z|``.

    Arguments:
        size, levels, latent, hidden: as in ``VAE``.
        units: of the networks of the flow f, a Real NVP.
        layers: couplings of f; 0 for the prior N(0, I).
    """

    def __init__(
        self, size: int, levels: int, latent: int = 2, hidden: int = 256, units: int = 64, layers: int = 6
    ) -> None:
        super().__init__(size, levels, latent, hidden)
        self.posterior = nn.Linear(hidden, latent)
        self.log_std = nn.Parameter(torch.full((latent,), -1.0))
        self.flow = RealNVP(latent, units, layers)

    def gaussian(self, h: Tensor) -> Gaussian:
        """As in ``VAE``."""
        mean = self.posterior(h)
        return Gaussian(mean, bounded(self.log_std, WIDEST).expand_as(mean))

    def log_prior(self, z: Tensor) -> Tensor:
        """As in ``VAE``."""
        return self.flow._log_prob(z.flatten(0, -2)).view(z.shape[:-1])  # unchecked: a run says itself that it diverges

    def divergence(self, q: Posterior, z: Tensor, log_q: Tensor) -> Tensor:
        """As in ``VAE``: of one z for each image."""
        return log_q - self.log_prior(z)

    def latents(self, noise: Tensor) -> Tensor:
        """As in ``VAE``: noise goes backwards through the flow."""
        return self.flow.inverse(noise.flatten(0, -2)).view(noise.shape)
