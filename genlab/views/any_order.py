"""What can be seen of a model that takes pixels in any order."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from genlab.data.drawing import examples
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.order_agnostic import OrderAgnostic
from genlab.views.pixels import moved, place
from genlab.views.seen import Seen

MEASURED = 28  # numbers of known pixels at which a pixel's cost is measured
REPEATS = 2  # of each example, with other pixels known
PASSES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Beliefs(NamedTuple):
    """What a model thinks of every pixel at once, uint8 (N, T) each."""

    expected: Tensor  # mean of the posterior, 255 for the highest level
    entropy: Tensor  # of the posterior, 255 for that of all levels alike


def beliefs(log_probs: Tensor) -> Beliefs:
    """Of posteriors (N, levels, T) in nats."""
    probs, levels = log_probs.exp(), log_probs.shape[1]
    expected = torch.arange(levels, dtype=probs.dtype, device=probs.device) @ probs / (levels - 1)
    entropy = torch.special.entr(probs).sum(1) / math.log(levels)
    return Beliefs(*((255 * part).round().clamp(0, 255).to(torch.uint8).cpu() for part in (expected, entropy)))


@torch.inference_mode()
def believed(model: OrderAgnostic, levels: Tensor, known: Tensor, temperature: float = 1.0) -> Seen:
    """What a model expects of every pixel of an image, and how unsure it is, given the known ones, in one pass.

    Arguments:
        levels, known: integer and bool, one image (1, 1, H, W).

    Returns:
        ``expected`` and ``entropy`` uint8 (T,), as in ``Beliefs``; known pixels are as they are, and sure.
    """
    device = next(model.parameters()).device
    logits = model.posteriors(levels.to(device), known.to(device)).flatten(2)
    told, sure = beliefs(torch.log_softmax(logits / temperature, 1)), known.flatten()
    ink = (255 * levels.flatten() / (model.levels - 1)).round().to(torch.uint8)
    return Seen(
        {"size": model.size, "levels": model.levels, "unknown": int((~sure).sum())},
        {
            "expected": torch.where(sure, ink, told.expected[0]).numpy(),
            "entropy": torch.where(sure, 0, told.entropy[0]).to(torch.uint8).numpy(),
        },
    )


def heard(model: AutoregressiveImage, position: int) -> Seen:
    """How strongly each other pixel, all of them being known, moves the prediction at a position.

    Measured on the examples that are digits. Returns and raises as ``genlab.views.pixels.receptive_field``; also
    ValueError for a model with an order of its own.
    """
    if not isinstance(model, OrderAgnostic):
        raise ValueError("this model writes in an order of its own")
    row, column = place(model, position)
    known = torch.ones(1, *model.shape, dtype=torch.bool, device=next(model.parameters()).device)
    known[..., row, column] = False

    def predict(x: Tensor, _labels: Tensor | None) -> Tensor:
        return model.posteriors(x, known.expand_as(x))[:, :, row, column]

    return moved(model, position, predict, _digits(model))


def _digits(model: AutoregressiveImage) -> Tensor:
    """Levels of the examples that are digits, (10, 1, H, W)."""
    drawn = [drawing for name, drawing in examples(model.size).items() if name.isdigit()]
    return torch.stack([torch.from_numpy(drawing.levels(model.levels)) for drawing in drawn])[:, None]


@torch.inference_mode()
def price(model: AutoregressiveImage) -> Seen:
    """What it costs to draw several pixels of one pass, in a random order, measured on the examples that are digits.

    With m pixels known, a pixel costs g(m) nats on average, and S passes of T / S pixels ``(T / S) Σ_s g(s T / S)`` in
    all: the posteriors of a pass do not know of each other. Between the measured m, g is interpolated linearly.

    Returns:
        ``known`` int32 (M,) and ``nats`` float32 (M,), g at these numbers of known pixels; ``passes`` int32 (P,) and
        ``total`` float32 (P,), nats an image.

    Raises:
        ValueError: a model that does not take any order.
    """
    if not isinstance(model, OrderAgnostic):
        raise ValueError("this model writes in an order of its own")
    total, images = model.size**2, _digits(model)
    x = images.repeat(REPEATS, 1, 1, 1)
    generator = torch.Generator().manual_seed(0)
    known = torch.arange(0, total, total // MEASURED)
    device = next(model.parameters()).device
    means = [
        float(model.unknown_nats(x.to(device), model.any_known(count.expand(len(x)), generator).to(device)).mean())
        for count in known
    ]
    every = np.interp(np.arange(total), known.numpy(), means)
    passes = [s for s in PASSES if s < total] + [total]
    sums = [total / s * every[np.round(np.arange(s) * total / s).astype(int)].sum() for s in passes]
    return Seen(
        {"images": len(x), "digits": len(images), "size": model.size},
        {
            "known": known.numpy().astype(np.int32),
            "nats": np.array(means, np.float32),
            "passes": np.array(passes, np.int32),
            "total": np.array(sums, np.float32),
        },
    )
