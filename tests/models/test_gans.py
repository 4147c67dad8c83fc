"""Laws of games: who changes what, what the losses are, how made points are judged."""

from __future__ import annotations

import math
import re

import pytest
import torch
from torch import nn

import genlab
from genlab.catalog import CATALOG
from genlab.data import plane
from genlab.evaluation.coverage import coverage
from genlab.experiments.principles import FORMULAS, ByGame
from genlab.experiments.principles import LOSSES as NAMES
from genlab.models import build
from genlab.models.gan import DCGAN, PlaneGAN, VanillaGAN
from genlab.training.adversarial import LOSSES, gradient_penalty
from genlab.training.run import Run
from genlab.views.game import game, played, push, told
from genlab.views.plane import HALF, _histogram, jensen_shannon

GAMES = [name for name, entry in CATALOG.items() if isinstance(entry.experiment, ByGame)]
SMALL = ["gan-2d", "gan-digits", "dcgan-digits"]  # their data are always at hand
X = torch.float64


def run(name: str, **changes: object) -> Run:
    return Run(genlab.experiment(name, **{"batch_size": 8, "steps": 40, **changes}))


def weights(part: nn.Module) -> list[torch.Tensor]:
    return [weight.detach().clone() for weight in part.parameters()]


def equal(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_declaration_names_every_loss() -> None:
    assert set(NAMES) == set(LOSSES)
    assert ByGame.options("loss") == list(NAMES)


@pytest.mark.parametrize("loss", NAMES)
@pytest.mark.parametrize("name", SMALL)
def test_a_move_changes_its_player_and_leaves_the_other_untouched_to_the_bit(name: str, loss: str) -> None:
    game = run(name, loss=loss)
    players = {"D": game.model.discriminator, "G": game.model.generator}
    for player in ("D", "G", "G", "D", "D"):
        before = {each: weights(part) for each, part in players.items()}
        game.move(player)
        for each, part in players.items():
            assert equal(before[each], weights(part)) == (each != player)
    assert all(weight.grad is None for weight in game.model.parameters())
    assert (game.moves, game.step) == (5, 2)  # a move of G ends a step


@pytest.mark.parametrize("name", SMALL)
def test_moves_one_by_one_are_a_training(name: str) -> None:
    whole, single = run(name, k=3), run(name, k=3)
    assert single.round == ("D", "D", "D", "G")
    told = whole.advance(steps=2)
    for player in single.round * 2:
        single.move(player)
    assert equal(weights(whole.model), weights(single.model))
    one_by_one = single.advance(steps=0)
    assert (one_by_one.losses, one_by_one.curve, one_by_one.moves) == (told.losses, told.curve, 8)
    assert [len(point) for point in told.curve] == [3, 3]
    assert told.curve[0][1] is not None
    assert told.curve[0][2] is not None


def test_a_player_who_does_not_exist_has_no_move() -> None:
    with pytest.raises(KeyError):
        run("gan-2d").move("E")


@pytest.mark.parametrize("loss", NAMES)
def test_a_seed_reproduces_a_game_and_another_does_not(loss: str) -> None:
    one, again, other = (run("gan-2d", loss=loss, seed=seed) for seed in (3, 3, 4))
    for each in (one, again, other):
        each.advance(steps=5)
    assert equal(weights(one.model), weights(again.model))
    assert one.curve == again.curve
    assert not equal(weights(one.model), weights(other.model))


def test_games_for_different_losses_meet_the_same_noise_and_data() -> None:
    games = [run("gan-2d", loss=loss) for loss in NAMES]
    for each in games:
        each.advance(steps=7)
    first = games[0]
    for each in games[1:]:
        assert torch.equal(each._draws.get_state(), first._draws.get_state())
        assert torch.equal(each._order, first._order)


def test_a_clipped_critic_is_clipped_from_the_beginning() -> None:
    game = run("gan-2d", loss="wasserstein", learning_rate=0.05)
    clip = game.experiment.clip
    for _ in range(3):
        assert all(weight.abs().max() <= clip for weight in game.model.discriminator.parameters())
        game.move("D")
    assert any(weight.abs().max() > clip for weight in game.model.generator.parameters())


def test_the_gradient_penalty_is_autograd_by_hand() -> None:
    generator = torch.Generator().manual_seed(0)
    real, fake = (torch.randn(6, 3, generator=generator, dtype=X) for _ in range(2))
    mix = torch.rand(6, generator=generator, dtype=X)
    w = torch.randn(3, generator=generator, dtype=X, requires_grad=True)
    flat = gradient_penalty(lambda x: x @ w, real, fake, mix)  # the slope of a plane is its normal, everywhere
    norm = w.detach().norm()
    assert float(flat.detach()) == pytest.approx(float((norm - 1) ** 2), abs=1e-12)
    (slope,) = torch.autograd.grad(flat, w)
    torch.testing.assert_close(slope, 2 * (norm - 1) * w.detach() / norm, rtol=1e-12, atol=1e-12)

    bowl = gradient_penalty(
        lambda x: 0.5 * x.square().sum(1), real, fake, mix
    ).detach()  # here the slope is the place itself
    between = mix[:, None] * real + (1 - mix[:, None]) * fake
    assert float(bowl) == pytest.approx(float((between.norm(dim=1) - 1).square().mean()), abs=1e-12)


def test_losses_are_what_the_papers_say() -> None:
    real, fake = torch.tensor([0.3, 2.0], dtype=X), torch.tensor([-1.0, 0.5], dtype=X)
    d_real, d_fake = torch.sigmoid(real), torch.sigmoid(fake)
    cross = -(d_real.log().mean() + (1 - d_fake).log().mean())
    expected = {
        "minimax": (cross, (1 - d_fake).log().mean()),
        "non-saturating": (cross, -d_fake.log().mean()),
        "least-squares": (((real - 1) ** 2 / 2).mean() + (fake**2 / 2).mean(), ((fake - 1) ** 2 / 2).mean()),
        "wasserstein": (fake.mean() - real.mean(), -fake.mean()),
        "wasserstein-gp": (fake.mean() - real.mean(), -fake.mean()),
        "hinge": (torch.tensor((0.7 + 0) / 2 + (0 + 1.5) / 2), -fake.mean()),
    }
    for name, loss in LOSSES.items():
        assert float(loss.discriminate(real, fake)) == pytest.approx(float(expected[name][0]), abs=1e-7), name
        assert float(loss.generate(fake)) == pytest.approx(float(expected[name][1]), abs=1e-7), name
    undecided = torch.zeros(4, dtype=X)
    assert float(LOSSES["minimax"].discriminate(undecided, undecided)) == pytest.approx(2 * math.log(2))
    assert float(LOSSES["non-saturating"].generate(undecided)) == pytest.approx(math.log(2))


@pytest.mark.parametrize("name", ["minimax", "least-squares", "hinge"])
def test_the_best_discriminator_is_neutral_where_real_and_made_are_equally_likely(name: str) -> None:
    scores = torch.linspace(-3, 3, 6001, dtype=X)  # of one place, where as many real as made points lie
    losses = torch.stack([LOSSES[name].discriminate(score[None], score[None]) for score in scores])
    least = scores[losses <= losses.min() + 1e-12]
    neutral = LOSSES[name].neutral
    assert neutral is not None
    assert least.min() - 1e-3 <= neutral <= least.max() + 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_formulas_of_the_pages_are_the_losses(name: str) -> None:
    """Of one real and one made datum, so that every mean is the number itself."""
    real, fake, slope = 0.3, -0.4, 1.7
    loss = LOSSES[name]
    at = {"r": real, "f": fake, "s": slope, "lam": 10.0, "log": math.log, "max": max}
    if loss.sigmoid:
        at |= {"r": 1 / (1 + math.exp(-real)), "f": 1 / (1 + math.exp(-fake))}
    values = []
    for formula in FORMULAS[name]:  # type: ignore[index]
        text = re.sub(r"\\mathbb\{E\}_(x|z|\{\\hat x\})|\\,|\\big", "", formula)
        for latex, python in (
            (r"\lVert \nabla D(\hat x) \rVert", "s"),
            ("D(G(z))", "f"),
            ("D(x)", "r"),
            (r"\tfrac12", "0.5 *"),
            (r"\lambda", "lam *"),
            (r"\max", "max"),
            ("^2", "**2"),
        ):
            text = text.replace(latex, python)
        values.append(eval(re.sub(r"\\log\s*(\w|\(.*?\))", r"log(\1)", text), {}, at))
    each = [torch.tensor([x], dtype=X) for x in (real, fake)]
    penalty = 10 * (slope - 1) ** 2 if loss.penalised else 0
    assert values[0] == pytest.approx(float(loss.discriminate(*each)) + penalty)
    assert values[1] == pytest.approx(float(loss.generate(each[1])))


@pytest.mark.parametrize("name", NAMES)
def test_d_is_told_the_gradient_of_its_loss(name: str) -> None:
    real, fake = torch.tensor([-2.0, 0.5, 3.0], dtype=X), torch.tensor([-2.0, 0.5], dtype=X)
    expected = {
        "least-squares": (1 - real, -fake),
        "hinge": ((real < 1) * 1.0, -((fake > -1) * 1.0)),
        "wasserstein": (torch.ones(3), -torch.ones(2)),
    }
    log = (1 - torch.sigmoid(real), -torch.sigmoid(fake))
    more, less = expected.get(name.removesuffix("-gp"), log)
    for found, by_hand in zip(told(LOSSES[name], real, fake), (more, less), strict=True):
        torch.testing.assert_close(found, by_hand.to(X))


@pytest.mark.parametrize("loss", NAMES)
def test_the_arrows_are_the_generators_gradient(loss: str) -> None:
    model = PlaneGAN(hidden=8).double()
    x = torch.randn(5, 2, generator=torch.Generator().manual_seed(0), dtype=X)
    arrows, step = push(model, LOSSES[loss], x), 1e-6
    for i in range(2):
        ahead, behind = x.clone(), x.clone()
        ahead[:, i] += step
        behind[:, i] -= step
        for n in range(5):
            above, below = (float(LOSSES[loss].generate(model.discriminate(at[n : n + 1]))) for at in (ahead, behind))
            assert float(arrows[n, i]) == pytest.approx(-(above - below) / (2 * step), abs=1e-6)


def test_a_picture_of_a_game_and_a_round_of_it() -> None:
    model = run("gan-2d").model
    assert isinstance(model, PlaneGAN)
    seen = game(model, "non-saturating", "moons")
    assert seen.arrays["fake"].shape == (1, 400, 2)
    torch.testing.assert_close(
        torch.from_numpy(seen.arrays["fake"][0]), model.generate(torch.from_numpy(seen.arrays["z"]))
    )
    row, column = 3, 30  # from the top, from the left
    place = torch.tensor([[(column + 0.5) * 2 * HALF / 40 - HALF, HALF - (row + 0.5) * 2 * HALF / 40]])
    says = torch.sigmoid(model.discriminate(place))
    assert float(seen.arrays["heat"][0, row, column]) == pytest.approx(float(says), abs=1e-5)
    both = played([seen, seen, seen], ["D", "G"])
    assert both.arrays["heat"].shape == (3, 40, 40)
    assert both.arrays["z"].shape == (400, 2)
    assert both.meta["moves"] == ["D", "G"]


def test_the_post_s_network() -> None:
    model = VanillaGAN(28, 256)
    shapes = [tuple(weight.shape) for weight in model.generator.parameters()]
    assert shapes == [(128, 100), (128,), (784, 128), (784,)]
    assert [tuple(weight.shape) for weight in model.discriminator.parameters()] == [(128, 784), (128,), (1, 128), (1,)]
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            few = 4 / math.sqrt(2 * layer.weight.numel())  # four standard errors
            assert float(layer.weight.std()) == pytest.approx(math.sqrt(2 / layer.in_features), rel=few)
            assert (layer.bias == 0).all()
    experiment = genlab.experiment("gan-mnist")
    assert (experiment.batch_size, experiment.learning_rate, experiment.k, experiment.beta1) == (64, 1e-3, 1, 0.9)


@pytest.mark.parametrize("name", [name for name in GAMES if name != "gan-2d"])
@pytest.mark.parametrize("conditional", [False, True])
def test_images_of_a_game(name: str, conditional: bool) -> None:
    model = build(genlab.experiment(name, conditional=conditional)).eval()
    images = model.sample(12, torch.Generator().manual_seed(0))
    assert images.shape == (12, 1, model.size, model.size)
    assert images.min() >= 0
    assert images.max() <= 1
    assert torch.equal(images, model.sample(12, torch.Generator().manual_seed(0)))
    labels = torch.arange(12) % 10 if conditional else None
    assert model.discriminate(images, labels).shape == (12,)
    z = model.noise(2, torch.Generator().manual_seed(0))
    both, one = (model.generate(part, None if labels is None else labels[: len(part)]) for part in (z, z[:1]))
    torch.testing.assert_close(both[:1], one)  # what becomes of one z depends on no other
    if conditional:
        with pytest.raises(ValueError, match="needs labels: 2 classes from 0 to 9"):
            model.generate(z)
        assert not torch.equal(model.generate(z, torch.tensor([1, 1])), model.generate(z, torch.tensor([2, 2])))
    with pytest.raises(ValueError, match="noise has the shape"):
        model.generate(z[:, :3])


def test_what_the_discriminator_of_a_dcgan_says_is_strided_convolutions_with_leaky_units() -> None:
    model, x = DCGAN(8, 17), torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    one, _, two, _, _, last = model.discriminator
    h = x
    for convolution in (one, two):
        h = nn.functional.conv2d(h, convolution.weight, convolution.bias, stride=2, padding=1)
        h = torch.where(h > 0, h, 0.2 * h)
    torch.testing.assert_close(model.discriminate(x), last(h.flatten(1)).flatten())


@pytest.mark.parametrize("name", ["gan-digits", "dcgan-digits"])
def test_while_a_gan_trains_what_becomes_of_one_z_depends_on_no_other(name: str) -> None:
    model = build(genlab.experiment(name)).train()
    z = model.noise(5, torch.Generator().manual_seed(0))
    torch.testing.assert_close(model.generate(z)[:1], model.generate(z[:1]))


def test_intensities_are_levels_brought_to_the_range_of_the_generator() -> None:
    levels = torch.tensor([0, 8, 16]).view(1, 1, 1, 3)
    assert DCGAN(8, 17).real(levels).flatten().tolist() == [0, 0.5, 1]


def test_data_cover_themselves_and_a_single_mode_is_a_collapse() -> None:
    for name in ("moons", "rings", "pinwheel", "checkerboard", "spirals", "gaussians", "letters"):
        aim = plane.target(name)
        covered = coverage(aim.sample(4000, torch.Generator().manual_seed(1)), name)
        assert covered.good is not None
        assert covered.good > 0.98
        assert covered.reached > 0.98
        assert covered.collapse() == ""
    assert covered.modes is None
    one = torch.tensor([2.0, 0.0]) + 0.1 * torch.randn(1000, 2, generator=torch.Generator().manual_seed(0))
    lost = coverage(one, "gaussians")
    assert (lost.found, lost.modes) == (1, 8)
    assert lost.good == pytest.approx(1 - math.exp(-4.5), abs=0.01)  # within 3σ of a normal in the plane
    assert lost.collapse() == "Mode collapse: only 1 of 8 modes are found."
    half = plane.target("moons").sample(4000, torch.Generator().manual_seed(1))
    assert "reach only" in coverage(half[half[:, 1] > 0.3], "moons").collapse()
    nowhere = coverage(torch.full((100, 2), 50.0), "gaussians")
    assert (nowhere.good, nowhere.reached, nowhere.found) == (0.0, 0.0, 0)
    assert nowhere.collapse() == ""  # it has learnt nothing yet


def test_a_datum_is_reached_within_a_quarter_and_a_mode_found_by_a_fifth_of_its_share() -> None:
    data = plane.load("moons", "", 0).validation.points
    one = torch.tensor([[0.3, 0.5]])
    assert coverage(one, "moons").reached == float(((data - one).norm(dim=1) < 0.25).float().mean()) > 0
    middles = plane.target("gaussians").modes
    assert middles is not None
    for few, found in ((20, 8), (19, 7)):  # 100 would be fair
        counts = torch.tensor([100] * 6 + [200 - few, few])
        samples = middles.repeat_interleave(counts, 0)
        assert len(samples) == 800
        assert (coverage(samples, "gaussians").found, coverage(samples, "gaussians").good) == (found, 1)
    ring = middles[:1] + 0.1 * torch.tensor([[2.99, 0], [3.01, 0]])  # standard deviations from a mode
    assert coverage(ring, "gaussians").good == 0.5


def test_every_cell_of_the_mesh_holds_the_mass_that_is_told() -> None:
    seen = game(PlaneGAN(hidden=4), "minimax", "moons", side=5, count=10)
    line = torch.from_numpy(seen.arrays["z_mesh"]).double().view(5, 5, 2)[0, :, 0]
    for mass in torch.special.ndtr(line).diff().tolist():
        assert mass**2 == pytest.approx(seen.meta["mass"], rel=1e-5)


def test_the_lines_at_equilibrium_are_the_losses_where_made_data_are_as_likely_as_real_ones() -> None:
    same = torch.zeros(5, dtype=X)
    for name in ("minimax", "non-saturating"):
        told = [line.value for line in genlab.experiment("gan-2d", loss=name).lines()]
        assert told == pytest.approx([float(LOSSES[name].discriminate(same, same)), float(LOSSES[name].generate(same))])


def test_histograms_hold_all_mass_and_count_what_lies_outside() -> None:
    inside = torch.rand(500, 2, generator=torch.Generator().manual_seed(0)) * 4 - 2
    outside = inside + 100
    for points in (inside, outside, torch.cat((inside, outside))):
        assert float(_histogram(points).sum()) == pytest.approx(1, abs=1e-12)
    assert float(_histogram(outside)[-1]) == 1
    assert jensen_shannon(inside, outside) == pytest.approx(math.log(2))
    assert jensen_shannon(inside, torch.cat((inside, outside))) == pytest.approx(0.2157615543, abs=1e-9)
