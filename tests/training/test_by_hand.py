"""A training computed once more by hand, in float64, from the data and the losses up to the points of its curve."""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

import genlab
from genlab.data import images, plane
from genlab.data.table import Points, PointsSplit
from genlab.experiments.base import Experiment
from genlab.models import Model, build
from genlab.training.adversarial import LOSSES, gradient_penalty
from genlab.training.numerics import PLAIN
from genlab.training.run import Run

STEPS, BATCH, SEED, RATE = 10, 8, 3, 4e-3
TRAIN, VALIDATION, AT_ONCE = 27, 30, 20  # images: three batches an epoch and a rest, two unequal held-out batches
STRIDE, SHARE = 2, 1.0  # steps a point of the curve; passes of held-out losses for each of training
SMALL = {"batch_size": BATCH, "steps": STEPS, "seed": SEED, "learning_rate": RATE}
IMAGES = {
    "gated-pixelcnn-digits": {"channels": 4, "layers": 1},
    "gated-pixelcnn-mnist-binary": {"channels": 4, "layers": 1, "size": 14, "warm_up": 3},
    "pixelcnn-digits": {},
    "masked-lenet-digits": {},
}
FLOWS = ("nvp-2d", "maf-2d")


def experiment(name: str, **changes: object) -> Experiment:
    return genlab.experiment(name, **{**SMALL, **IMAGES.get(name, {}), **changes})


def few_images(dataset: str, size: int, levels: int) -> images.Images:
    generator, top = torch.Generator().manual_seed(0), 256 if levels == 2 else levels
    parts = []
    for n in (TRAIN, VALIDATION, 1):
        grey = torch.randint(top, (n, 1, size, size), generator=generator).byte()
        parts.append(images.Split(grey, torch.randint(10, (n,), generator=generator), levels))
    return images.Images(*parts)


def exact_points(**asked: object) -> Points:
    data = load_plane(**asked)
    return Points(PointsSplit(data.train.points.double()), PointsSplit(data.validation.points[:VALIDATION].double()))


