"""What a run tells about itself, in plain numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

TICKS = 10  # in a second, where a training of lanes counts seconds in place of steps
Point = tuple[int, float | None, float | None]  # step, and the two losses of the experiment's curve, in its unit
Edit = tuple[int, str, float]  # step, name of a field, its new value


@dataclass
class Progress:
    """Where a run stands; plain numbers only.

    Attributes:
        moves: updates so far, of all players; as many as steps where there is one player.
        losses: by player, in the experiment's unit (bits/dim, nats), smoothed over some 20 moves.
        gradients: by player, the length of a gradient at most a point of the curve old; of games only.
        curve: points in that unit, new since the last call; a value that was not measured is None.
        seconds: time spent training.
        best_step: the step of the best held-out loss so far, or None before the first.
        best_loss: that loss, in that unit, or None.
        edits: every live change of a field, (step, name, new value).
    """

    step: int
    steps: int
    moves: int
    images: int
    seconds: float
    images_per_second: float
    losses: dict[str, float]
    gradients: dict[str, float]
    curve: list[Point]
    learning_rate: float
    best_step: int | None
    best_loss: float | None
    done: bool
    edits: list[Edit]


@dataclass
class Log:
    """What a run knows of its past, besides tensors."""

    step: int = 0
    moves: int = 0
    batches: int = 0
    seconds: float = 0.0
    smooth: dict[str, float] = field(default_factory=dict)
    windows: dict[str, list[float]] = field(default_factory=dict)
    curve: list[Point] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    best_loss: float = math.inf
    best_step: int | None = None
