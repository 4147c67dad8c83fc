"""What can be seen of a drawing and of its completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from genlab.evaluation.prefix import class_posterior, known_prefix, prefix_log_probs
from genlab.generation.steps import Step
from genlab.models.autoregressive import AutoregressiveImage
from genlab.views.seen import Seen


@torch.inference_mode()
def completions(
    model: AutoregressiveImage, steps: Sequence[Step], mask: Tensor, labels: Tensor | None, log_prob: Tensor | None
) -> Seen:
    """Images that were completed together, or begun.

    Arguments:
        steps: the S ≤ T steps made so far, of n images.
        mask: bool, one image, True = known.
        labels: the class of each image (n,), for a class-conditional model.
        log_prob: nats of each whole image (n,), once they are complete.

    Returns:
        ``images`` uint8 (n, S), in raster order; ``mean`` float32 (S,), the mean level of the n images; ``entropy``
        float32 (S,) in bits, 0 where known: of the mean of the n posteriors, which estimates the entropy of the pixel
        given the known ones better than a count of n values could; ``order`` int32 (n,), the likeliest first.
        ``meta`` has ``ignored``, how many known pixels come after the first unknown one, and ``log_prob`` or None.
    """
    values = torch.stack([step.value for step in steps])  # (S, n)
    posterior = torch.stack([step.log_probs for step in steps]).exp().mean(1)  # (S, levels)
    entropy = torch.special.entr(posterior).sum(1) / np.log(2)
    known, total = mask.flatten(), len(model.order)
    order = torch.arange(values.shape[1]) if log_prob is None else log_prob.argsort(descending=True)
    begin = known_prefix(mask)
    return Seen(
        {
            "size": model.size,
            "levels": model.levels,
            "total": total,
            "begin": begin,
            "ignored": int(known[begin:].sum()),
            "labels": None if labels is None else labels.tolist(),
            "log_prob": None if log_prob is None else log_prob.tolist(),
        },
        {
            "images": values.T.to(torch.uint8).cpu().numpy(),
            "mean": values.float().mean(1).cpu().numpy(),
            "entropy": torch.where(known[: len(steps)].to(entropy.device), 0, entropy).float().cpu().numpy(),
            "order": order.to(torch.int32).cpu().numpy(),
        },
    )


def scores(log_probs: Tensor, others: Mapping[str, Tensor], t: int) -> Seen:
    """How likely the first t pixels of an image are, beside those of others.

    Arguments:
        log_probs: of the image, and of others by name, as ``genlab.evaluation.prefix.pixel_log_probs`` gives them.

    Returns:
        ``surprise`` float32 (t,), nats of each pixel; ``posterior`` float32 (K,), of the classes given these pixels.
        ``meta`` has ``nats``, and those of ``others``.
    """
    sums = prefix_log_probs(log_probs)
    return Seen(
        {"nats": -float(sums[t]), "others": {name: -float(prefix_log_probs(o)[t]) for name, o in others.items()}},
        {
            "surprise": -sums.diff()[:t].float().numpy(),
            "posterior": class_posterior(log_probs, t).float().numpy(),
        },
    )
