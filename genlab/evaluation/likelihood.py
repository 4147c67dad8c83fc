"""Likelihood in the units of the field."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from genlab.models.autoregressive import AutoregressiveImage


def bits_per_dim(nats: float, dims: int) -> float:
    """``nats / (D ln 2)``: nats of a whole image as bits for each of its D pixels."""
    return nats / (dims * math.log(2))


def perplexity(nats: float, dims: int) -> float:
    """``e^(nats / D)``: among how many equally likely levels a pixel is guessed."""
    return math.exp(nats / dims)


@torch.inference_mode()
def evaluate(
    model: AutoregressiveImage,
    images: Tensor,
    labels: Tensor | None = None,
    batch: int = 64,
    progress: Callable[[int], object] | None = None,
) -> dict[str, float]:
    """Mean negative log-likelihood of images, ``batch`` at a time, on the model's device.

    Arguments:
        images: integer (N, 1, H, W).
        labels: classes (N,); without them a conditional model is scored by its mixture over the classes.
        progress: told after each batch how many images it had.

    Returns:
        ``nats`` an image, ``bits_per_dim``, ``perplexity`` and ``n``.

    Raises:
        ValueError: no image, or as in ``log_prob``.
    """
    if not len(images):
        raise ValueError("there is no image to evaluate")
    device = next(model.parameters()).device
    total = torch.zeros((), dtype=torch.float64)
    for i in range(0, len(images), batch):
        x = images[i : i + batch].to(device)
        y = None if labels is None else labels[i : i + batch].to(device)
        total -= model.log_prob(x, y).double().sum().cpu()
        if progress:
            progress(len(x))
    nats, dims = float(total) / len(images), images[0].numel()
    return {
        "nats": nats,
        "bits_per_dim": bits_per_dim(nats, dims),
        "perplexity": perplexity(nats, dims),
        "n": len(images),
    }
