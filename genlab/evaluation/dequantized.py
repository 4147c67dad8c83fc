"""How likely images are to a flow."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from genlab.evaluation.likelihood import bits_per_dim
from genlab.models.image_flow import ImageFlow

SEED = 0  # of the dequantisation


@torch.inference_mode()
def evaluate(
    model: ImageFlow,
    images: Tensor,
    labels: Tensor,
    *,
    batch: int = 100,
    progress: Callable[[int], object] | None = None,
) -> dict[str, float]:
    """Mean of −log p(x) over images, each dequantised once; of a class-conditional model, of its classes' mixture.

    Arguments:
        images: grey levels (N, 1, H, W).
        labels: classes (N,); of a class-conditional model they tell its accuracy as a classifier.
        progress: told after each batch how many images it had.

    Returns:
        ``nats`` an image, ``bits_per_dim``, its ``standard_error`` over the images, ``n``, and ``accuracy`` of
        ``argmax_y p(y | x)`` for a class-conditional model.

    Raises:
        ValueError: no image.
    """
    if not len(images):
        raise ValueError("there is no image to evaluate")
    device, generator = next(model.parameters()).device, torch.Generator().manual_seed(SEED)
    each, right = [], 0
    for x, y in zip(images.split(batch), labels.split(batch), strict=True):
        x = x.to(device)
        if model.conditional:
            by_class = model.class_log_probs(x, generator).double()
            each.append(math.log(by_class.shape[1]) - torch.logsumexp(by_class, 1))
            right += int((by_class.argmax(1).cpu() == y).sum())
        else:
            each.append(-model.log_prob(x, generator=generator).double())
        if progress:
            progress(len(x))
    nats = torch.cat(each)
    error = float(nats.std(correction=0)) / math.sqrt(len(nats))
    told = {
        "nats": float(nats.mean()),
        "bits_per_dim": bits_per_dim(float(nats.mean()), model.dim),
        "standard_error": bits_per_dim(error, model.dim),
        "n": len(nats),
    }
    return told | ({"accuracy": right / len(nats)} if model.conditional else {})
