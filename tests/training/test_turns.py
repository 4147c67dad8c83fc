"""Runs that take turns have the same seconds, and schedules that follow their share of them."""

from __future__ import annotations

import pytest

from genlab.catalog import experiment
from genlab.training import schedule
from genlab.training.run import Run
from genlab.training.turns import take_turns

TURN = 0.02


def raced(budget: float, *names: str) -> list[Run]:
    """Runs that have spent their seconds."""
    runs = [Run(experiment(name, batch_size=16)) for name in names]
    while any(run.step < run.experiment.steps for run in runs):
        take_turns(runs, TURN * len(runs), budget)
    return runs


def test_all_have_the_same_seconds_to_within_a_turn_at_every_moment() -> None:
    runs = [Run(experiment(name, batch_size=16)) for name in ("gan-2d", "vae-2d", "nvp-2d", "grid-2d")]
    longest = 0.0
    for _ in range(30):
        before = [run.seconds for run in runs]
        take_turns(runs, TURN * len(runs), 60)
        longest = max(longest, *(run.seconds - then for run, then in zip(runs, before, strict=True)))
        had = [run.seconds for run in runs]
        assert max(had) - min(had) <= longest + 1e-9
    assert min(run.step for run in runs) > 0


def test_a_budget_is_spent_and_not_more_than_a_turn_beyond() -> None:
    for run in raced(0.6, "gan-2d", "nvp-2d"):
        assert run.step == run.experiment.steps
        step = 3 * run.seconds / run.step
        assert run.seconds == pytest.approx(0.6, abs=max(2 * TURN, step) + 0.1)


def test_at_its_end_the_learning_rate_has_fallen_as_far_as_it_should() -> None:
    (run,) = raced(0.5, "nvp-2d")
    told = run.advance(steps=0)
    assert told.learning_rate == pytest.approx(schedule.LOWEST * run.experiment.learning_rate)
    assert told.done and told.best_loss is not None


def test_a_run_aims_at_as_many_steps_as_it_makes_in_its_seconds() -> None:
    run = Run(experiment("nvp-2d", batch_size=16))
    run.aim(10)
    assert run.experiment.steps == experiment("nvp-2d").steps  # it has no pace yet
    run._log.step, run._log.seconds, run._rate = 50, 2.0, 16 * 25.0  # 25 steps a second
    run.aim(10)
    assert run.experiment.steps == 50 + 25 * 8
    run._log.seconds = 10.0
    run.aim(10)
    assert run.experiment.steps == 50


def test_without_a_budget_each_makes_its_own_steps() -> None:
    runs = [Run(experiment("nvp-2d", batch_size=16, steps=20)), Run(experiment("nice-2d", batch_size=16, steps=5))]
    while runs[0].step < 20 or runs[1].step < 5:
        take_turns(runs, TURN)
    assert [run.step for run in runs] == [20, 5]
