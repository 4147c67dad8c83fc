"""Models with latents, which learn by a lower bound."""

from __future__ import annotations

from genlab.experiments.latents import LatentExperiment
from genlab.models.vae import VAE
from genlab.training.task import Task


class Latents(Task[LatentExperiment, VAE]):
    """Samples that are decoded, a bound of the likelihood."""
