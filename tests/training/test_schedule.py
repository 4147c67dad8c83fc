"""Schedules count steps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from genlab.training import schedule


def test_the_learning_rate_is_constant_then_falls_to_a_tenth() -> None:
    rates = [schedule.learning_rate(1e-3, step, 100) for step in range(101)]
    assert rates[:61] == [1e-3] * 61
    assert all(a > b for a, b in pairwise(rates[60:]))
    assert rates[80] == pytest.approx(5.5e-4)
    assert rates[100] == pytest.approx(1e-4)


def test_the_average_forgets_the_initial_weights_soon_and_reaches_far_back_later() -> None:
    assert schedule.ema_decay(0, 2000) == pytest.approx(0.1)
    assert schedule.ema_decay(1999, 2000) == pytest.approx(0.995)
    assert schedule.ema_decay(10**6, 10**6) == 0.9995
    assert schedule.ema_decay(1000, 1) == 0.9


@pytest.mark.parametrize(("steps", "stride"), [(1, 1), (7, 1), (200, 1), (201, 2), (1999, 10), (10**6, 5000)])
def test_a_curve_has_at_most_two_hundred_points_and_no_fewer_than_it_must(steps: int, stride: int) -> None:
    assert schedule.curve_stride(steps) == stride
    assert steps <= 200 * stride
    assert stride == 1 or steps > 200 * (stride - 1)


@pytest.mark.parametrize(
    ("steps", "batch", "passes", "stride"),
    [(1200, 32, 299, 63), (4000, 100, 2392, 160), (3, 1, 500, 3), (10**6, 512, 8, 5000)],
)
def test_held_out_losses_cost_a_twentieth_of_the_training_and_come_as_often_as_that_allows(
    steps: int, batch: int, passes: int, stride: int
) -> None:
    """A step of training costs three passes an image; no two losses stand within a point of the curve."""
    assert schedule.held_out_stride(steps, batch, passes) == stride

    def allowed(between: int) -> bool:
        return passes <= 0.05 * 3 * batch * between and between >= schedule.curve_stride(steps)

    assert not allowed(stride - 1)
    assert allowed(stride) or stride == steps
