"""What the Train panel tells the browser, without a browser."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genlab.catalog import experiment
from genlab.ui.pixels.noise import noise
from genlab.ui.training.trainer import present as panel
from genlab.views.pack import pack, unpack

DIGITS = experiment("pixelcnn-digits")


def job(state: str = "running", **changes: Any) -> Any:
    """As much of a job as the panel reads."""
    frames = [
        SimpleNamespace(step=s, picture=pack({}, samples=np.full((16, 8, 8), s % 17, np.uint8))) for s in (0, 10, 20)
    ]
    progress = {
        "step": 20,
        "steps": 100,
        "seconds": 2.0,
        "images_per_second": 320.0,
        "learning_rate": 1e-3,
        "edits": [(10, 5e-4)],
    }
    return SimpleNamespace(
        **{
            "token": "t",
            "state": state,
            "place": 2,
            "message": "",
            "kind": "",
            "experiment": DIGITS,
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


def test_before_the_first_training_there_are_axes_lines_and_noise():
    meta, arrays = unpack(panel.present(None, DIGITS, before=noise(DIGITS)))
    assert meta["state"] == "none"
    assert "train" in meta["can"]
    assert "pause" not in meta["can"]
    assert [line["value"] for line in meta["lines"]] == [pytest.approx(math.log2(17))]  # nobody published these digits
    assert arrays["curve"].shape == (0, 3)
    samples = unpack(arrays["now"].tobytes())[1]["samples"]
    assert samples.shape == (16, 8, 8)
    assert len(np.unique(samples)) == 17
    assert "ress train" in meta["message"]


def test_published_results_stand_beside_the_same_data_only():
    assert unpack(panel.present(None, experiment("pixelcnn-mnist")))[0]["lines"][-1]["value"] == 0.808
    assert unpack(panel.present(None, experiment("pixelcnn-mnist", levels=16)))[0]["lines"][1:] == []


def test_a_training_sends_the_newest_picture_and_only_the_frames_asked_for():
    meta, arrays = unpack(panel.present(job(), DIGITS, need=[0, 10, 999]))
    assert meta["frames"] == [0, 10, 20]
    assert meta["film"] == [0, 10]
    assert meta["shown"] == 20
    assert (unpack(arrays["film 10"].tobytes())[1]["samples"] == 10).all()
    assert not any(name.startswith("film") for name in unpack(panel.present(job(), DIGITS))[1])


def test_a_density_is_compared_with_its_entropy():
    for name in ("nvp-2d", "piecewise-1d"):
        meta, _ = unpack(panel.present(None, experiment(name)))
        assert meta["unit"] == "nats"
        (line,) = meta["lines"]
        assert "entropy" in line["label"]
    own = experiment("nvp-2d", dataset="own")
    assert unpack(panel.present(None, own))[0]["lines"] == []


def test_a_whole_mnist_film_is_not_sent_with_every_tick():
    big = SimpleNamespace(step=0, picture=pack({}, samples=np.zeros((16, 28, 28), np.uint8)))
    curve = [(s, 1.0, None) for s in range(1000)]
    message = panel.present(job(frames=[big] * 64, curve=curve), experiment("pixelcnn-mnist"))
    assert len(message) < 20_000


def test_live_edits_of_the_learning_rate_are_marks():
    assert unpack(panel.present(job(), DIGITS))[0]["marks"] == [[10, 5e-4]]
    assert panel.marks([(10, 5e-4), (15, 5e-4), (20, 1e-3)]) == [(10, 5e-4), (20, 1e-3)]


def test_edits_within_a_few_steps_are_one_mark():
    assert panel.marks([(10, 5e-3), (12, 1e-2), (40, 5e-3)]) == [(12, 1e-2), (40, 5e-3)]


def test_the_end_names_the_step_that_is_kept_where_it_is_not_the_last():
    assert "Kept: step 60" in panel.done({"step": 100, "best_step": 60})
    assert "Kept" not in panel.done({"step": 100, "best_step": 98})


def test_a_training_that_is_done_starts_anew_with_changed_settings():
    meta, _ = unpack(panel.present(job("done"), DIGITS, changed=["batch"]))
    assert meta["train"] == "train anew"
    assert "train" in meta["can"]
    assert "train" not in unpack(panel.present(job("done"), DIGITS))[0]["can"]


@pytest.mark.parametrize("state", ["queued", "starting", "running", "paused", "done", "died", "failed", "ended"])
def test_every_state_has_words_and_buttons_that_make_sense(state):
    meta, _ = unpack(panel.present(job(state), DIGITS))
    assert meta["message"]
    assert "reset" in meta["can"]
    assert ("pause" in meta["can"]) == (state == "running")
    assert meta["alert"] == (state in ("died", "failed", "ended"))


def test_a_waiting_training_says_its_place():
    assert "number 2 in the queue" in unpack(panel.present(job("queued"), DIGITS))[0]["message"]


def test_a_dead_training_offers_to_go_on_from_its_last_snapshot():
    meta, arrays = unpack(panel.present(job("died", message="The training process was killed at step 20."), DIGITS))
    assert meta["train"] == "resume from step 15"
    assert "was killed" in meta["message"]
    assert len(arrays["curve"]) == 20
    assert panel.train_label(job("died", snapshot=None)) == "train"


def test_settings_that_differ_from_the_training_are_named():
    changed = panel.differences(job(), experiment("pixelcnn-digits", batch_size=64, learning_rate=1e-4))
    assert changed == ["batch"]
    assert "batch" in unpack(panel.present(job(), DIGITS, changed=changed))[0]["message"]


def test_a_training_that_diverged_can_be_resumed_and_another_failure_cannot():
    said = "The loss of D is no longer a number at step 19: try a smaller learning rate, or another loss."
    diverged = job("failed", kind="Diverged", message=said)
    assert panel.sentence(diverged, DIGITS, ()).startswith(f"{said} Picture and curve are kept; resume goes on")
    assert panel.train_label(diverged) == "resume from step 15"
    assert panel.train_label(job("failed", kind="OutOfMemory")) == "train"
    assert panel.train_label(job("failed", kind="Diverged", snapshot=None)) == "train"


def test_a_game_has_two_losses_single_moves_and_an_equilibrium():
    game = experiment("gan-2d")
    meta, _ = unpack(panel.present(None, game, before=pack({})))
    assert (meta["kind"], meta["players"], meta["curves"], meta["axis"]) == ("game", ["D", "G"], ["D", "G"], "loss")
    assert {"move", "slow"} <= set(meta["can"])
    assert [line["value"] for line in meta["lines"]] == [pytest.approx(math.log(4)), pytest.approx(math.log(2))]
    assert game.replaced(loss="wasserstein-gp").lines() == []
    beside = unpack(panel.present(None, game, before=pack({}), beside=[game.replaced(loss="hinge")]))[0]
    assert (beside["kind"], beside["of"], beside["pair"]) == ("pair", "game", ["non-saturating", "hinge"])
    digits = unpack(panel.present(None, DIGITS, before=noise(DIGITS)))[0]
    assert (digits["players"], digits["axis"]) == ([], "loss, bits/dim")
