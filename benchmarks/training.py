"""Training: images per second against the lecture's loop, and how soon the digits are learned.

    python -m benchmarks.training

The lecture's loop is written here as a lecture would: its models layer by layer, plain Adam, the loss read at every
step. Both sides take turns on one thread, and each keeps its best time, so that a busy machine disturbs both alike.
Times are CPU seconds of that thread. A run also computes held-out losses, at most 5 % of its time; they are left out.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import genlab
from genlab.data.images import load
from genlab.errors import DataUnavailable
from genlab.evaluation import bits_per_dim, evaluate
from genlab.experiments.pixels import PixelExperiment
from genlab.training import numerics
from genlab.training.run import Run

ROUNDS = 8
NEVER = 1_000_000  # steps of a run that no round finishes
LIMIT = 60.0  # seconds of wall clock in which the digits must be learned
GPU_BATCH, GPU_STEPS, GOAL = 128, 20_000, 90.0  # goal in nats an image, binarised MNIST


class PlainPixelCNN(nn.Module):
    """The two stacks of lecture 10.2, position encoding included."""

    def __init__(self, levels: int) -> None:
        super().__init__()
        self.down1, self.down2 = nn.Conv2d(11, 32, (3, 5)), nn.Conv2d(32, 64, (3, 5))
        self.right1, self.right2 = nn.Conv2d(11, 32, (1, 3)), nn.Conv2d(32, 64, (1, 3))
        self.mix, self.out = nn.Conv2d(128, 128, 1), nn.Conv2d(128, levels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Levels and position (N, 11, H, W) to logits (N, levels, H, W)."""
        down, right = F.pad(x, (0, 0, 1, -1)), F.pad(x, (1, -1, 0, 0))
        for layer in (self.down1, self.down2):
            down = layer(F.pad(down, (2, 2, 2, 0))).relu()
        for layer in (self.right1, self.right2):
            right = layer(F.pad(right, (2, 0, 0, 0))).relu()
        return self.out(self.mix(torch.cat([down, right], 1)).relu())


def plain_pixelcnn(experiment: PixelExperiment) -> Callable[[Tensor], float]:
    """One step of the lecture's loop for its PixelCNN."""
    model, size = PlainPixelCNN(experiment.levels), experiment.size
    optimizer = torch.optim.Adam(model.parameters(), lr=experiment.learning_rate)
    bits = (torch.arange(size) >> torch.arange(5).unsqueeze(1) & 1).float()  # (5, size)
    rows, columns = bits.unsqueeze(2).expand(5, size, size), bits.unsqueeze(1).expand(5, size, size)
    position = torch.cat([rows, columns]).unsqueeze(0)
    mean, std = moments(experiment)

    def step(x: Tensor) -> float:
        values = (x.float() - mean) / std
        logits = model(torch.cat([values, position.expand(len(x), -1, -1, -1)], 1)).permute(0, 2, 3, 1)
        return update(optimizer, F.cross_entropy(logits.reshape(-1, experiment.levels), x.reshape(-1)))

    return step


def plain_lenet(experiment: PixelExperiment) -> Callable[[Tensor], float]:
    """One step of the lecture's loop for its masked-input LeNet; at 8×8 without pooling, which would leave nothing."""
    pool, side = (2, 9) if experiment.size == 28 else (1, 2)
    model = nn.Sequential(
        nn.Conv2d(2, 32, 3),
        nn.MaxPool2d(pool),
        nn.ReLU(),
        nn.Conv2d(32, 64, 5),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(64 * side**2, 512),
        nn.ReLU(),
        nn.Linear(512, experiment.levels),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=experiment.learning_rate)
    mean, std = moments(experiment)

    def step(x: Tensor) -> float:
        flat = x.flatten(1)
        at = torch.randint(flat.shape[1], (len(x), 1))
        mask = (torch.arange(flat.shape[1]) < at).float().view(x.shape)
        values = (x.float() - mean) / std * mask
        return update(optimizer, F.cross_entropy(model(torch.cat([mask, values], 1)), flat.gather(1, at).view(-1)))

    return step


def moments(experiment: PixelExperiment) -> tuple[float, float]:
    """Mean and standard deviation of the training images."""
    images = load(experiment.dataset, experiment.size, experiment.levels).train.images.float()
    return images.mean().item(), images.std().item()


def update(optimizer: torch.optim.Optimizer, loss: Tensor) -> float:
    """The end of the lecture's step; reads the loss, as a loop that prints it does."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


PLAIN = {"pixelcnn": plain_pixelcnn, "masked-lenet": plain_lenet}


def compare(name: str) -> dict[str, float]:
    """Images per second of the lecture's loop and of a run of a catalogue entry, and their ratio."""
    experiment = genlab.experiment(name, steps=NEVER)
    assert isinstance(experiment, PixelExperiment)
    run, step = Run(experiment), PLAIN[experiment.family](experiment)
    images, batch = load(experiment.dataset, experiment.size, experiment.levels).train.images, experiment.batch_size
    steps = 8 if experiment.size == 8 else 2

    def plain() -> None:
        for i in range(steps):
            step(images[i * batch : (i + 1) * batch].long())

    def ours() -> None:
        run.advance(steps=steps)

    plain(), ours()  # warm up
    rounds = [(seconds(plain), seconds(ours)) for _ in range(ROUNDS)]
    slow, fast = (min(times) / (steps * batch) for times in zip(*rounds, strict=True))
    return {"lecture": 1 / slow, "run": 1 / fast, "ratio": slow / fast}


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def digits(name: str) -> dict[str, Any]:
    """Nats an image on the test digits after at most 60 s of wall clock, for each of three seeds, and their median."""
    nats, walls = [], []
    x, _ = load("digits", 8, 17).test.fixed()
    for seed in range(3):
        start = time.perf_counter()
        run = Run(genlab.experiment(name, seed=seed))
        while not run.advance(seconds=0.5).done and time.perf_counter() - start < LIMIT:
            pass
        walls.append(time.perf_counter() - start)
        nats.append(evaluate(run.best(), x)["nats"])
    return {"nats": nats, "median": statistics.median(nats), "seconds": walls}


def gpu() -> dict[str, float | None]:
    """Images per second on a GPU, and seconds until the held-out loss on binarised MNIST is 90 nats."""
    experiment = genlab.experiment("gated-pixelcnn-mnist", conditional=False, batch_size=GPU_BATCH, steps=GPU_STEPS)
    run, goal = Run(experiment, "cuda"), bits_per_dim(GOAL, 784)
    reached = None
    while reached is None:
        progress = run.advance(seconds=0.5)
        if progress.done or any(held_out is not None and held_out <= goal for _, _, held_out in progress.curve):
            reached = progress.seconds
    return {"images_per_second": progress.images_per_second, "seconds_to_90_nats": None if progress.done else reached}


def measure() -> dict[str, Any]:
    """Everything, one thread; what needs MNIST or a GPU only where they are."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        result: dict[str, Any] = {"bfloat16": numerics.best("cpu").bfloat16, "images_per_second": {}}
        for name in ("pixelcnn-digits", "masked-lenet-digits", "pixelcnn-mnist", "masked-lenet-mnist"):
            try:
                result["images_per_second"][name] = compare(name)
            except DataUnavailable as error:
                result["images_per_second"][name] = {"unavailable": str(error)}
        names = ("gated-pixelcnn-digits", "pixelcnn-digits", "masked-lenet-digits")
        result["digits_in_60_s"] = {name: digits(name) for name in names}
        if torch.cuda.is_available():
            result["gpu"] = gpu()
        return result
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
