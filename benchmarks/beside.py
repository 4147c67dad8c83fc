"""Models of images trained side by side for the same seconds of one core, in turn, as the Train panel does it.

    python -m benchmarks.beside

A Row LSTM beside a PixelCNN; a PixelCNN of one masked stack beside one of two: what the blind spot costs; the two flows
on images; Glow with and without classes. Each makes as many steps as fit, so that its learning rate falls at the end of
its seconds. Bits/dim on the test images, of the weights that are kept.
"""

from __future__ import annotations

import json
import time
from typing import Any

import torch

import genlab
from genlab.errors import DataUnavailable
from genlab.experiments.base import Experiment
from genlab.experiments.image_flows import GlowExperiment, RealNVPImagesExperiment
from genlab.experiments.pixels import PixelCNNExperiment, RowLSTMExperiment
from genlab.training.task import Evaluation

BINARY: dict[str, Any] = {"dataset": "mnist", "size": 28, "levels": 2}
PAIRS: dict[str, tuple[tuple[Experiment, Experiment], float, int]] = {  # experiments, seconds each, seeds
    "digits: Row LSTM, PixelCNN": ((RowLSTMExperiment(), PixelCNNExperiment()), 20, 3),
    "digits: one masked stack, two": ((PixelCNNExperiment(masked=True), PixelCNNExperiment()), 20, 3),
    "binary MNIST: one masked stack, two": (
        (PixelCNNExperiment(**BINARY, masked=True), PixelCNNExperiment(**BINARY)),
        120,
        1,
    ),
    "digits: Real NVP on images, Glow": ((RealNVPImagesExperiment(), GlowExperiment()), 60, 3),
    "digits: Glow, Glow by class": ((GlowExperiment(), GlowExperiment(conditional=True)), 60, 3),
}
TRIAL = 20  # steps that tell how many fit
TURN = 10  # steps


def beside(pair: tuple[Experiment, ...], seconds: float, seed: int) -> list[dict[str, float]]:
    """Trains them in turn; what each reached."""
    runs = []
    for experiment in pair:
        trial, start = genlab.Run(experiment.replaced(seed=seed)), time.process_time()
        trial.advance(steps=TRIAL)
        steps = round(TRIAL * seconds / (time.process_time() - start))
        runs.append(genlab.Run(experiment.replaced(seed=seed, steps=steps)))
    used = [0.0] * len(runs)
    while any(run.step < run.experiment.steps for run in runs):
        for k, run in enumerate(runs):
            start = time.process_time()
            run.advance(steps=TURN)
            used[k] += time.process_time() - start
    return [{"steps": run.step, "seconds": round(s, 1), **score(run)} for run, s in zip(runs, used, strict=True)]


def score(run: genlab.Run) -> dict[str, float]:
    """Bits/dim on the test images."""
    model = run.best()
    found = run.task.evaluate(model, Evaluation(count=2000))
    return {"bits_per_dim": round(found["bits_per_dim"], 4), "parameters": sum(p.numel() for p in model.parameters())}


def measure() -> dict[str, Any]:
    """Every pair, seed by seed, or a sentence where MNIST is not there."""
    before, found = torch.get_num_threads(), dict[str, Any]()
    torch.set_num_threads(1)
    try:
        for name, (pair, seconds, seeds) in PAIRS.items():
            try:
                found[name] = [beside(pair, seconds, seed) for seed in range(seeds)]
            except DataUnavailable as error:
                found[name] = {"skipped": str(error)}
        return found
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
