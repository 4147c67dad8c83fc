"""Cached sampling against one full pass per pixel: one thread, the same run, side by side.

    python -m benchmarks.sampling

Rounds alternate between the two, and each keeps its best time, so that a busy machine disturbs both alike. Times are
CPU seconds of the one thread. A full pass costs the same at every position: it is timed at a few.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import torch

from genlab.generation.steps import draw
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.models.masked_lenet import MaskedLeNet
from genlab.models.pixelcnn import PixelCNN

SIZE, LEVELS = 28, 256
BATCHES = {"masked LeNet": (1, 12)}  # the others: 1, 16, 64
ROUNDS = 5


def models() -> dict[str, AutoregressiveImage]:
    """The models that are measured; their weights do not change their speed."""
    torch.manual_seed(0)
    return {
        "PixelCNN, two stacks": PixelCNN(SIZE, LEVELS).eval(),
        "gated, 32 channels, 6 layers": GatedPixelCNN(SIZE, LEVELS, channels=32, layers=6).eval(),
        "masked LeNet": MaskedLeNet(SIZE, LEVELS).eval(),
    }


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


@torch.inference_mode()
def compare(model: AutoregressiveImage, batch: int) -> dict[str, float]:
    """Pixel steps per second (a step moves the whole batch) of a full pass per pixel and of the cached sampler."""
    x = torch.zeros(batch, 1, SIZE, SIZE, dtype=torch.long)
    uniforms = torch.rand(batch, SIZE**2, generator=torch.Generator().manual_seed(0))
    column = uniforms.t().contiguous().unsqueeze(2).unbind(0)  # (batch, 1) each
    positions = 20 if batch < 16 else 2

    def full() -> None:
        for t in range(positions):
            x.view(batch, -1)[:, t] = draw(model.predict_at(x, None, t), column[t])[:, 0]

    def cached() -> None:
        model.sample(uniforms=uniforms)

    full(), cached()  # warm up
    rounds = [(seconds(full) / positions, seconds(cached) / SIZE**2) for _ in range(ROUNDS)]
    slow, fast = (min(times) for times in zip(*rounds, strict=True))
    return {"full": 1 / slow, "cached": 1 / fast, "ratio": slow / fast}


def measure() -> dict[str, Any]:
    """Every model and batch: ``{model: {batch: {"full", "cached", "ratio"}}}``."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return {
            name: {str(batch): compare(model, batch) for batch in BATCHES.get(name, (1, 16, 64))}
            for name, model in models().items()
        }
    finally:
        torch.set_num_threads(threads)


def table(result: dict[str, Any]) -> str:
    """The result as text."""
    lines = [f"{'pixel steps per CPU second':30} {'batch':>5} {'full pass':>10} {'cached':>10} {'ratio':>7}"]
    lines += [
        f"{name:30} {batch:>5} {row['full']:>10.1f} {row['cached']:>10.0f} {'×' + format(row['ratio'], '.0f'):>7}"
        for name, batches in result.items()
        for batch, row in batches.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    measured = measure()
    print(table(measured))
    print(json.dumps(measured))
