"""What a flow behind the encoder brings: the same VAE of twenty latents, as many steps each, the same batches."""

from __future__ import annotations

import math
from typing import Any, cast

import torch

from genlab.catalog import experiment
from genlab.data.images import Images, load
from genlab.models.vae import VAE
from genlab.training.run import Run

STEPS, IMAGES, DRAWS = 3000, 2000, 64
POSTERIORS = {"gaussian": 1, "planar": 8, "iaf": 4}  # and layers of each
LATENT = 20


def _bounds(model: VAE, images: torch.Tensor) -> torch.Tensor:
    """ELBO and importance-weighted bound of every image, (2, N), in nats."""
    generator = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        weights = torch.cat([model.weights(x, DRAWS, generator) for x in images.split(50)], 1).double()
    return torch.stack((weights.mean(0), weights.logsumexp(0) - math.log(DRAWS)))


def measure() -> dict[str, Any]:
    """Bounds on test images of binary MNIST, and gains over the Gaussian posterior with their standard errors."""
    torch.set_num_threads(1)
    images = cast(Images, load("mnist", 28, 2)).test.fixed()[0][:IMAGES]
    result: dict[str, Any] = {"steps": STEPS, "latent": LATENT, "images": IMAGES, "draws": DRAWS}
    plain = torch.zeros(0)
    for flow, layers in POSTERIORS.items():
        run = Run(experiment("vae-iaf", flow=flow, layers=layers, latent=LATENT, steps=STEPS))
        seconds = run.advance().seconds
        found = _bounds(cast(VAE, run.best()), images)
        plain = found if flow == "gaussian" else plain
        gain = found - plain
        error = gain.std(1) / math.sqrt(IMAGES)
        result[flow] = {
            "layers": layers if flow != "gaussian" else 0,
            "seconds": round(seconds, 1),
            "negative_elbo": round(float(-found[0].mean()), 2),
            f"iw_{DRAWS}": round(float(-found[1].mean()), 2),
            "elbo_gain": round(float(gain[0].mean()), 2),
            "elbo_gain_se": round(float(error[0]), 2),
            "iw_gain": round(float(gain[1].mean()), 2),
            "iw_gain_se": round(float(error[1]), 2),
        }
    return result
