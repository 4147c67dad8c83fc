"""A round of the game in slow motion: every move changes its own player only, and nothing is kept."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

import genlab
from genlab.errors import GenlabError
from genlab.evaluation.coverage import Coverage
from genlab.experiments.flows import RealNVPExperiment
from genlab.experiments.gans import PlaneGANExperiment
from genlab.models import build
from genlab.runtime.gans import slow_round
from genlab.training import checkpoints
from genlab.training.run import Run
from genlab.views.pack import unpack
from genlab.views.rounds import moment, slowly


def weights(experiment) -> bytes:
    return checkpoints.dumps(build(experiment), experiment)


@pytest.mark.parametrize("k", [1, 3])
def test_a_round_shows_what_each_move_changes(k):
    meta, arrays = unpack(slow_round(weights(PlaneGANExperiment(k=k, batch_size=32))))
    assert meta["moves"] == ["D"] * k + ["G"]
    fake, heat = arrays["fake"], arrays["heat"]
    assert len(fake) == len(heat) == k + 2
    for move in range(k):  # of D
        assert (fake[move] == fake[move + 1]).all()
        assert np.abs(heat[move] - heat[move + 1]).max() > 0
    assert np.abs(fake[k] - fake[k + 1]).max() > 0
    assert (heat[k] == heat[k + 1]).all()


def test_the_same_weights_play_the_same_round():
    source = weights(PlaneGANExperiment(batch_size=32))
    assert slow_round(source) == slow_round(source)


def test_a_flow_plays_no_game():
    with pytest.raises(GenlabError, match="no game"):
        slow_round(weights(RealNVPExperiment()))


@pytest.mark.parametrize(
    ("step", "words"), [(20, ""), (500, "So far only"), (999, "So far only"), (1000, "Mode collapse: only")]
)
def test_a_game_that_goes_on_is_not_judged(step: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = PlaneGANExperiment(dataset="gaussians", steps=1000)
    monkeypatch.setattr("genlab.views.game.coverage", lambda *_: Coverage(0.9, 0.9, 7, 8))
    assert moment(experiment, build(experiment), step).meta["collapse"].startswith(words)
    assert words or not moment(experiment, build(experiment), step).meta["collapse"]


def test_slow_motion_is_judged_as_the_model_is_that_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = PlaneGANExperiment(dataset="gaussians", steps=1000, batch_size=32)
    monkeypatch.setattr("genlab.views.game.coverage", lambda *_: Coverage(0.9, 0.9, 7, 8))
    for step, words in ((20, ""), (500, "So far only"), (1000, "Mode collapse"), (None, "Mode collapse")):
        each = slowly(experiment, Run(experiment), step).meta["each"]
        assert all(state["collapse"].startswith(words) and bool(state["collapse"]) == bool(words) for state in each)
    each = unpack(slow_round(weights(experiment)))[0]["each"]  # of a finished model, whose steps nobody counts
    assert all(state["collapse"].startswith("Mode collapse") for state in each)


@pytest.mark.parametrize("loss", ["non-saturating", "least-squares", "hinge", "wasserstein"])
def test_what_d_says_is_told_as_it_is_with_its_middle_and_its_reach(loss: str) -> None:
    experiment = PlaneGANExperiment(loss=loss, batch_size=32)
    model = build(experiment)
    seen = moment(experiment, model)
    with torch.no_grad():
        scores = [model.discriminate(torch.tensor(seen.arrays[name]).view(-1, 2))[:, None] for name in ("real", "fake")]
    expected = [score.sigmoid() if loss == "non-saturating" else score for score in scores]
    for name, says in zip(("says_real", "says_fake"), expected, strict=True):
        assert seen.arrays[name].reshape(-1) == pytest.approx(says.view(-1).numpy(), abs=1e-6)
    meta, (real, fake) = seen.meta, expected
    middle = {"hinge": 0.0, "wasserstein": float(real.mean() + fake.mean()) / 2}.get(loss, 0.5)
    assert meta["neutral"] == pytest.approx(middle, abs=1e-6)
    within = (torch.cat((real, fake)) - middle).abs() <= meta["reach"] + 1e-6
    assert (0.94 <= float(within.double().mean()) <= 0.96) or loss == "non-saturating"


@pytest.mark.parametrize("loss", ["non-saturating", "hinge"])
def test_a_round_on_images_tells_what_each_move_changes_and_where_g_is_pulled(loss: str) -> None:
    experiment = genlab.experiment("gan-digits").replaced(loss=loss, batch_size=16)
    run = Run(experiment)
    before = copy.deepcopy(run.model)
    meta, arrays = unpack(run.task.slowly(run))
    assert meta["moves"] == ["D", "G"]
    states, says, real = arrays["states"], arrays["says"], arrays["says_real"]
    assert (states[0] == states[1]).all() and (states[1] != states[2]).any()  # only G's move changes images
    assert (says[0] != says[1]).any() and (real[0] != real[1]).any() and (real[1] == real[2]).all()
    assert (arrays["samples"] == states[-1]).all()
    z = before.noise(16, torch.Generator().manual_seed(experiment.seed))
    made = before.generate(z).detach().requires_grad_()
    score = before.discriminate(made)
    own = -torch.nn.functional.logsigmoid(score) if loss == "non-saturating" else -score
    (slope,) = torch.autograd.grad(own.sum(), made)
    assert arrays["pull"][0] == pytest.approx(-slope[:, 0].numpy(), rel=1e-4, abs=1e-7)
    assert says[0] == pytest.approx((score.sigmoid() if loss == "non-saturating" else score).detach().numpy(), rel=1e-4)
