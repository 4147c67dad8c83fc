"""Twelve completions of a drawing whose lower half is unknown, beside twelve images of nothing: one thread, one batch.

Then 64 particles that complete a seven whose upper half is unknown, by the shipped weights: how often they are
resampled depends on what was learned.

    python -m benchmarks.completions

Times are CPU seconds of the one thread, so that other programs matter little; completions take as long by any weights.
"""

from __future__ import annotations

import json
import statistics
import time
from itertools import pairwise
from typing import Any

import torch

import genlab
from genlab.data.drawing import examples
from genlab.generation.particles import particles
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.models.pixelcnn import PixelCNN

SIZE, N, PARTICLES, ROUNDS = 28, 12, 64, 5


def models() -> dict[str, AutoregressiveImage]:
    """The models that complete drawings of MNIST's size."""
    torch.manual_seed(0)
    large: dict[str, Any] = {"channels": 32, "layers": 6, "conditional": True, "attention": 2}
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


@torch.inference_mode()
def hear() -> dict[str, float]:
    """Median seconds of particles, and how often they were resampled, of seeds 1, 2 …"""
    model = genlab.load("gated-pixelcnn-mnist-binary")
    assert isinstance(model, AutoregressiveImage)
    known = torch.from_numpy(examples(SIZE)["7"].levels(2))[None, None]
    mask = torch.zeros_like(known, dtype=torch.bool)
    mask[:, :, SIZE // 2 :] = True
    times, resampled = [], []
    for seed in range(ROUNDS + 1):
        generator = torch.Generator().manual_seed(seed)
        labels = torch.arange(PARTICLES) % 10
        start = time.process_time()
        steps = list(particles(model, PARTICLES, known=known, mask=mask, labels=labels, generator=generator))
        times.append(time.process_time() - start)
        resampled.append(sum(bool((step.ancestor != torch.arange(PARTICLES)).any()) for step in steps))
    return {
        "particles": PARTICLES,
        "seconds": round(statistics.median(times[1:]), 3),
        "resampled": statistics.median(resampled[1:]),
    }


def measure() -> dict[str, Any]:
    """Every model. The mixture over ten classes makes log p of the class-conditional ones ten times as dear."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        completed = {name: complete(model) for name, model in models().items()}
        return {"n": N, **completed, "particles, gated-pixelcnn-mnist-binary, upper half unknown": hear()}
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
