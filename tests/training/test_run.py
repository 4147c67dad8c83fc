"""A run is the same for its seed, however it is sliced, stopped, resumed or looked at."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest
import torch

import genlab
from genlab.errors import CheckpointError, Diverged
from genlab.experiments.base import Experiment
from genlab.training.numerics import Numerics
from genlab.training.run import Run

STEPS = 12
GAMES = ("gan-2d", "gan-digits", "dcgan-digits")
NAMES = ("masked-lenet-digits", "pixelcnn-digits", "gated-pixelcnn-digits", "spline-2d", "piecewise-1d", *GAMES)


def tiny(name: str = "gated-pixelcnn-digits", **changes) -> Experiment:
    small = {"channels": 4, "layers": 1} if name.startswith("gated") else {}
    return genlab.experiment(name, **{"batch_size": 8, "steps": STEPS, **small, **changes})


def numbers(run: Run) -> dict[str, torch.Tensor]:
    """Everything that training changes: weights, their average, the best, the moments, the generators."""
    return {
        **{name: tensor.clone() for name, tensor in run._tensors().items()},
        "shuffle": run._shuffle.get_state(),
        "draws": run._draws.get_state(),
    }


def same(a: Run, b: Run) -> bool:
    left, right = numbers(a), numbers(b)
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left) and a.curve == b.curve


def finished(experiment: Experiment) -> Run:
    run = Run(experiment)
    run.advance()
    return run


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held-out losses every four steps, on a few images: these runs are short."""
    monkeypatch.setattr("genlab.data.images.HELD_OUT", 20)
    monkeypatch.setattr("genlab.training.schedule.held_out_stride", lambda steps, batch, passes: 4)


@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(name: str) -> None:
    straight = finished(tiny(name))
    stopped = Run(tiny(name))
    stopped.advance(steps=5)
    resumed = Run.resume(None, stopped.state())
    assert same(stopped, resumed)
    resumed.advance()
    assert same(straight, resumed)
    assert resumed.weights() == straight.weights()


def test_a_resumed_run_has_the_momentum_of_muon() -> None:
    experiment = tiny("gated-pixelcnn-digits").replaced(muon=True)
    straight, stopped = finished(experiment), Run(experiment)
    stopped.advance(steps=5)
    resumed = Run.resume(None, stopped.state())
    resumed.advance()
    assert resumed.weights() == straight.weights()
    assert straight.weights() != finished(tiny("gated-pixelcnn-digits")).weights()


@pytest.mark.parametrize(
    ("name", "options", "inside"),
    [
        ("gated-pixelcnn-digits", {"channels": 16, "layers": 3}, 12),
        ("pixelcnn-digits", {}, 3),
        ("pixelcnn-digits", {"masked": True}, 3),
    ],
)
def test_muon_moves_a_kernel_by_a_matrix_that_is_nearly_orthogonal_and_leaves_the_rest_to_adam(
    name: str, options: dict[str, Any], inside: int
) -> None:
    experiment = tiny(name).replaced(muon=True, **options)
    run = Run(experiment)
    inner = {id(weight) for weight in run.model.inner}
    before = [weight.detach().clone() for weight in run.model.parameters()]
    run.advance(steps=1)
    rate, kernels = experiment.learning_rate, 0
    for old, new in zip(before, run.model.parameters(), strict=True):
        moved = (new.detach() - old) / rate
        if id(new) in inner:
            kernels += 1
            out, into = moved.flatten(1).shape
            stretch = torch.linalg.svdvals(moved.flatten(1)) / (5 * max(1, out / into) ** 0.5)
            assert 0.2 < stretch.median() < 1.3 and stretch.max() < 1.4
        elif bool(moved.any()):  # the first step of Adam is the sign of the gradient
            assert moved.abs().max() == pytest.approx(1, rel=0.01)
    assert kernels == inside


def test_a_resumed_run_keeps_live_edits_and_their_steps() -> None:
    runs = [Run(tiny()), Run(tiny())]
    for run in runs:
        run.advance(steps=3)
        run.edit(learning_rate=7e-3)
        run.advance(steps=2)
    runs[1] = Run.resume(None, runs[1].state())
    progress = [run.advance() for run in runs]
    assert same(*runs)
    assert runs[1].edits == [(3, "learning_rate", 7e-3)]
    assert progress[0].learning_rate == progress[1].learning_rate == pytest.approx(7e-4)
    assert not same(runs[0], finished(tiny()))


