"""Trainings side by side: the same seconds, the same clock, and one end."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.catalog import experiment
from genlab.runtime.job import _between
from genlab.runtime.job_actor import JobActor
from genlab.views.pack import unpack

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


def compared(seconds: float, *names: str) -> JobActor:
    """A comparison that has spent its seconds."""
    actor = JobActor([experiment(name, batch_size=16) for name in names], [(None, None)] * len(names), seconds)
    while not actor.look()["lanes"][0]["done"]:
        actor.advance(0.05)
    return actor


def test_lanes_of_different_kinds_have_the_same_seconds_and_end_together() -> None:
    lanes = compared(0.5, "gan-2d", "vae-2d", "nvp-2d", "grid-2d").look()["lanes"]
    assert [(lane["step"], lane["steps"], lane["done"]) for lane in lanes] == [(5, 5, True)] * 4  # tenths of a second
    assert all(lane["made"] == lane["aim"] > 0 for lane in lanes)
    assert {tuple(lane["losses"]) for lane in lanes} == {("D", "G"), ("train",)}


def test_pictures_of_different_kinds_stand_side_by_side() -> None:
    actor = JobActor([experiment("gan-2d"), experiment("grid-2d"), experiment("nvp-2d")], [(None, None)] * 3, 60.0)
    news = actor.draw(60)
    _, arrays = unpack(news["picture"][1])
    pictures = [unpack(arrays[name].tobytes())[1] for name in ("one", "other", "third")]
    assert [set(picture) for picture in pictures] == [{"points", "data"}, *2 * [{"points", "data", "density"}]]
    assert all(picture["points"].shape == (1000, 2) for picture in pictures)
    assert all(set(lane["quality"]) == {"good samples", "data reached"} for lane in news["lanes"])


def test_a_comparison_goes_on_from_its_files_for_more_seconds() -> None:
    names = ("nvp-2d", "grid-2d")
    actor = compared(0.3, *names)
    files, ticks, _, _ = actor.snapshot()
    assert ticks == [3, 3]
    again = JobActor([experiment(name, batch_size=16) for name in names], files, 1.5)
    before = [lane["made"] for lane in again.look()["lanes"]]
    assert not again.look()["lanes"][0]["done"]
    while not again.look()["lanes"][0]["done"]:
        again.advance(0.05)
    after = again.look()["lanes"]
    assert [lane["step"] for lane in after] == [15, 15]
    assert all(lane["made"] > made for lane, made in zip(after, before, strict=True))


def test_curves_of_a_comparison_count_tenths_of_a_second() -> None:
    actor = JobActor([experiment("nvp-2d", batch_size=16)] * 2, [(None, None)] * 2, 0.5)
    curve: list[Any] = []
    while not (news := actor.advance(0.05))["lanes"][0]["done"]:
        curve += news["lanes"][1]["curve"]
    assert curve and all(0 <= step <= 5 for step, *_ in curve)
    assert [step for step, *_ in curve] == sorted(step for step, *_ in curve)
