"""What the Train panel says of a training, without a browser."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genlab.catalog import experiment
from genlab.ui.training.trainer import present as panel
from genlab.views.pack import pack, unpack

DIGITS = experiment("pixelcnn-digits")


def job(state: str = "running", **changes: Any) -> Any:
    """As much of a job as the panel reads."""
    frames = [SimpleNamespace(step=s) for s in (0, 10, 20)]
    progress = {
        "step": 20,
        "steps": 100,
        "seconds": 2.0,
        "images_per_second": 320.0,
        "learning_rate": 1e-3,
        "edits": [(10, "learning_rate", 5e-4)],
    }
    return SimpleNamespace(
        **{
            "token": "t",
            "state": state,
            "place": 2,
            "message": "",
            "kind": "",
            "experiment": DIGITS,
            "lanes": (DIGITS,),
            "progresses": [progress],
            "judged": [[]],
            "progress": progress,
            "curve": [(s, 4.0 - s / 10, None) for s in range(20)],
            "frames": frames,
            "snapshot": SimpleNamespace(step=15),
            **changes,
        }
    )


def test_thinning_keeps_the_ends_and_every_held_out_value():
    curve = [(s, 1.0, 2.0 if s % 700 == 3 else None) for s in range(5000)]
    thinned = panel.thin(curve, most=100)
    assert thinned.dtype == np.float32
    assert len(thinned) <= 100 + 8
    assert thinned[0, 0] == 0
    assert thinned[-1, 0] == 4999
    assert np.isfinite(thinned[:, 2]).sum() == sum(point[2] is not None for point in curve)
    assert (np.diff(thinned[:, 0]) > 0).all()


def test_thinning_leaves_a_short_curve_alone():
    assert panel.thin([]).shape == (0, 3)
    assert np.array_equal(panel.thin([(1, 2.5, None)]), np.float32([[1, 2.5, np.nan]]), equal_nan=True)


def test_time_left_is_the_rest_at_the_pace_so_far():
    assert panel.seconds_left({"step": 20, "steps": 100, "seconds": 2.0}) == pytest.approx(8.0)
    assert panel.seconds_left({"step": 0, "steps": 100, "seconds": 0.0}) is None
    assert panel.seconds_left({"steps": 100}) is None


def test_before_the_first_training_there_are_axes_and_lines():
    meta = panel.words(None, DIGITS)
    assert meta["state"] == "none"
    assert "train" in meta["can"]
    assert "pause" not in meta["can"]
    assert [line["value"] for line in meta["lines"]] == [pytest.approx(math.log2(17))]  # nobody published these digits
    assert meta["frames"] == []
    assert "ress train" in meta["message"]


def test_published_results_stand_beside_the_same_data_only():
    assert panel.words(None, experiment("pixelcnn-mnist"))["lines"][-1]["value"] == 0.808
    assert panel.words(None, experiment("pixelcnn-mnist", levels=16))["lines"][1:] == []


def test_what_is_told_over_the_wire_can_be_packed_and_names_the_frames_there_are():
    meta, _ = unpack(pack(panel.describe(job(), ["batch"])[0]))
    assert (meta["frames"], meta["shown"]) == ([0, 10, 20], 20)
    assert "Changed since the start: batch." in meta["message"]


def test_lanes_beside_the_first_have_curves_by_its_clock():
    lanes = experiment("nvp-2d"), experiment("nice-2d")
    progress = [{"step": step, "steps": 100, "losses": {"train": 1.0}, "done": step == 20} for step in (50, 20)]
    curves = [[(50, 1.0, None)], [(25, 3.0, None), (50, 2.0, None)]]
    judged = [[(40, {"good samples": 0.5, "JS divergence, nats": 0.25})], []]
    told = {"progress": progress[0], "progresses": progress, "curves": curves, "judged": judged}
    both = job(lanes=lanes, experiment=lanes[0], **told)
    meta, arrays = panel.describe(both, ())
    assert (meta["kind"], meta["of"], len(meta["pair"])) == ("pair", "plane", 2)
    assert arrays["lane 1"][:, :2].tolist() == [[25, 3], [50, 2]]
    assert meta["pair_steps"] == [50, 20]
    assert "all its steps are made" in meta["told"]
    assert meta["judged"] == ["good samples", "JS divergence, nats"]
    assert arrays["quality 0"].tolist() == [[40, 0.5, 0.25]] and "quality 1" not in arrays


def test_what_stands_around_the_picture_does_not_depend_on_every_step():
    begun, waits, stands = (
        panel.around(job(state, snapshot=None, frames=[])) for state in ("running", "queued", "paused")
    )
    assert begun == waits == stands != panel.around(None)
    assert len({begun, *(panel.around(job(state)) for state in ("running", "done", "died", "failed", "ended"))}) == 6


def test_a_density_is_compared_with_its_entropy():
    for name in ("nvp-2d", "piecewise-1d"):
        meta = panel.words(None, experiment(name))
        assert meta["unit"] == "nats"
        (line,) = meta["lines"]
        assert "entropy" in line["label"]
    assert [line["value"] for line in panel.words(None, experiment("nice-2d"))["lines"]] == [
        pytest.approx(0.2892),
        pytest.approx(math.log(2 * math.pi)),
    ]
    own = experiment("nvp-2d", dataset="own")
    assert panel.words(None, own)["lines"] == []


RATE = "learning_rate"


def test_live_edits_of_the_learning_rate_are_marks():
    assert panel.words(job(), DIGITS)["marks"] == [(10, "rate", 5e-4)]
    assert panel.marks([(10, RATE, 5e-4), (15, RATE, 5e-4), (20, RATE, 1e-3)]) == [(10, 5e-4), (20, 1e-3)]


def test_edits_within_a_few_steps_are_one_mark():
    edits = [(10, RATE, 5e-3), (12, RATE, 1e-2), (13, "beta", 4.0), (40, RATE, 5e-3)]
    assert panel.marks(edits) == [(12, 1e-2), (40, 5e-3)]
    assert panel.marks(edits, "beta") == [(13, 4.0)]


def test_the_end_names_the_step_that_is_kept_where_it_is_not_the_last():
    assert "Kept: step 60" in panel.done({"step": 100, "best_step": 60})
    assert "Kept" not in panel.done({"step": 100, "best_step": 98})


def test_a_training_that_is_done_goes_on_and_with_changed_settings_starts_anew():
    for changed, label in ((["batch"], "train anew"), ([], "train on")):
        meta = panel.words(job("done"), DIGITS, changed=changed)
        assert meta["train"] == label
        assert "train" in meta["can"]
        assert label.capitalize() in meta["message"]


def test_another_training_beside_it_is_another_training():
    alone, pair = job("done", experiment=DIGITS, lanes=(DIGITS,)), (experiment("gated-pixelcnn-digits"),)
    assert panel.differences(alone, DIGITS) == []
    assert panel.differences(alone, DIGITS, pair) == ["beside it"]


@pytest.mark.parametrize("state", ["queued", "starting", "running", "paused", "done", "died", "failed", "ended"])
def test_every_state_has_words_and_buttons_that_make_sense(state):
    meta = panel.words(job(state), DIGITS)
    assert meta["message"]
    assert "reset" in meta["can"]
    assert ("pause" in meta["can"]) == (state == "running")
    assert meta["alert"] == (state in ("died", "failed", "ended"))


def test_a_waiting_training_says_for_what():
    waits = job("queued", message="Waiting for your own training.")
    assert panel.words(waits, DIGITS)["message"] == "Waiting for your own training."


def test_a_pause_says_what_it_came_from():
    left = panel.words(job("paused", message="Paused when its page was closed."), DIGITS)["message"]
    assert left.startswith("Paused when its page was closed. It stands at step 20: resume it")
    assert panel.words(job("paused"), DIGITS)["message"].startswith("Paused. It stands at step 20: resume it")


def test_a_dead_training_offers_to_go_on_from_its_last_snapshot():
    meta = panel.words(job("died", message="The training process was killed at step 20."), DIGITS)
    assert meta["train"] == "resume from step 15"
    assert "was killed" in meta["message"]
    assert panel.train_label(job("died", snapshot=None)) == "train"


def test_settings_that_differ_from_the_training_are_named():
    changed = panel.differences(job(), experiment("pixelcnn-digits", batch_size=64, learning_rate=1e-4))
    assert changed == ["batch"]
    assert "batch" in panel.words(job(), DIGITS, changed=changed)["message"]


def test_a_learning_rate_that_was_changed_live_was_used() -> None:
    moved = experiment("pixelcnn-digits", learning_rate=5e-4)  # as at step 10 of the job
    assert panel.differences(job(), moved) == []
    assert panel.differences(job("done"), moved) == []
    assert panel.differences(job("done"), experiment("pixelcnn-digits", learning_rate=1e-4)) == ["learning rate"]


def test_what_is_the_same_in_all_pictures_is_said_in_the_words_of_the_kind() -> None:
    assert panel.words(job(), DIGITS)["caption"] == "step 20 · the same uniform numbers"
    assert panel.words(job(), experiment("gan-digits"))["caption"] == "round 20 · fixed noise"


def test_a_training_that_diverged_can_be_resumed_and_another_failure_cannot():
    said = "The loss of D is no longer a number at step 19: try a smaller learning rate, or another loss."
    diverged = job("failed", kind="Diverged", message=said)
    assert panel.sentence(diverged, DIGITS, ()).startswith(f"{said} Picture and curve are kept; resume goes on")
    assert panel.train_label(diverged) == "resume from step 15"
    assert panel.train_label(job("failed", kind="OutOfMemory")) == "train"
    assert panel.train_label(job("failed", kind="Diverged", snapshot=None)) == "train"


def test_a_game_has_two_losses_single_moves_and_an_equilibrium():
    game = experiment("gan-2d")
    meta = panel.words(None, game)
    assert (meta["kind"], meta["players"], meta["curves"], meta["axis"]) == ("game", ("D", "G"), ("D", "G"), "loss")
    assert {"move", "slow"} <= set(meta["can"])
    assert [line["value"] for line in meta["lines"]] == [pytest.approx(math.log(4)), pytest.approx(math.log(2))]
    assert game.replaced(loss="wasserstein-gp").lines() == []
    beside = panel.words(None, game, beside=[game.replaced(loss="hinge")])
    assert (beside["kind"], beside["of"], beside["pair"]) == ("pair", "game", ["non-saturating", "hinge"])
    digits = panel.words(None, DIGITS)
    assert (digits["players"], digits["axis"]) == ((), "loss, bits/dim")


@pytest.mark.parametrize(
    ("loss", "told", "gradient", "won", "words"),
    [
        ("minimax", {"D": 0.0, "G": -0.0}, 2e-6, True, "G hears nothing: its gradient is all but 0."),
        ("minimax", {"D": 0.0, "G": -0.0}, None, True, "G hears nothing: its gradient is all but 0."),  # just resumed
        ("non-saturating", {"D": 2e-4, "G": 40.0}, 0.03, True, "G has lost touch with the data."),
        ("non-saturating", {"D": 2e-4, "G": 9.6}, 0.0, True, "G hears nothing: its gradient is all but 0."),
        ("hinge", {"D": 0.0, "G": 9.4}, 0.0, True, "G hears nothing: its gradient is all but 0."),
        ("least-squares", {"D": 0.25, "G": 0.125}, 0.0, False, "G hears nothing: its gradient is all but 0."),
        ("wasserstein", {"D": -0.078, "G": 0.029}, 0.0, False, "G hears nothing: its gradient is all but 0."),
        ("wasserstein", {"D": -0.001, "G": -0.008}, 5e-4, False, ""),
        ("wasserstein-gp", {"D": -0.353, "G": -0.011}, 0.9, False, ""),
        ("minimax", {"D": 1.3, "G": -0.6}, 0.6, False, ""),
        ("minimax", {}, None, False, ""),
    ],
)
def test_a_game_that_is_over_is_said_with_what_to_change(loss, told, gradient, won, words):
    game = experiment("gan-mnist", loss=loss)
    gradients = {} if gradient is None else {"G": gradient}
    playing = job(experiment=game, progress={**job().progress, "losses": told, "gradients": gradients})
    said = panel.words(playing, game)["message"]
    assert ("D has won" in said) == won
    assert words in said
    for advice in ("hears nothing", "lost touch", "smaller learning rate"):
        assert (advice in said) == (advice in words or (advice == "smaller learning rate" and bool(words)))
    assert ("or the non-saturating loss" in said) == (loss == "minimax" and bool(words))
