"""Twelve completions of a drawing whose lower half is unknown, beside twelve images of nothing: one thread, one batch.

    python -m benchmarks.completions

Times are CPU seconds of the one thread, so that other programs matter little; weights do not change them.
"""

from __future__ import annotations

import json
import statistics
import time
from itertools import pairwise
from typing import Any

import torch

from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.models.pixelcnn import PixelCNN

SIZE, N, ROUNDS = 28, 12, 5


def models() -> dict[str, AutoregressiveImage]:
    """The models that complete drawings of MNIST's size."""
    torch.manual_seed(0)
    large: dict[str, Any] = {"channels": 32, "layers": 6, "conditional": True}
    return {
        "gated, 256 levels, by class": GatedPixelCNN(SIZE, 256, **large).eval(),
        "gated, binary, by class": GatedPixelCNN(SIZE, 2, **large).eval(),
        "PixelCNN, 256 levels": PixelCNN(SIZE, 256).eval(),
    }


@torch.inference_mode()
def complete(model: AutoregressiveImage) -> dict[str, float]:
    """Median seconds of drawing twelve completions, twelve images with no pixel known, and of log p of each twelve."""
    known = torch.zeros(1, 1, SIZE, SIZE, dtype=torch.long)
    mask = torch.zeros_like(known, dtype=torch.bool)
    mask[:, :, : SIZE // 2] = True
    labels = torch.arange(N) % 10 if model.conditional else None
    times = []
    for seed in range(ROUNDS + 1):
        marks = [time.process_time()]
        for given in ({"known": known, "mask": mask}, {}):
            x = model.sample(N, labels=labels, generator=torch.Generator().manual_seed(seed), **given)
            marks.append(time.process_time())
        model.log_prob(x)
        times.append([end - start for start, end in pairwise([*marks, time.process_time()])])
    completing, drawing, scoring = (statistics.median(column) for column in zip(*times[1:], strict=True))
    return {
        "seconds_completing": round(completing, 3),
        "seconds_drawing": round(drawing, 3),
        "seconds_log_p": round(scoring, 3),
        "completions_per_second": round(N / completing, 1),
        "images_per_second": round(N / drawing, 1),
    }


def measure() -> dict[str, Any]:
    """Every model. The mixture over ten classes makes log p of the class-conditional ones ten times as dear."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return {"n": N, **{name: complete(model) for name, model in models().items()}}
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