def test_a_run_resumed_across_an_epoch_equals_an_uninterrupted_one() -> None:
    experiment = tiny(batch_size=400, steps=7)  # two batches make an epoch of 1199 images, with a rest that is left out
    run = Run(experiment)
    for _ in range(3):
        run.advance(steps=2)
        run = Run.resume(None, run.state())
    run.advance()
    assert same(run, finished(experiment))


def test_slices_do_not_change_the_result() -> None:
    whole, single, timed = finished(tiny()), Run(tiny()), Run(tiny())
    while not single.advance(steps=1).done:
        single.best(), single.weights(), single.state()  # looking changes nothing
    while not timed.advance(seconds=1e-9).done:
        pass
    assert same(whole, single)
    assert same(whole, timed)


def test_a_slice_of_no_time_is_one_step_and_a_slice_ends_with_the_plan() -> None:
    run = Run(tiny())
    assert run.advance(seconds=0).step == 1
    assert run.advance(steps=100).step == STEPS
    assert run.advance(steps=100).step == STEPS


def test_global_random_state_neither_matters_nor_changes() -> None:
    torch.manual_seed(1)
    first = finished(tiny(conditional=False))
    torch.manual_seed(2)
    before = torch.get_rng_state()
    second = Run(tiny(conditional=False))
    while not second.advance(steps=1).done:
        assert torch.equal(before, torch.get_rng_state())
    assert same(first, second)
    assert not same(first, finished(tiny(conditional=False, seed=1)))


def test_progress_is_plain_and_every_point_of_the_curve_is_told_once() -> None:
    run = Run(tiny())
    told = []
    for expected in range(1, STEPS + 1):
        progress = run.advance(steps=1)
        plain = json.loads(json.dumps(dataclasses.asdict(progress)))
        assert plain["step"] == expected
        assert plain["steps"] == STEPS
        assert plain["images"] == 8 * expected
        assert plain["seconds"] > 0
        assert plain["images_per_second"] > 0
        assert plain["done"] == (expected == STEPS)
        told += progress.curve
    assert told == run.curve
    assert [step for step, train, _ in told if train is not None] == list(range(1, STEPS + 1))
    assert [step for step, _, held_out in told if held_out is not None] == [4, 8, 12]
    assert all(value is None or math.isfinite(value) for point in told for value in point[1:])


def test_before_the_first_held_out_loss_best_is_the_average() -> None:
    run = Run(tiny())
    assert run.advance(steps=3).best_step is None
    assert all(torch.equal(w, run._average.state_dict()[name]) for name, w in run.best().state_dict().items())
    assert not run.best().training


def test_training_learns() -> None:
    run = Run(tiny("pixelcnn-digits", batch_size=32, steps=40))
    first, last = run.advance(steps=1).losses["train"], run.advance().losses["train"]
    assert last < first - 1


def test_a_run_that_diverges_says_so() -> None:
    run = Run(tiny())
    run.advance(steps=2)
    with torch.no_grad():
        next(run.model.parameters()).fill_(math.nan)
    with pytest.raises(Diverged, match=r"no longer a number at step 3.*smaller learning rate"):
        run.advance(steps=1)


@pytest.mark.parametrize("name", GAMES)
def test_a_game_that_diverges_names_the_player_and_is_not_written_down(name: str) -> None:
    run = Run(tiny(name, loss="wasserstein-gp"))
    run.advance(steps=2)
    good = run.state()
    with torch.no_grad():
        next(run.model.generator.parameters()).fill_(math.nan)
    for write in (run.state, run.weights):
        with pytest.raises(Diverged, match="A weight is no longer a number at step 2"):
            write()
    with pytest.raises(Diverged, match=r"The loss of D .* at step 3: try a smaller learning rate, or another loss\."):
        run.advance(steps=1)
    assert math.isfinite(Run.resume(None, good).advance(steps=1).losses["G"])  # the last good state goes on


def test_weights_alone_start_a_new_run_at_them() -> None:
    old = finished(tiny())
    new = Run.resume(old.weights(), None)
    assert new.advance(steps=1).step == 1
    fresh = Run.resume(old.weights(), None)
    assert all(torch.equal(w, fresh.model.state_dict()[name]) for name, w in old.best().state_dict().items())


def test_the_order_of_memory_survives_resumption() -> None:
    for channels_last in (False, True):
        run = Run(tiny(), how=Numerics(bfloat16=False, channels_last=channels_last))
        run.advance(steps=2)
        resumed = Run.resume(None, run.state())
        strides = [(w.stride(), w.grad) for w in run.model.parameters()]
        assert strides == [(w.stride(), w.grad) for w in resumed.model.parameters()]


