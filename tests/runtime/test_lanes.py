"""Trainings side by side: the same seconds, the same clock, and one end."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.catalog import experiment
from genlab.runtime.job import _between
from genlab.runtime.job_actor import JobActor

NVP, NICE = experiment("nvp-2d", batch_size=16), experiment("nice-2d", batch_size=16)


def trained(own: int, rival: int) -> dict[str, Any]:
    """The last news of a training of NVP and NICE beside it."""
    lanes = [NVP.replaced(steps=own), NICE.replaced(steps=rival)]
    actor = JobActor(lanes, [(None, None)] * 2)
    news = actor.look()
    while not news["lanes"][0]["done"]:
        news = actor.advance(0.02)
    return news


def test_both_end_together() -> None:
    one, other = trained(30, 1_000_000)["lanes"]
    assert one["done"] and one["step"] == 30
    assert not other["done"] and other["step"] > 0


def test_one_that_is_ready_before_waits() -> None:
    one, other = trained(60, 5)["lanes"]
    assert one["done"] and other["done"]
    assert (one["step"], other["step"]) == (60, 5)


def test_both_get_the_same_seconds() -> None:
    one, other = trained(300, 1_000_000)["lanes"]
    assert one["seconds"] == pytest.approx(other["seconds"], rel=0.3)


def test_what_another_lane_did_is_told_by_the_first_ones_clock() -> None:
    # The other one went from step 10 to 20 while the first one went from 100 to 200.
    assert [_between((10, 20), (100, 200), step) for step in (10, 15, 20)] == [100, 150, 200]
    assert _between((10, 20), (10, 20), 13) == 13  # the first one itself
    assert _between((20, 20), (200, 300), 20) == 300  # it has made all its steps


def test_a_game_is_judged_by_its_samples_and_a_likelihood_by_itself() -> None:
    game = JobActor([experiment("gan-2d", batch_size=16)], [(None, None)])
    news = game.draw(1.0)
    assert news["picture"] is not None
    (lane,) = news["lanes"]
    assert set(lane["quality"]) == {"good samples", "modes found", "JS divergence, nats"}
    assert all(0 <= value <= 1 for value in lane["quality"].values())
    game.step()
    assert game.draw(1.0)["lanes"][0]["quality"] == {}  # not again so soon: it costs a twentieth of the time at most
    flow = JobActor([NVP], [(None, None)])
    assert flow.draw(1.0)["lanes"][0]["quality"] == {}
