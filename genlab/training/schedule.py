"""When what happens in a run. Every schedule counts steps, never seconds: a slow machine trains as a fast one does."""

from __future__ import annotations

import math

FALL = 0.4  # the last part of the steps, in which the learning rate falls
LOWEST = 0.1  # of the learning rate, reached at the last step
CURVE_POINTS = 200  # of the training loss, over a whole run
HELD_OUT_SHARE = 0.05  # of the computing goes into held-out losses
GRADIENT = 3  # a step of training costs about as much as three passes forward


def learning_rate(base: float, step: int, steps: int, warm_up: int = 0) -> float:
    """The learning rate of a step (from 0): constant, then linear down to a tenth over the last 40 %.

    Arguments:
        warm_up: steps at the beginning over which it rises, linearly too.
    """
    left = (steps - step) / (FALL * steps)  # from 1 / FALL down to 0
    risen = min(1.0, (step + 1) / (warm_up + 1))
    return base * risen * (LOWEST + (1 - LOWEST) * min(1.0, max(0.0, left)))


def ema_decay(step: int, steps: int) -> float:
    """How much of the averaged weights stays at a step (from 0).

    The average reaches back over a tenth of the run, and at most 2000 steps; less at its beginning, so that it never
    remembers the initial weights for long.
    """
    return min((1 + step) / (10 + step), max(0.9, 1 - 10 / steps), 0.9995)


def curve_stride(steps: int) -> int:
    """Steps whose mean training loss makes one point of the curve."""
    return math.ceil(steps / CURVE_POINTS)


def held_out_stride(steps: int, batch: int, passes: int) -> int:
    """Steps between two held-out losses that cost ``passes`` passes of one image each."""
    affordable = math.ceil(passes / (GRADIENT * HELD_OUT_SHARE * batch))
    return min(steps, max(affordable, curve_stride(steps)))
