"""How well toy sequences are learnt in so many seconds of training, one thread, and how often their structure fails.

    python -m benchmarks.sequences

Each model is trained as its page does it, its learning rate falling to the end of the time; then its perplexity on
fresh sequences, beside the entropy of their law, and the share of its samples that no two straight pieces explain
within one level. Seconds are those of the one thread, whatever else the machine does.
"""

from __future__ import annotations

import json
import time
from typing import Any

import torch

import genlab
from genlab.training.run import Run
from genlab.training.task import Evaluation

SECONDS = {"masked-net-toy": 60, "netto1d-toy": 60, "netto1d-dilated-toy": 60, "gated-toy": 120, "gaussian-toy": 120}
TRIAL = 100  # steps that tell how many fit


def train(name: str, seconds: float) -> dict[str, Any]:
    """What a model is worth after so many seconds."""
    trial = Run(genlab.experiment(name))
    trial.advance(steps=TRIAL // 2)
    start = time.process_time()
    trial.advance(steps=TRIAL)
    steps = int(seconds * TRIAL / (time.process_time() - start))
    run = Run(genlab.experiment(name, steps=steps))
    start = time.process_time()
    run.advance()
    took = time.process_time() - start
    told = run.task.evaluate(run.average(), Evaluation())
    return {"steps": steps, "seconds": round(took, 1)} | {key: round(value, 4) for key, value in told.items()}


def measure() -> dict[str, Any]:
    """All of them."""
    torch.set_num_threads(1)
    return {name: train(name, seconds) for name, seconds in SECONDS.items()}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
