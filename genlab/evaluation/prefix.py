"""What a model that writes in raster order says of the beginning of an image: exactly, by the chain rule."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.models.autoregressive import AutoregressiveImage


def known_prefix(mask: Tensor) -> int:
    """Pixels before the first unknown one in raster order; all of them where none is unknown.

    Arguments:
        mask: bool, one image, True = known.
    """
    unknown = (~mask).flatten().nonzero()
    return int(unknown[0]) if len(unknown) else mask.numel()


@torch.no_grad()
def pixel_log_probs(model: AutoregressiveImage, image: Tensor) -> Tensor:
    """``log p(x_t | x_<t, y)`` of every pixel, in nats, under each class.

    Arguments:
        image: integer levels (1, 1, H, W).

    Returns:
        float64 (K, T) on the CPU, T pixels in raster order; K is 10 for a class-conditional model, else 1.

    Raises:
        ValueError: as in ``logits``.
    """
    image = image.to(next(model.parameters()).device)
    labels = torch.arange(CLASSES, device=image.device) if model.conditional else None
    x = image.expand(1 if labels is None else CLASSES, -1, -1, -1)
    logits = model.logits(x, labels)
    return -F.cross_entropy(logits, x[:, 0].long(), reduction="none").flatten(1).double().cpu()


def prefix_log_probs(log_probs: Tensor) -> Tensor:
    """``log p(x_<t)`` for t = 0 … T, classes being equally likely: ``log Σ_y p(x_<t | y) / K``.

    Arguments:
        log_probs: what ``pixel_log_probs`` gave.

    Returns:
        float64 (T + 1,), 0 at t = 0; minus its differences are the surprise of each pixel.
    """
    sums = F.pad(log_probs.cumsum(1), (1, 0))
    return torch.logsumexp(sums, 0) - math.log(len(log_probs))


def class_posterior(log_probs: Tensor, t: int) -> Tensor:
    """``p(y | x_<t)`` by Bayes' rule with equally likely classes: float64 (K,), K as in ``log_probs``."""
    return torch.softmax(log_probs[:, :t].sum(1), 0)
