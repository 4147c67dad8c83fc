"""What a run tells about itself, in plain numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Point = tuple[int, float | None, float | None]  # step, training loss, held-out loss, in the experiment's unit


@dataclass
class Progress:
    """Where a run stands; plain numbers only.

    Attributes:
        loss: training loss in the experiment's unit (bits/dim, nats), smoothed over some 20 steps.
        curve: points (step, training loss or None, held-out loss or None) in that unit, new since the last call.
        seconds: time spent training.
        best_step: the step of the best held-out loss so far, or None before the first.
        edits: every live change of the learning rate, (step, new value).
    """

    step: int
    steps: int
    images: int
    seconds: float
    images_per_second: float
    loss: float
    curve: list[Point]
    learning_rate: float
    best_step: int | None
    done: bool
    edits: list[tuple[int, float]]


@dataclass
class Log:
    """What a run knows of its past, besides tensors."""

    step: int = 0
    seconds: float = 0.0
    smooth: float = 0.0
    window: list[float] = field(default_factory=list)
    curve: list[Point] = field(default_factory=list)
    edits: list[tuple[int, float]] = field(default_factory=list)
    best_loss: float = math.inf
    best_step: int | None = None