load_plane = plane.load.__wrapped__  # what is drawn in float64 must not stay in the cache


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few data, float64, and a curve with several points."""
    monkeypatch.setattr(images, "load", few_images)
    monkeypatch.setattr(plane, "load", exact_points)
    monkeypatch.setattr(images, "HELD_OUT_BATCH", AT_ONCE)
    monkeypatch.setattr("genlab.training.schedule.CURVE_POINTS", STEPS // STRIDE)
    monkeypatch.setattr("genlab.training.schedule.HELD_OUT_SHARE", SHARE)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


# The recipe


def rate(step: int, rises: int = 0) -> float:
    """On a straight line up to its value, constant until six tenths of the steps, on a straight line to a tenth."""
    return RATE * min(1, (step + 1) / (rises + 1)) * (1 if step <= 6 else 1 - 0.9 * (step - 6) / 4)


def memory(step: int) -> float:
    """How much of the average stays."""
    return min((1 + step) / (10 + step), 0.9)


class Adam:
    """As in its paper, Kingma and Ba 2015, with a gradient that is at most so long."""

    def __init__(self, part: nn.Module, beta1: float, longest: float = math.inf) -> None:
        self.weights = list(part.parameters())
        self.beta1, self.longest, self.t = beta1, longest, 0
        self.m, self.v = ([torch.zeros_like(weight) for weight in self.weights] for _ in range(2))

    def move(self, loss: Tensor, learning_rate: float) -> float:
        gradient = torch.autograd.grad(loss, self.weights)
        length = math.sqrt(sum(float(g.square().sum()) for g in gradient))
        self.t += 1
        for k, g in enumerate(gradient):
            g = g * min(1.0, self.longest / length)
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * g
            self.v[k] = 0.999 * self.v[k] + 0.001 * g**2
            m, v = self.m[k] / (1 - self.beta1**self.t), self.v[k] / (1 - 0.999**self.t)
            self.weights[k].data -= learning_rate * m / (v.sqrt() + 1e-8)
        return float(loss.detach())


def batches(train: images.Split | PointsSplit, draws: torch.Generator) -> Iterator[tuple[Tensor, Tensor | None]]:
    """Every epoch in an order of its own; what does not fill a batch is left out."""
    shuffle = torch.Generator().manual_seed(SEED)
    while True:
        order = torch.randperm(len(train), generator=shuffle)
        for k in range(len(train) // BATCH):
            index = order[k * BATCH : (k + 1) * BATCH]
            if isinstance(train, PointsSplit):
                yield train.points[index], None
                continue
            x = train.images[index]
            if train.levels == 2:
                x = torch.rand(x.shape, generator=draws) * 255 < x
            yield x.long(), train.labels[index]


def nats(model: Model, x: Tensor, labels: Tensor | None, draws: torch.Generator, times: int = 1) -> Tensor:
    """Mean −log p of a point, or of a pixel: of a masked network of so many random ones of each image."""
    if x.dim() == 2:
        z, log_det = model(x)
        return (z.square().sum(1) / 2 + math.log(2 * math.pi) - log_det).mean()
    logits = model.logits(x, labels if model.conditional else None)
    surprise = -torch.log_softmax(logits, 1).gather(1, x).flatten(1)  # (N, pixels)
    if not model.one_pass:
        drawn = [torch.randint(surprise.shape[1], (len(x),), generator=draws) for _ in range(times)]
        surprise = surprise.gather(1, torch.stack(drawn, 1))
    return surprise.mean()


@torch.no_grad()
def held_out(model: Model, validation: images.Split | PointsSplit) -> float:
    """The mean over all held-out data: of a masked network at eight pixels of each image, always the same ones."""
    if isinstance(validation, PointsSplit):
        return float(nats(model, validation.points, None, torch.Generator()))
    x, draws = validation.images, torch.Generator().manual_seed(0)
    if validation.levels == 2:
        x = torch.rand(x.shape, generator=torch.Generator().manual_seed(20100513)).mul(255) < x
    parts = zip(x.long().split(AT_ONCE), validation.labels.split(AT_ONCE), strict=True)
    return sum(len(part) * float(nats(model, part, labels, draws, times=8)) for part, labels in parts) / len(x)


def assert_equal(one: nn.Module, other: nn.Module) -> None:
    for name, tensor in one.state_dict().items():
        torch.testing.assert_close(tensor, other.state_dict()[name], rtol=0, atol=1e-8)


def unequal(one: nn.Module, other: nn.Module) -> bool:
    return any(not torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.parametrize("name", [*IMAGES, *FLOWS])
def test_a_likelihood_is_trained_as_by_hand(name: str) -> None:
    asked = experiment(name)
    rises = IMAGES.get(name, {}).get("warm_up", 0)
    run, model, average, best = Run(asked, how=PLAIN), *(build(asked) for _ in range(3))
    data, unit = run.task.data(), math.log(2) if name in IMAGES else 1.0
    draws, adam = torch.Generator().manual_seed(SEED), Adam(model, 0.9, longest=1.0)
    passes = VALIDATION * (8 if name.startswith("masked") else 1)
    stride = min(STEPS, max(STRIDE, math.ceil(passes / (3 * SHARE * BATCH))))  # a step costs three passes
    losses: list[float] = []
    curve, smooth, lowest, best_step = [], 0.0, math.inf, None
    for step, (x, labels) in zip(range(STEPS), batches(data.train, draws), strict=False):
        assert run.advance(steps=0).learning_rate == pytest.approx(rate(step, rises))
        losses.append(adam.move(nats(model, x, labels, draws), rate(step, rises)))
        for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
            mean.data.copy_(memory(step) * mean + (1 - memory(step)) * weight)
        smooth = losses[0] if step == 0 else 0.95 * smooth + 0.05 * losses[-1]
        told = run.advance(steps=1)
        assert told.losses == {"train": pytest.approx(smooth / unit)}
        assert_equal(model, run.model)
        assert_equal(average, run.average())
        if (step + 1) % STRIDE == 0:
            curve.append((step + 1, pytest.approx(sum(losses[-STRIDE:]) / STRIDE / unit), None))
        if (step + 1) % stride == 0 or step + 1 == STEPS:
            loss, kept = held_out(average, data.validation), average
            if step + 1 == STEPS and (last := held_out(model, data.validation)) < loss:
                loss, kept = last, model
            curve.append((step + 1, None, pytest.approx(loss / unit)))
            if loss < lowest:
                lowest, best_step = loss, step + 1
                best.load_state_dict(kept.state_dict())
            assert_equal(best, run.best())
        assert told.best_step == best_step
        assert told.best_loss == (None if best_step is None else pytest.approx(lowest / unit))
    assert sorted(run.curve, key=lambda point: (point[0], point[1] is None)) == curve
    assert unequal(model, average)


def test_the_best_average_is_kept_where_the_held_out_loss_rises_again() -> None:
    run = Run(experiment("gated-pixelcnn-digits"), how=PLAIN)
    validation, seen = run.task.data().validation, {}
    while run.step < STEPS:
        run.advance(steps=STRIDE)
        seen[run.step] = held_out(run.average(), validation), run.average()
        for weight in run.model.parameters() if run.step == 6 else []:
            weight.data.mul_(10)  # from here on it is worse
    step = min(seen, key=lambda step: seen[step][0])
    assert step < STEPS
    assert run.advance(steps=0).best_step == step
    assert_equal(seen[step][1], run.best())


def test_the_last_weights_are_kept_where_the_average_stays_behind() -> None:
    asked = experiment("gated-pixelcnn-digits")
    run = Run(asked, how=PLAIN)
    run.advance(steps=STEPS - 1)
    for weight in run._average.parameters():
        weight.data.mul_(100)  # sure, and wrong
    told = run.advance()
    last = copy.deepcopy(run.model).eval()
    assert_equal(last, run.best())
    assert told.best_step == STEPS
    assert told.best_loss == pytest.approx(held_out(last, run.task.data().validation) / math.log(2))


@pytest.mark.parametrize("name", IMAGES)
def test_a_model_that_knows_nothing_needs_log2_of_the_levels_for_every_pixel(name: str) -> None:
    asked = experiment(name, learning_rate=1e-5)
    run = Run(asked, how=PLAIN)
    for part in (run.model, run._average):
        for weight in part.parameters():
            weight.data.zero_()
    told = run.advance()
    losses = [told.losses["train"], asked.top, *(value for point in told.curve for value in point[1:] if value)]
    assert losses == pytest.approx([math.log2(asked.levels)] * len(losses), abs=1e-3)
    assert asked.unit.name == "bits/dim"


# A game


def together(z: Tensor, labels: Tensor | None) -> Tensor:
    """Noise, or intensities, with the class as one-hot beside them."""
    if labels is None:
        return z
    one_hot = torch.eye(10)[labels].view(len(z), 10, *[1] * (z.dim() - 2))
    return torch.cat((z, one_hot.expand(-1, -1, *z.shape[2:])), 1)


@pytest.mark.parametrize(
    ("name", "loss", "changes"),
    [
        *(("gan-2d", loss, {}) for loss in LOSSES),
        ("gan-digits", "non-saturating", {}),
        ("gan-digits", "wasserstein", {"conditional": True}),
        ("dcgan-digits", "wasserstein-gp", {"conditional": True}),
    ],
)
def test_a_game_is_played_as_by_hand(name: str, loss: str, changes: dict[str, bool]) -> None:
    """The losses of what D says have laws of their own; here each player meets the right noise, data and classes."""
    k, played = 3, LOSSES[loss]
    asked = experiment(name, loss=loss, k=k, **changes)
    run, model = Run(asked, how=PLAIN), build(asked)
    beta1 = 0.9 if name == "gan-digits" else 0.5
    D, G = Adam(model.discriminator, beta1), Adam(model.generator, beta1)

    def says(x: Tensor, labels: Tensor | None) -> Tensor:
        return model.discriminator(together(x, labels)).flatten()

    def clip() -> None:
        for weight in D.weights if loss == "wasserstein" else []:
            weight.data.clamp_(-asked.clip, asked.clip)

    clip()
    draws = torch.Generator().manual_seed(SEED)
    data = batches(run.task.data().train, draws)
    losses: dict[str, list[float]] = {"D": [], "G": []}
    smooth, curve = {}, []
    for step in range(STEPS):
        for player in "DDDG":
            z = torch.randn(BATCH, model.latent, generator=draws)
            if player == "D":
                x, labels = next(data)
                mix = torch.rand(BATCH, generator=draws)
                labels = labels if model.conditional else None
                real = x if x.dim() == 2 else x / (asked.levels - 1)
                fake = model.generator(together(z, labels)).detach()
                total = played.discriminate(says(real, labels), says(fake, labels))
                if loss == "wasserstein-gp":
                    total += asked.penalty * gradient_penalty(functools.partial(says, labels=labels), real, fake, mix)
                losses["D"].append(D.move(total, rate(step)))
                clip()
            else:
                labels = torch.randint(10, (BATCH,), generator=draws) if model.conditional else None
                made = says(model.generator(together(z, labels)), labels)
                losses["G"].append(G.move(played.generate(made), rate(step)))
            before = smooth.get(player, losses[player][-1])
            smooth[player] = 0.95 * before + 0.05 * losses[player][-1]
        told = run.advance(steps=1)
        assert_equal(model, run.model)
        assert told.losses == {player: pytest.approx(value) for player, value in smooth.items()}
        if (step + 1) % STRIDE == 0:
            means = [sum(losses[each][-n:]) / n for each, n in (("D", k * STRIDE), ("G", STRIDE))]
            curve.append((step + 1, *map(pytest.approx, means)))
    assert run.curve == curve
    assert_equal(model, run.best())