def test_bfloat16_trains_too() -> None:
    run = Run(tiny(), how=Numerics(bfloat16=True, channels_last=True))
    assert math.isfinite(run.advance(steps=2).losses["train"])
    assert all(w.dtype == torch.float32 for w in run.model.parameters())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_run_on_a_gpu_learns_and_resumes() -> None:
    run = Run(tiny("pixelcnn-digits", batch_size=32, steps=40), "cuda")
    first = run.advance(steps=1).losses["train"]
    resumed = Run.resume(None, run.state(), "cuda")
    assert resumed.advance(seconds=60).losses["train"] < first - 1


def test_wrong_states_are_one_sentence() -> None:
    run = Run(tiny())
    with pytest.raises(CheckpointError, match="not the state of a training"):
        Run.resume(None, run.weights())
    with pytest.raises(CheckpointError, match="truncated"):
        Run.resume(None, run.state()[:-10])
    disguised = Run(tiny(channels=8)).state().replace(b'\\"channels\\":8', b'\\"channels\\":4')
    with pytest.raises(CheckpointError, match="another training"):
        Run.resume(None, disguised)
    with pytest.raises(ValueError, match="weights or from a state"):
        Run.resume(None, None)


@pytest.mark.parametrize("name", GAMES)
def test_the_length_of_each_players_gradient_is_told(name: str) -> None:
    """Of the move that follows: by autograd, from a copy that makes it."""
    run, copy = Run(tiny(name)), Run(tiny(name))
    assert run.advance(steps=0).gradients == {}
    told = run.advance(steps=1).gradients
    for player in ("D", "G"):
        weights = list(copy._objective.players[player].parameters())
        slopes = torch.autograd.grad(copy._loss(player), weights)
        assert told[player] == pytest.approx(math.sqrt(sum(float(slope.square().sum()) for slope in slopes)), rel=1e-3)
        assert told[player] > 0
        copy = Run(tiny(name))  # what was drawn is drawn again
        copy.move("D")
    assert run.advance(steps=1).gradients != told


@pytest.mark.parametrize("loss", ["minimax", "non-saturating", "hinge", "least-squares", "wasserstein"])
def test_a_gan_of_images_whose_rate_is_far_too_high_is_told_that_g_hears_nothing(loss: str) -> None:
    run = Run(genlab.experiment("gan-digits", loss=loss, learning_rate=0.1, steps=200))
    progress = run.advance()
    assert progress.gradients["G"] == 0
    assert "G hears nothing" in run.experiment.remark(progress.losses, progress.gradients)
    assert run.model.sample(16).std(0).max() == 0  # sixteen times the same picture
    healthy = Run(genlab.experiment("gan-digits", loss=loss, steps=200))
    progress = healthy.advance(steps=100)
    assert progress.gradients["G"] > 1e-2
    assert healthy.experiment.remark(progress.losses, progress.gradients) == ""


def test_beta_changes_live_and_a_resumed_run_goes_on_with_it_bit_for_bit() -> None:
    experiment = genlab.experiment("vae-digits", steps=60, batch_size=8, hidden=10)
    straight, stopped = Run(experiment), Run(experiment)
    for run in (straight, stopped):
        run.advance(steps=20)
        run.edit(beta=4.0, learning_rate=5e-3)
        run.advance(steps=10)
    resumed = Run.resume(None, stopped.state())
    assert resumed.edits == [(20, "beta", 4.0), (20, "learning_rate", 5e-3)]
    for run in (straight, resumed):
        run.advance()
    assert same(straight, resumed)
    assert resumed.weights() == straight.weights()
    assert not same(straight, finished(experiment))


def test_what_was_best_for_another_beta_is_best_no_more() -> None:
    run = Run(genlab.experiment("vae-digits", steps=400, batch_size=32, hidden=20))
    run.advance(steps=300)
    before = run.advance(steps=0)
    assert before.best_loss is not None
    run.edit(beta=8.0)
    assert run.advance(steps=0).best_step is None
    after = run.advance()
    assert after.best_step is not None and after.best_step > 300
    run.edit(learning_rate=1e-4)  # the loss stays the same
    assert run.advance(steps=0).best_step == after.best_step


def test_a_field_that_is_not_live_is_refused() -> None:
    with pytest.raises(ValueError, match="batch_size cannot be changed"):
        Run(tiny()).edit(batch_size=4)
    with pytest.raises(ValueError, match="beta cannot be changed"):
        Run(tiny()).edit(beta=2.0)
