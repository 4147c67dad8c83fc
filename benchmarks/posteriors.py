"""What a flow behind the encoder brings: the same VAE of twenty latents, as many steps each, the same batches; and the
shipped ones of two latents.
"""

from __future__ import annotations

import math
from typing import Any, cast

import torch

import genlab
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


def _told(found: torch.Tensor, plain: torch.Tensor) -> dict[str, float]:
    """Means of bounds (2, N), and gains over others with their standard errors."""
    gain = found - plain
    error = gain.std(1) / math.sqrt(gain.shape[1])
    return {
        "negative_elbo": round(float(-found[0].mean()), 2),
        f"iw_{DRAWS}": round(float(-found[1].mean()), 2),
        "elbo_gain": round(float(gain[0].mean()), 2),
        "elbo_gain_se": round(float(error[0]), 2),
        "iw_gain": round(float(gain[1].mean()), 2),
        "iw_gain_se": round(float(error[1]), 2),
    }


def measure() -> dict[str, Any]:
    """Bounds on test images of binary MNIST, and gains over the Gaussian posterior with their standard errors."""
    torch.set_num_threads(1)
    test = cast(Images, load("mnist", 28, 2)).test.fixed()[0]
    images = test[:IMAGES]
    result: dict[str, Any] = {"steps": STEPS, "latent": LATENT, "images": IMAGES, "draws": DRAWS}
    plain = torch.zeros(0)
    for flow, layers in POSTERIORS.items():
        run = Run(experiment("vae-iaf", flow=flow, layers=layers, latent=LATENT, steps=STEPS))
        seconds = run.advance().seconds
        found = _bounds(cast(VAE, run.best()), images)
        plain = found if flow == "gaussian" else plain
        told = {"layers": layers if flow != "gaussian" else 0, "seconds": round(seconds, 1)}
        result[flow] = told | _told(found, plain)
    return result | {"shipped": shipped(test)}


def shipped(images: torch.Tensor) -> dict[str, Any]:
    """The same of the shipped weights with two latents, trained for as many steps each."""
    plain = _bounds(cast(VAE, genlab.load("vae-2d-mnist-binary")), images)
    return {name: _told(_bounds(cast(VAE, genlab.load(name)), images), plain) for name in ("vae-planar", "vae-iaf")}
