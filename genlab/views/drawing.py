"""What can be seen of a drawing and of its completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor

from genlab.evaluation.prefix import class_posterior, known_prefix, prefix_log_probs
from genlab.generation.particles import effective, lineages, log_evidence
from genlab.generation.steps import Step
from genlab.models.autoregressive import AutoregressiveImage
from genlab.views.seen import Seen, floats

LEAST = -1e6  # nats that are told of what is impossible: JSON has no −∞


@torch.inference_mode()
def completions(
    model: AutoregressiveImage,
    steps: Sequence[Step],
    mask: Tensor,
    labels: Tensor | None,
    log_prob: Tensor | None,
    *,
    any_order: bool = False,
) -> Seen:
    """Images that were completed together, or begun.

    Arguments:
        steps: the S ≤ T steps made so far, of n images.
        mask: bool, one image, True = known.
        labels: the class of each image (n,), for a class-conditional model.
        log_prob: nats of each whole image (n,), once they are complete.
        any_order: True where all known pixels are heard.

    Returns:
        ``images`` uint8 (n, S), by step; ``positions`` int32 (S,), of the steps; ``mean`` float32 (S,), the mean level
        of the n images; ``entropy`` float32 (S,) in bits, 0 where known: of the mean of the n posteriors, which
        estimates the entropy of the pixel given the known ones better than a count of n values could; ``order`` int32
        (n,), the likeliest first.
        ``meta`` has ``ignored``, how many known pixels come after the first unknown one, and ``log_prob`` or None.
    """
    values = torch.stack([step.value for step in steps])  # (S, n)
    posterior = torch.stack([step.log_probs for step in steps]).exp().mean(1)  # (S, levels)
    entropy = torch.special.entr(posterior).sum(1) / np.log(2)
    known, total = mask.flatten(), len(model.order)
    positions = torch.tensor([step.position for step in steps])
    order = torch.arange(values.shape[1]) if log_prob is None else log_prob.argsort(descending=True)
    begin = known_prefix(mask)
    return Seen(
        {
            "size": model.size,
            "levels": model.levels,
            "total": total,
            "begin": begin,
            "ignored": 0 if any_order else int(known[begin:].sum()),
            "labels": None if labels is None else labels.tolist(),
            "log_prob": None if log_prob is None else log_prob.tolist(),
        },
        {
            "images": values.T.to(torch.uint8).cpu().numpy(),
            "positions": positions.to(torch.int32).numpy(),
            "mean": values.float().mean(1).cpu().numpy(),
            "entropy": torch.where(known[positions].to(entropy.device), 0, entropy).float().cpu().numpy(),
            "order": order.to(torch.int32).cpu().numpy(),
        },
    )


@torch.inference_mode()
def particles(
    model: AutoregressiveImage, steps: Sequence[Step], mask: Tensor, labels: Tensor | None, shown: Tensor
) -> Seen:
    """Particles of one drawing, and the completions that stand for them.

    Arguments:
        steps: the S ≤ T steps made so far, of N particles; their log-probabilities are not read.
        mask, labels: as in ``completions``; the labels with which the N particles began.
        shown: (n,), which particles of the last step are shown.

    Returns:
        ``images`` uint8 (n, S), ``mean`` and ``entropy`` (S,) and ``order`` (n,) as in ``completions``, but mean and
        entropy are those of the N values by weight. ``shown`` int32 (n,), which of the N they are. ``ess`` float32
        (S,), the effective sample size; ``times`` int32 (R,), the steps before which particles were resampled, and
        ``ancestors`` uint8 (R, N), who goes on from whom.
        ``meta`` has ``made`` (S), ``n`` (N), ``log_evidence`` in nats, of what is known so far, and ``lost``, the first
        pixel that no particle can be followed by, or None; ``roots``: how many of the N at the first unknown pixel have
        descendants that carry weight; ``different``, how many of those shown are; their ``labels``.
    """
    weight = torch.stack([cast(Tensor, step.log_weight) for step in steps])  # (S, N)
    ancestor = torch.stack([cast(Tensor, step.ancestor) for step in steps])
    everyone = torch.arange(weight.shape[1], device=weight.device)
    past = list(lineages(steps, everyone))[::-1]
    values = torch.stack([step.value[index] for step, index in past])  # (S, N)
    share = torch.softmax(weight[-1].clamp(min=LEAST), 0)  # alike where all are 0
    posterior = share.new_zeros(len(steps), model.levels).scatter_add_(1, values, share.expand(len(steps), -1))
    sizes, times = effective(weight), (ancestor != everyone).any(1).nonzero()[:, 0]
    begin, known, lost = known_prefix(mask), mask.flatten(), (sizes == 0).nonzero()[:1, 0].tolist()
    carries = share > 0
    first = past[min(begin, len(steps) - 1)][1]
    began = past[0][1][shown.to(everyone.device)].cpu()
    return Seen(
        {
            "size": model.size,
            "levels": model.levels,
            "total": len(model.order),
            "begin": begin,
            "ignored": int(known[begin:].sum()),
            "labels": None if labels is None else labels[began].tolist(),
            "log_prob": None,
            "made": len(steps),
            "n": len(everyone),
            "log_evidence": None if lost else float(log_evidence(weight[-1])),
            "lost": lost[0] if lost else None,
            "roots": len(first[carries].unique()),
            "different": len(values[:, shown].unique(dim=1).T),
        },
        {
            "images": values[:, shown].T.to(torch.uint8).cpu().numpy(),
            "mean": floats((values * share).sum(1)),
            "entropy": floats(torch.special.entr(posterior).sum(1) / np.log(2)),
            "order": np.arange(len(shown), dtype=np.int32),
            "shown": shown.to(torch.int32).cpu().numpy(),
            "ess": floats(sizes),
            "times": times.to(torch.int32).cpu().numpy(),
            "ancestors": ancestor[times].to(torch.uint8).cpu().numpy(),
        },
    )


def ranked(seen: Seen, log_prob: Tensor | None) -> Seen:
    """Completions with nats of each whole image (n,), if they are there: the likeliest first."""
    if log_prob is None:
        return seen
    order = log_prob.argsort(descending=True).to(torch.int32).cpu().numpy()
    finite = log_prob.clamp(min=LEAST).tolist()
    return Seen(seen.meta | {"log_prob": finite}, seen.arrays | {"order": order})


def visited(log_probs: Tensor, others: Mapping[str, Tensor], places: Sequence[int]) -> Seen:
    """As ``scores``, of the known pixels of an image in the order of ``places``, by a model of any order.

    Arguments:
        log_probs: (T′,) nats of these pixels, and of the same ones of others by name.
    """
    return Seen(
        {"nats": -float(log_probs.sum()), "others": {name: -float(other.sum()) for name, other in others.items()}},
        {
            "surprise": -log_probs.float().numpy(),
            "positions": np.array(places, np.int32),
            "posterior": np.ones(1, np.float32),
        },
    )


def scores(log_probs: Tensor, others: Mapping[str, Tensor], t: int) -> Seen:
    """How likely the first t pixels of an image are, beside those of others.

    Arguments:
        log_probs: of the image, and of others by name, as ``genlab.evaluation.prefix.pixel_log_probs`` gives them.

    Returns:
        ``surprise`` float32 (t,), nats of each pixel; ``positions`` int32 (t,), theirs; ``posterior`` float32 (K,), of
        the classes given these pixels.
        ``meta`` has ``nats``, and those of ``others``.
    """
    sums = prefix_log_probs(log_probs)
    return Seen(
        {"nats": -float(sums[t]), "others": {name: -float(prefix_log_probs(o)[t]) for name, o in others.items()}},
        {
            "surprise": -sums.diff()[:t].float().numpy(),
            "positions": np.arange(t, dtype=np.int32),
            "posterior": class_posterior(log_probs, t).float().numpy(),
        },
    )
