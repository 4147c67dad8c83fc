"""GANs: iterations a second against the plain loop, and how well a minute of live training covers eight Gaussians.

    python -m benchmarks.gans

The plain loop is that of A. Kristiadi's post, written anew from its description: z 100 → 128 → 784 → 128 → 1, Adam
1e-3, batches of 64, one move of D and one of G; each loss differentiates through everything that led to it, and a batch
comes from an array of floats. Both sides take turns on one thread and keep their best time, in CPU seconds.
"""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import genlab
from genlab.data.images import load
from genlab.errors import DataUnavailable
from genlab.evaluation.coverage import coverage
from genlab.experiments.principles import LOSSES
from genlab.training.run import Run

ROUNDS, STEPS = 8, 60
BATCH, LATENT, HIDDEN, PIXELS, RATE = 64, 100, 128, 784, 1e-3  # of the post
SECONDS, SEEDS, SAMPLES = 60.0, 3, 10_000


def plain(images: np.ndarray) -> Callable[[], None]:
    """One iteration of the post's loop on intensities (N, 784)."""
    shapes = {"G": ((LATENT, HIDDEN), (HIDDEN, PIXELS)), "D": ((PIXELS, HIDDEN), (HIDDEN, 1))}
    weights = {
        player: [
            tensor.requires_grad_()
            for n, m in pair
            for tensor in (torch.randn(n, m) * math.sqrt(2 / n), torch.zeros(m))
        ]
        for player, pair in shapes.items()
    }
    solvers = {player: torch.optim.Adam(tensors, lr=RATE) for player, tensors in weights.items()}
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
    random = np.random.default_rng(0)

    def net(x: Tensor, player: str) -> Tensor:
        a, b, c, d = weights[player]
        return torch.sigmoid(torch.relu(x @ a + b) @ c + d)

    def update(player: str, loss: Tensor) -> None:
        loss.backward()
        solvers[player].step()
        for tensors in weights.values():
            for tensor in tensors:
                tensor.grad = torch.zeros_like(tensor)

    def iteration() -> None:
        x = torch.from_numpy(images[random.integers(0, len(images), BATCH)])
        real, fake = net(x, "D"), net(net(torch.randn(BATCH, LATENT), "G"), "D")
        update("D", F.binary_cross_entropy(real, ones) + F.binary_cross_entropy(fake, zeros))
        update("G", F.binary_cross_entropy(net(net(torch.randn(BATCH, LATENT), "G"), "D"), ones))

    return iteration


def speed() -> dict[str, float]:
    """Iterations a second of the plain loop and of a run of gan-mnist, and their ratio."""
    run = Run(genlab.experiment("gan-mnist", steps=1_000_000))
    images = load("mnist", 28, 256).train.images.flatten(1).float().div(255).numpy()
    iteration = plain(images)

    def theirs() -> None:
        for _ in range(STEPS):
            iteration()

    def ours() -> None:
        run.advance(steps=STEPS)

    theirs(), ours()  # warm up
    rounds = [(seconds(theirs), seconds(ours)) for _ in range(ROUNDS)]
    slow, fast = (min(times) / STEPS for times in zip(*rounds, strict=True))
    return {"plain": 1 / slow, "run": 1 / fast, "ratio": slow / fast}


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def minute(loss: str) -> dict[str, Any]:
    """Modes and share of good samples after at most 60 s of live training on eight Gaussians, for three seeds."""
    found, good, walls = [], [], []
    for seed in range(SEEDS):
        run, start = Run(genlab.experiment("gan-2d", loss=loss, seed=seed)), time.perf_counter()
        while not run.advance(seconds=0.05).done and time.perf_counter() - start < SECONDS:
            pass
        walls.append(round(time.perf_counter() - start, 1))
        covered = coverage(run.model.sample(SAMPLES, torch.Generator().manual_seed(seed)), "gaussians")
        found.append(covered.found)
        good.append(covered.good)
    return {
        "modes": found,
        "good": good,
        "median_modes": statistics.median(found),
        "median_good": statistics.median(good),
        "seconds": walls,
    }


def measure() -> dict[str, Any]:
    """Everything, one thread; what needs MNIST only where it is."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        try:
            result: dict[str, Any] = {"iterations_per_second": speed()}
        except DataUnavailable as error:
            result = {"iterations_per_second": {"unavailable": str(error)}}
        return {**result, "eight_gaussians_in_60_s": {loss: minute(loss) for loss in LOSSES}}
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
