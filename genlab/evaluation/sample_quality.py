"""How near the samples of an image GAN, whose likelihood nobody knows, come to real images of digits.

They are compared in the 64 features of our own digit classifier, ``genlab.evaluation.classifier``. That is no FID,
which is made of the features of a network for photographs: the two must not be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.evaluation.classifier import LEVELS, PASS, SIZE, classifier, moments
from genlab.evaluation.frechet import frechet
from genlab.evaluation.small_classifier import small_classifier
from genlab.models.gan import ImageGAN

FAIR = 0.2  # a class is missing below this part of its share of the data, and crowds the others above its double
ALONE = 0.9  # of the samples in one class are perhaps no digits


@torch.no_grad()
def sample_quality(model: ImageGAN, count: int = 10_000, seed: int = 0) -> dict[str, Any]:
    """What samples of a GAN of MNIST are worth in the eyes of our own digit classifier.

    Samples are rounded to the grey levels in which they are shown. A Fréchet distance of fewer samples is larger, and
    by the more the better the model: that of real images is 1.3 with 10 000 of them and 3.5 with 2000, that of a GAN
    204.5 with 10 000 and 205.3 with 2000, ± 3.8 from seed to seed. So compare only those of the same count.

    The classifier sees a digit in anything: in noise it is sure of an 8, and noise is as far away as a single class is.

    Arguments:
        count: of samples, 2000 or 10 000: for these the floors are known.
        seed: of the noise. Same seed, same numbers. A class-conditional model is asked for 0, 1, … 9, 0, …

    Returns:
        ``frechet``: squared Fréchet distance to the 10 000 test images; ``floor``: that of so many training images;
        ``ratio`` of the two; ``count``; ``classes``: share of each class among the samples, as the classifier sees
        them; ``data``: the same of the test images; ``balance``: total variation distance between the two, from 0 to
        1; ``entropy`` of ``classes`` in nats, at most ln 10; ``sure``: mean probability of the class that it sees;
        ``collapse``: one sentence where classes are missing, else "". For a class-conditional model ``obeyed``: the
        share of samples in which the classifier sees the class that was asked for.

    Raises:
        ValueError: another count, or a model of other images.
        CheckpointError: the classifier is missing or damaged.
    """
    if (model.size, model.levels) != (SIZE, LEVELS):
        raise ValueError(
            f"the classifier knows digits in {SIZE}×{SIZE} with {LEVELS} grey levels, and these have "
            f"{model.size}×{model.size} with {model.levels}"
        )
    known = classifier()
    if count not in known.report.floors:
        raise ValueError(f"samples are judged by {' or '.join(map(str, known.report.floors))}, not by {count}")
    z = model.noise(count, torch.Generator().manual_seed(seed))
    asked = torch.arange(count, device=z.device) % CLASSES if model.conditional else None
    images = []
    for i in range(0, count, PASS):  # the noise is drawn at once: how the rest is divided changes nothing
        part = slice(i, i + PASS)
        x = model.generate(z[part], None if asked is None else asked[part])
        images.append(model.grey(x))
    features, logits = known.see(torch.cat(images))
    top, seen = logits.softmax(1).max(1)
    distance, floor = frechet(*moments(features), known.mean, known.covariance), known.report.floors[count]
    data, classes = (
        torch.tensor(known.report.classes, dtype=torch.float64),
        seen.bincount(minlength=CLASSES).double() / count,
    )
    obeyed = {} if asked is None else {"obeyed": float((seen == asked.cpu()).double().mean())}
    return {
        "frechet": distance,
        "floor": floor,
        "ratio": distance / floor,
        "count": count,
        "classes": classes.tolist(),
        "data": data.tolist(),
        "balance": float((classes - data).abs().sum() / 2),
        "entropy": float(torch.special.entr(classes).sum()),
        "sure": float(top.mean()),
        "collapse": collapse(classes.tolist(), data.tolist()),
        **obeyed,
    }


@torch.no_grad()
def distance(images: Tensor) -> dict[str, float]:
    """How far images of 8×8 digits are from real ones, in the eyes of ``genlab.evaluation.small_classifier``.

    Arguments:
        images: grey levels, integers (N, 1, 8, 8) below 17, as many as one of ``small_classifier.COUNTS``: a Fréchet
            distance of fewer images is larger, so that only those of the same count can be compared.

    Returns:
        ``frechet``: squared Fréchet distance to the held-out images; ``floor``: that of so many training images, and
        ``ratio`` of the two; ``balance``: total variation distance between the classes that are seen in the images and
        those in the held-out ones, from 0 to 1.

    Raises:
        ValueError: another count.
        CheckpointError: the classifier is missing or damaged.
    """
    known = small_classifier()
    if len(images) not in known.report.floors:
        raise ValueError(f"samples are judged by {' or '.join(map(str, known.report.floors))}, not by {len(images)}")
    features, logits = known.see(images)
    found = frechet(*moments(features), known.mean, known.covariance)
    seen = logits.argmax(1).bincount(minlength=CLASSES).double() / len(images)
    floor = known.report.floors[len(images)]
    return {
        "frechet": found,
        "floor": floor,
        "ratio": found / floor,
        "balance": float((seen - torch.tensor(known.report.classes, dtype=torch.float64)).abs().sum() / 2),
    }


def collapse(classes: Sequence[float], data: Sequence[float]) -> str:
    """One sentence where classes that are among the data are missing among the samples, else "".

    What a generator leaves out inside a class, only the Fréchet distance tells.

    Arguments:
        classes, data: share of each class among the samples and among the data.
    """
    missing = [c for c, share in enumerate(classes) if share < FAIR * data[c]]
    crowded = [c for c, share in enumerate(classes) if share > 2 * data[c]]
    if not missing:
        return ""
    lacks = f"{_list(missing)} {'is' if len(missing) == 1 else 'are'} all but missing"
    if not crowded:
        return f"Mode collapse: the {'class' if len(missing) == 1 else 'classes'} {lacks}."
    what = "Mode collapse, or no digits yet" if max(classes) > ALONE else "Mode collapse"
    kind, verb = ("class", "makes") if len(crowded) == 1 else ("classes", "make")
    share = 100 * sum(classes[c] for c in crowded)
    return f"{what}: the {kind} {_list(crowded)} {verb} up {share:.0f} % of the samples, and {lacks}."


def _list(classes: Sequence[int]) -> str:
    *others, last = map(str, classes)
    return f"{', '.join(others)} and {last}" if others else last
