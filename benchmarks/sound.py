"""WaveNet with queues against a full pass a sample, and how fast a second of sound is written: one thread, one sound.

    python -m benchmarks.sound

A full pass is one over the receptive field, which is all that a sample can depend on. Rounds alternate between the two,
and each keeps its best time. Times are CPU seconds of the one thread; the real-time factor is of the clock on the wall.
"""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import numpy as np
import torch

from genlab.catalog import experiment
from genlab.data.tones import CLASSES, RATE
from genlab.models import build
from genlab.models.wavenet import WaveNet, Writer

ROUNDS, SAMPLES, PASSES = 5, 400, 3


def compare(model: WaveNet) -> dict[str, float]:
    """Microseconds a sample of both, their ratio, the real-time factor, and how far logits are apart in float64."""
    label, field = torch.tensor([3]), model.field
    x = torch.randint(model.levels, (1, 1, field + 1), generator=torch.Generator().manual_seed(0))
    uniforms = np.random.default_rng(0).random((SAMPLES, 1), np.float32)
    writer, full, cached, wall = Writer(model, 1, label), [], [], []

    def write() -> None:
        last = None
        for u in uniforms:
            last, _ = writer.write(u, last)

    write()
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(PASSES):
            model.predict(x, label)
        full.append((time.process_time() - start) / PASSES)
        start, clock = time.process_time(), time.perf_counter()
        write()
        cached.append((time.process_time() - start) / SAMPLES)
        wall.append((time.perf_counter() - clock) / SAMPLES)
    return {
        "receptive_field": field,
        "full_microseconds": 1e6 * min(full),
        "cached_microseconds": 1e6 * min(cached),
        "ratio": min(full) / min(cached),
        "real_time_factor": 1 / (RATE * min(wall)),
        "difference": apart(model, x, label),
    }


def apart(model: WaveNet, x: torch.Tensor, label: torch.Tensor) -> float:
    """The largest difference of a logit between queues and a full pass, in float64."""
    exact = copy.deepcopy(model).double()
    writer, values = Writer(exact, 1, label), x[0, 0].numpy()
    one = np.stack([writer.logits(values[t - 1 : t] if t else None)[0].copy() for t in range(len(values))], 1)
    return float(np.abs(one - exact.predict(x, label)[0].numpy()).max())


@torch.inference_mode()
def measure() -> dict[str, Any]:
    """The shipped architecture, and one with three stacks of 64 channels."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    models = {
        "wavenet-tones": build(experiment("wavenet-tones")).eval(),
        "3 × 10 layers, 64 channels": WaveNet(RATE, 256, channels=64, skips=128, stacks=3, layers=10, classes=CLASSES),
    }
    try:
        return {name: compare(model) for name, model in models.items()}
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
