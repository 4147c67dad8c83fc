"""What is seen of a GAN in the middle of a step is what forward and backward give, and looking changes nothing."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from genlab.errors import DataUnavailable
from genlab.experiments.gans import DCGANExperiment, PlaneGANExperiment, VanillaGANExperiment
from genlab.experiments.principles import LOSSES, ByGame
from genlab.models import build
from genlab.training.adversarial import LOSSES as GAMES
from genlab.training.objectives import Adversarial
from genlab.views import inside
from genlab.views.inside import HIGH, LOW, batch, curve, equilibrium, layers, play, saturation, verdicts

EXPERIMENTS = [
    PlaneGANExperiment(batch_size=32, dataset="gaussians"),
    VanillaGANExperiment(batch_size=16),
    DCGANExperiment(batch_size=16, conditional=True),
]


def model_of(experiment: ByGame):
    torch.manual_seed(0)
    return build(experiment).double().eval().requires_grad_(False)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.family)
@pytest.mark.parametrize("look", [layers, verdicts, saturation])
def test_looking_changes_nothing(experiment, look):
    model = model_of(experiment)
    before, random = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    arguments = {} if look is saturation else {"loss": "wasserstein-gp"}
    look(model, experiment, **arguments).pack()
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert all(weight.grad is None and not weight.requires_grad for weight in model.parameters())
    assert not any(part.training or part._forward_hooks for part in model.modules())
    assert torch.equal(random, torch.get_rng_state())


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.family)
def test_values_are_those_of_forward(experiment):
    model, on = model_of(experiment), batch(model_of(experiment), experiment, 0)
    told = [] if on.labels is None else [F.one_hot(on.labels, 10).double()]
    h = torch.cat((on.z, *told), 1)
    _, seen = play(model, "G", on, GAMES["minimax"], 0.0)
    expected = []
    for part in model.generator:
        h = part(h)
        if "latten" not in type(part).__name__:
            expected.append(h)
    assert len(seen) == len(expected) == sum(1 for _ in model.generator) - (experiment.family != "gan-2d")
    assert all(torch.equal(layer.values, values) for layer, values in zip(seen, expected, strict=True))
    _, judged = play(model, "D", on, GAMES["minimax"], 0.0)
    says = torch.cat(
        (model.discriminate(on.x, on.labels), model.discriminate(model.generate(on.z, on.labels), on.labels))
    )
    assert torch.allclose(judged[-1].values.flatten(), says)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("player", "DG")
@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.family)
def test_norms_are_those_of_backward(experiment, player, loss):
    model, game = model_of(experiment), GAMES[loss]
    on = batch(model, experiment, 1)
    rows = layers(model, experiment, loss, 1).meta[player]
    norms = verdicts(model, experiment, loss, 1).meta["norm"]
    total, _ = play(model, player, on, game, experiment.penalty)
    part = {"D": model.discriminator, "G": model.generator}[player]
    part.requires_grad_()
    fake = model.discriminate(model.generate(on.z, on.labels), on.labels)
    by_hand = game.generate(fake) if player == "G" else game.discriminate(model.discriminate(on.x, on.labels), fake)
    if player == "D" and game.penalised:
        share = on.mix.view(-1, *[1] * (on.x.dim() - 1))
        between = (share * on.x + (1 - share) * model.generate(on.z, on.labels)).detach().requires_grad_()
        (slope,) = torch.autograd.grad(model.discriminate(between, on.labels).sum(), between, create_graph=True)
        by_hand = by_hand + experiment.penalty * (slope.flatten(1).norm(dim=1) - 1).square().mean()
    by_hand.backward()
    assert float(total) == pytest.approx(float(by_hand.detach()), rel=1e-9, abs=1e-12)
    expected = [
        math.sqrt(sum(float(weight.grad.square().sum()) for weight in weights))
        for layer in part.modules()
        if (weights := list(layer.parameters())) and not list(layer.children())
    ]
    assert [row["weights"] for row in rows if row["weights"] is not None] == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert norms[player] == pytest.approx(math.hypot(*expected), rel=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_losses_are_those_of_training(loss):
    experiment = PlaneGANExperiment(batch_size=32, loss=loss)
    model = model_of(experiment).float()
    objective = Adversarial(model, experiment)  # a critic that is clipped is clipped here
    on, told = batch(model, experiment, 5), verdicts(model, experiment, loss, 5).meta["loss"]
    for player in "DG":
        expected = objective.loss(player, lambda: (on.x, None), torch.Generator().manual_seed(5))
        assert told[player] == pytest.approx(float(expected.detach()), rel=1e-4, abs=1e-7)


def test_the_gradient_of_a_value_is_what_the_loss_changes_by():
    experiment, eps = EXPERIMENTS[1], 1e-5
    model = model_of(experiment)
    on = batch(model, experiment, 0)
    total, seen = play(model, "G", on, GAMES["non-saturating"], 0.0)
    hidden = seen[1].values.clone()  # after the ReLU
    hidden[3, 7] += eps
    rest = list(model.generator)[2:]
    for part in rest:
        hidden = part(hidden)
    moved = GAMES["non-saturating"].generate(model.discriminate(hidden))
    assert float(moved - total) / eps == pytest.approx(float(seen[1].slope[3, 7]), rel=1e-3)


def test_histograms_are_shares_and_count_what_is_zero():
    experiment = EXPERIMENTS[1]
    seen = layers(model_of(experiment), experiment, "minimax")
    for player in "DG":
        for kind in ("values", "slopes", "weights"):
            sums = seen.arrays[f"{player}_{kind}"].sum(1)
            empty = [kind == "weights" and row["weights"] is None for row in seen.meta[player]]
            assert sums == pytest.approx(np.where(empty, 0, 1), abs=1e-5)
    bins = inside._magnitudes([torch.tensor([0.0, 1e-30, 10.0**LOW * 1.01, 0.5, 10.0**HIGH * 5])])
    assert bins[0] == pytest.approx(0.4) and bins[1] == pytest.approx(0.2) and bins[-1] == pytest.approx(0.2)


def test_dead_and_saturated_units_are_counted():
    experiment = EXPERIMENTS[1]
    model = model_of(experiment)
    with torch.no_grad():
        model.generator[0].bias[:32] = -1e3  # a quarter of 128 units never fires
        model.generator[2].bias[:16] = 1e3  # a quarter of 64 pixels is always black
    rows = {row["kind"]: row for row in layers(model, experiment, "minimax").meta["G"]}
    assert rows["ReLU"]["idle"] == 0.25
    assert 0.25 <= rows["Sigmoid"]["idle"] < 0.3
    assert rows["Linear"]["idle"] is None
    black = rows["Sigmoid"]["rms"]  # a quarter of the pixels is 1
    on = batch(model, experiment, 0)
    assert black == pytest.approx(float(model.generate(on.z).square().mean().sqrt())) and black > 0.5


def test_slopes_of_the_two_losses_are_minus_sigma_and_minus_the_rest():
    logits = torch.linspace(-12, 12, 97, dtype=torch.float64)
    values, slopes = curve(GAMES["minimax"], logits)
    assert torch.allclose(values, torch.log(1 - torch.sigmoid(logits)))
    assert torch.allclose(slopes, -torch.sigmoid(logits))
    values, slopes = curve(GAMES["non-saturating"], logits)
    assert torch.allclose(values, -torch.log(torch.sigmoid(logits)))
    assert torch.allclose(slopes, torch.sigmoid(logits) - 1)


def test_where_d_is_sure_only_the_minimax_gradient_vanishes():
    experiment = EXPERIMENTS[1]
    model = model_of(experiment)
    with torch.no_grad():
        model.discriminator[-1].bias -= 12
    seen = saturation(model, experiment)
    norms = seen.meta["norms"]
    assert norms["non-saturating"] / norms["minimax"] > 1e3
    assert norms["wasserstein"] == norms["wasserstein-gp"] == norms["hinge"]
    assert norms["non-saturating"] == pytest.approx(norms["hinge"], rel=0.05)  # −log σ(l) is nearly −l there
    assert seen.meta["probability"] == pytest.approx(float(torch.sigmoid(torch.tensor(seen.arrays["fake"])).mean()))
    assert seen.arrays["logits"][0] <= seen.arrays["fake"].min()


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("minimax", (2 * math.log(2), -math.log(2))),
        ("non-saturating", (2 * math.log(2), math.log(2))),
        ("least-squares", (0.25, 0.125)),
        ("wasserstein", (0, None)),
        ("wasserstein-gp", (0, None)),
        ("hinge", (2, None)),
    ],
)
def test_losses_at_equilibrium(loss, expected):
    found = equilibrium(GAMES[loss])
    for player, value in zip("DG", expected, strict=True):
        assert found[player] is None if value is None else found[player] == pytest.approx(value)


def test_the_same_seed_is_the_same_batch_and_a_batch_has_a_largest_size():
    experiment = EXPERIMENTS[0]
    model = model_of(experiment)
    first, again, other = (batch(model, experiment, seed) for seed in (3, 3, 4))
    assert torch.equal(first.x, again.x) and torch.equal(first.z, again.z)
    assert not torch.equal(first.x, other.x)
    assert len(batch(model, experiment.replaced(batch_size=512), 0).x) == inside.LARGEST


def test_without_data_the_generator_is_still_seen(monkeypatch):
    def missing(experiment):
        raise DataUnavailable("There are no data.")

    monkeypatch.setattr(inside, "load", missing)
    for experiment in EXPERIMENTS:
        model = model_of(experiment)
        with pytest.raises(DataUnavailable):
            layers(model, experiment, "minimax")
        seen = layers(model, experiment, "minimax", data=False)
        assert "D" not in seen.meta and seen.meta["G"]
        says = verdicts(model, experiment, "minimax", data=False)
        assert set(says.arrays) == {"fake"} and set(says.meta["norm"]) == {"G"}
        assert saturation(model, experiment, data=False).meta["norms"]["minimax"] > 0
        with pytest.raises(ValueError, match="real data"):
            play(model, "D", batch(model, experiment, 0, data=False), GAMES["minimax"], 0.0)


@pytest.mark.parametrize(("loss", "line"), [("non-saturating", 0.0), ("least-squares", 0.5), ("hinge", None)])
def test_a_dotted_line_stands_only_where_one_number_is_the_best_of_a_d_that_cannot_tell(loss, line):
    assert verdicts(build(PlaneGANExperiment()), PlaneGANExperiment(), loss).meta["neutral"] == line
