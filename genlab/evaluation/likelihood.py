"""Likelihood in the units of the field."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.masked_lenet import MaskedLeNet
from genlab.models.order_agnostic import OrderAgnostic

SEED = 0  # of the positions


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
    *,
    positions: int | None = None,
    batch: int = 32,
    progress: Callable[[int], object] | None = None,
) -> dict[str, float]:
    """Mean negative log-likelihood ``−log p(x)`` of images, ``batch`` at a time, on the model's device.

    A class-conditional model is scored by its mixture over equally likely classes.

    Arguments:
        images: integer (N, 1, H, W).
        labels: classes (N,); of a class-conditional model they tell its accuracy as a classifier.
        positions: of a masked LeNet, which takes a pass for every pixel: so many positions of each image, drawn without
            replacement by a fixed seed, instead of all. Of an order-agnostic model, whose result is the mean over all
            orders: so many numbers of known pixels, 8 unless said. The result is then an unbiased estimate.
        progress: told after each batch how many images it had.

    Returns:
        ``nats`` an image, ``bits_per_dim``, ``perplexity`` and ``n``. ``accuracy`` of ``argmax_y p(y | x)``, by Bayes'
        rule, for a class-conditional model with labels; ``standard_error`` of ``bits_per_dim`` with positions, due to
        their choice alone.

    Raises:
        ValueError: no image, positions of another model or not between 2 and H · W, labels that are no N classes, or
            as in ``log_prob``.
    """
    if not len(images):
        raise ValueError("there is no image to evaluate")
    dims, device = images[0].numel(), next(model.parameters()).device
    if positions is not None and model.one_pass:
        raise ValueError("this model gives all positions in one pass: there is nothing to choose")
    if isinstance(model, OrderAgnostic):
        positions = positions or 8
    if positions is not None and not 2 <= positions <= dims:
        raise ValueError(f"there are {dims} positions: choose from 2 to {dims}, not {positions}")
    if model.conditional and labels is not None:
        model.check_labels(labels, len(images))
    generator = torch.Generator().manual_seed(SEED)
    total, variance, right = 0.0, 0.0, 0
    for i in range(0, len(images), batch):
        x = images[i : i + batch].to(device)
        if isinstance(model, OrderAgnostic):
            model.check(x)
            nats = _over_orders(model, x, cast(int, positions), generator)  # (B, K)
            total += float(nats.mean(1).sum())
            variance += float(nats.var(1).sum()) / nats.shape[1]
        elif positions is not None:
            model.check(x)
            t = torch.rand(len(x), dims, generator=generator).argsort(1)[:, :positions].to(device)
            nats = F.cross_entropy(
                cast(MaskedLeNet, model).logits_at(x, t).transpose(1, 2),
                x.flatten(1).gather(1, t).long(),
                reduction="none",
            ).double()  # (B, K)
            total += dims * float(nats.mean(1).sum())
            variance += dims**2 * float(nats.var(1).sum()) / positions * (1 - positions / dims)
        elif model.conditional:
            each = model.class_log_probs(x).double()
            total -= float((torch.logsumexp(each, 1) - math.log(each.shape[1])).sum())
            if labels is not None:
                right += int((each.argmax(1).cpu() == labels[i : i + batch].cpu()).sum())
        else:
            total -= float(model.log_prob(x).double().sum())
        if progress:
            progress(len(x))
    nats_each = total / len(images)
    result = {
        "nats": nats_each,
        "bits_per_dim": bits_per_dim(nats_each, dims),
        "perplexity": perplexity(nats_each, dims),
        "n": len(images),
    }
    if model.conditional and labels is not None:
        result["accuracy"] = right / len(images)
    if positions is not None:
        result["standard_error"] = bits_per_dim(math.sqrt(variance) / len(images), dims)
    return result


def _over_orders(model: OrderAgnostic, x: Tensor, draws: int, generator: torch.Generator) -> Tensor:
    """K estimates of the mean of −log p over the orders for each image, float64 (N, K).

    Each has another number of known pixels, the K of an image evenly spread over all numbers that there are.
    """
    total = x[0].numel()
    shift = torch.rand(len(x), 1, generator=generator)
    counts = ((torch.arange(draws) + shift) * (total / draws)).long().clamp(max=total - 1)  # (N, K)
    known = [model.any_known(count, generator).to(x.device) for count in counts.unbind(1)]
    return total * torch.stack([model.unknown_nats(x, mask).double() for mask in known], 1)
