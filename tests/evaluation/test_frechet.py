"""Image GANs are judged: the distance is the mathematicians', the classifier sees digits, the numbers add up."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor

import genlab
from genlab.data import images
from genlab.errors import CheckpointError
from genlab.evaluation import classifier as judges
from genlab.evaluation.classifier import Classifier, classifier, moments
from genlab.evaluation.frechet import frechet
from genlab.evaluation.sample_quality import collapse, sample_quality
from genlab.figures.classes import classes
from genlab.figures.colours import LIGHT
from genlab.models import build
from genlab.models.gan import ImageGAN
from genlab.ui.gans.numbers import sentence
from genlab.views.judged import judged


def gaussian(dim: int, rank: int, seed: int) -> tuple[Tensor, Tensor]:
    """A mean (D,) and a covariance (D, D) of that rank."""
    generator = torch.Generator().manual_seed(seed)
    factor = torch.randn(dim, rank, generator=generator, dtype=torch.float64)
    return torch.randn(dim, generator=generator, dtype=torch.float64), factor @ factor.T


class Drawn(ImageGAN):
    """A generator that draws given images, (N, 1, 28, 28), one after the other, whatever the noise."""

    def __init__(self, drawn: Tensor, conditional: bool = False) -> None:
        super().__init__(torch.nn.Linear(1, 1), torch.nn.Identity(), 1, conditional, 28, 256)
        self.drawn, self.at = drawn, 0

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        index = torch.arange(self.at, self.at + len(z)) % len(self.drawn)
        self.at += len(z)
        return self.drawn[index]


# The distance


@pytest.mark.parametrize("rank", [1, 5, 8])
def test_equal_gaussians_have_no_distance(rank: int) -> None:
    assert frechet(*gaussian(8, rank, 0), *gaussian(8, rank, 0)) <= 1e-10


def test_on_the_line_it_is_the_squared_difference_of_means_and_of_standard_deviations() -> None:
    mean, variance = torch.tensor([1.0, 4.0]), torch.tensor([4.0, 25.0])
    distance = frechet(mean[:1], variance[:1, None], mean[1:], variance[1:, None])
    assert distance == pytest.approx((1 - 4) ** 2 + (2 - 5) ** 2, abs=1e-12)


def test_diagonal_covariances_have_a_closed_form() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second = torch.rand(2, 6, generator=generator, dtype=torch.float64)
    mean = torch.arange(6.0)
    expected = float(mean.square().sum() + (first.sqrt() - second.sqrt()).square().sum())
    assert frechet(mean, first.diag(), 0 * mean, second.diag()) == pytest.approx(expected, rel=1e-12)


def test_it_is_symmetric_and_does_not_depend_on_the_axes() -> None:
    (mean1, cov1), (mean2, cov2) = gaussian(7, 9, 1), gaussian(7, 9, 2)
    distance = frechet(mean1, cov1, mean2, cov2)
    assert distance == pytest.approx(frechet(mean2, cov2, mean1, cov1), rel=1e-12)
    q, _ = torch.linalg.qr(gaussian(7, 7, 3)[1])
    assert distance == pytest.approx(frechet(q @ mean1, q @ cov1 @ q.T, q @ mean2, q @ cov2 @ q.T), rel=1e-10)


def test_the_trace_of_the_root_is_that_of_the_eigenvalues_of_the_product() -> None:
    (mean1, cov1), (mean2, cov2) = gaussian(5, 6, 4), gaussian(5, 7, 5)
    root = torch.linalg.eigvals(cov1 @ cov2).real.sqrt().sum()
    expected = float((mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * root)
    assert frechet(mean1, cov1, mean2, cov2) == pytest.approx(expected, rel=1e-10)


def test_singular_covariances_are_no_trouble() -> None:
    zero, point = torch.zeros(3), torch.zeros(3, 3)
    line, across = torch.tensor([9.0, 0, 0]).diag(), torch.tensor([0, 4.0, 0]).diag()
    assert frechet(zero, line, zero, point) == pytest.approx(9)
    assert frechet(zero, line, zero, across) == pytest.approx(13)
    assert frechet(zero, line, zero, line) == pytest.approx(0, abs=1e-12)


# The classifier


def test_a_classifier_comes_back_bit_for_bit_and_a_damaged_one_is_one_sentence() -> None:
    data = judges.WEIGHTS.read_bytes()
    known = judges.loads(data)
    assert judges.dumps(known) == data
    assert len(data) < 1e6
    state, header = known.state_dict(), {"report": json.dumps({"accuracy": 1})}
    report = {"report": json.dumps(vars(known.report))}
    broken = (
        b"",
        b"\x80\x04 pickled",
        data[:-10],
        safetensors.torch.save(state),
        safetensors.torch.save(state, header),
        safetensors.torch.save(state | {"mean": torch.zeros(3)}, report),
        safetensors.torch.save({name: tensor for name, tensor in state.items() if name != "mean"}, report),
        safetensors.torch.save(state | {"mean": state["mean"] * math.nan}, report),
    )
    for content in broken:
        with pytest.raises(CheckpointError, match=r"^[A-Z].*\.$"):
            judges.loads(content)


def test_a_classifier_that_is_missing_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "WEIGHTS", tmp_path / "none.safetensors")
    with pytest.raises(CheckpointError, match=f"cannot be read: {judges.COMMAND} makes it"):
        classifier.__wrapped__()


def test_a_training_repeats_itself_and_leaves_the_global_generator_alone() -> None:
    generator = torch.Generator().manual_seed(0)
    few = images.Split(torch.randint(0, 256, (100, 1, 28, 28), generator=generator).byte(), torch.arange(100) % 10, 256)
    before = torch.get_rng_state()
    first, second = judges.train(few, few), judges.train(few, few)
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(tensor, second.state_dict()[name]) for name, tensor in first.state_dict().items())


def test_a_training_keeps_the_epoch_with_the_lowest_loss_on_the_validation_images(monkeypatch) -> None:
    """What it learns, that everything is a 0, is wrong of the validation images: the less of it, the better."""
    grey = torch.randint(0, 256, (200, 1, 28, 28), generator=torch.Generator().manual_seed(0)).byte()
    learnt, held_out = (images.Split(grey, torch.full((200,), label), 256) for label in (0, 1))
    see, losses = Classifier.see, []

    def seen(model: Classifier, x: Tensor) -> tuple[Tensor, Tensor]:
        features, logits = see(model, x)
        losses.append(float(torch.nn.functional.cross_entropy(logits, held_out.labels)))
        return features, logits

    monkeypatch.setattr(Classifier, "see", seen)
    judges.train(learnt, held_out).see(held_out.images)
    *epochs, kept = losses
    assert kept == pytest.approx(min(epochs), abs=1e-6)
    assert min(epochs) < epochs[-1] - 1e-3


def test_moments_are_the_mean_and_the_unbiased_covariance() -> None:
    points = torch.tensor([[1.0, 2], [3, -1], [0, 0], [2, 5], [-4, 1]])
    mean, covariance = moments(points)
    assert mean.tolist() == [0.4, 1.4]
    np.testing.assert_allclose(covariance, np.cov(points.numpy().T), rtol=1e-12)


def test_what_is_told_of_real_images_is_computed_from_them() -> None:
    """A floor: the mean distance between the test images and so many training images, over all disjoint sets."""
    generator = torch.Generator().manual_seed(0)
    model = Classifier()
    train, test = (
        images.Split(torch.randint(0, 256, (n, 1, 28, 28), generator=generator).byte(), torch.arange(n) % 10, 256)
        for n in (11, 7)
    )
    judges.describe(model, train, test, (3, 4))
    with torch.no_grad():
        real, seen = (model.features(split.images / 255).double() for split in (train, test))
        chances = model(test.images / 255).softmax(1)
    mean, covariance = seen.mean(0), seen.T.cov()
    floors = {
        n: [frechet(part.mean(0), part.T.cov(), mean, covariance) for part in real[: 11 // n * n].split(n)]
        for n in (3, 4)
    }
    torch.testing.assert_close((model.mean, model.covariance), (mean, covariance))
    assert model.report.floors == pytest.approx({n: sum(parts) / len(parts) for n, parts in floors.items()})
    assert model.report.accuracy == pytest.approx(float((chances.argmax(1) == test.labels).double().mean()))
    assert model.report.classes == pytest.approx([float((chances.argmax(1) == c).double().mean()) for c in range(10)])
    assert model.report.sure == pytest.approx(float(chances.max(1)[0].mean()))


def test_a_shift_moves_each_image_by_up_to_two_pixels_and_changes_nothing_else() -> None:
    dot = torch.zeros(500, 1, 28, 28)
    dot[:, :, 10, 15] = 1
    moved = judges.shifted(dot, torch.Generator().manual_seed(0))
    places = {(int(row) - 10, int(column) - 15) for _, _, row, column in moved.nonzero()}
    assert places == {(i, j) for i in range(-2, 3) for j in range(-2, 3)}
    assert moved.sum() == 500


def test_what_is_shipped_is_what_it_says_of_the_real_test_images(mnist: Path) -> None:
    test, known = images.load("mnist", 28, 256).test, classifier()
    features, logits = known.see(test.images)
    accuracy = float((logits.argmax(1) == test.labels).double().mean())
    assert accuracy > 0.99
    assert accuracy == pytest.approx(known.report.accuracy, abs=2e-4)
    mean, covariance = moments(features)
    assert torch.allclose(mean, known.mean, atol=1e-4) and torch.allclose(covariance, known.covariance, atol=1e-3)
    assert frechet(mean, covariance, known.mean, known.covariance) < 1e-4
    shares = logits.argmax(1).bincount(minlength=10) / len(test)
    assert known.report.classes == pytest.approx(shares.tolist(), abs=2e-4)


# Judging


def test_real_images_come_out_near_the_floor(mnist: Path) -> None:
    train = images.load("mnist", 28, 256).train
    meta = sample_quality(Drawn(train.images[:2000] / 255), 2000)
    assert 0.5 < meta["ratio"] < 2
    assert meta["balance"] < 0.05 and meta["collapse"] == ""
    assert meta["sure"] > 0.98 and meta["entropy"] == pytest.approx(math.log(10), abs=0.01)
    assert sum(meta["classes"]) == pytest.approx(1)


def test_noise_images_come_out_far_away() -> None:
    noise = torch.rand(2000, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert sample_quality(Drawn(noise), 2000)["ratio"] > 20


def test_what_samples_are_worth_is_computed_from_what_the_classifier_sees() -> None:
    generator = torch.Generator().manual_seed(0)
    strokes = (torch.rand(2000, 1, 7, 7, generator=generator) < 0.3).float().repeat_interleave(4, 2)
    drawn, known = strokes.repeat_interleave(4, 3), classifier()
    features, logits = known.features(drawn).double(), known(drawn)
    shares = np.bincount(logits.argmax(1), minlength=10) / 2000
    distance = frechet(features.mean(0), torch.from_numpy(np.cov(features.numpy().T)), known.mean, known.covariance)
    meta = sample_quality(Drawn(drawn), 2000)
    assert meta["frechet"] == pytest.approx(distance, rel=1e-4)
    assert meta["floor"] == known.report.floors[2000] < 5
    assert meta["ratio"] == pytest.approx(distance / known.report.floors[2000], rel=1e-4)
    assert (meta["classes"], meta["data"]) == (pytest.approx(shares), known.report.classes)
    more = (shares - known.report.classes).clip(0)  # what some classes have too much is what the others lack
    assert meta["balance"] == pytest.approx(more.sum())
    assert meta["entropy"] == pytest.approx(-sum(share * math.log(share) for share in shares if share))
    assert meta["sure"] == pytest.approx(float(logits.softmax(1).max(1)[0].mean()), abs=1e-5)


def test_a_generator_that_draws_one_image_has_collapsed() -> None:
    stroke = torch.zeros(1, 1, 28, 28)
    stroke[:, :, 4:24, 13:16] = 1
    meta = sample_quality(Drawn(stroke), 2000)
    assert meta["classes"][1] == 1
    assert meta["collapse"] == (
        "Mode collapse, or no digits yet: the class 1 makes up 100 % of the samples, "
        "and 0, 2, 3, 4, 5, 6, 7, 8 and 9 are all but missing."
    )
    assert meta["balance"] == pytest.approx(1 - meta["data"][1]) and meta["entropy"] == 0


@pytest.mark.parametrize(
    ("missing", "shares", "said"),
    [
        ((), {}, ""),
        ((3,), {}, "Mode collapse: the class 3 is all but missing."),
        (
            (3, 5),
            {1: 0.45, 7: 0.4},
            "the classes 1 and 7 make up 85 % of the samples, and 3 and 5 are all but missing.",
        ),
    ],
)
def test_what_is_missing_is_said(missing: tuple[int, ...], shares: dict[int, float], said: str) -> None:
    rest = [c for c in range(10) if c not in missing and c not in shares]
    each = (1 - sum(shares.values())) / len(rest)
    samples = [shares.get(c, 0.0 if c in missing else each) for c in range(10)]
    assert collapse(samples, [0.1] * 10).endswith(said)
    assert bool(collapse(samples, [0.1] * 10)) == bool(said)


def test_a_class_conditional_model_is_said_to_obey_where_it_draws_what_it_is_asked_for(mnist: Path) -> None:
    train = images.load("mnist", 28, 256).train
    of_class = torch.stack([train.images[train.labels == c][:20] for c in range(10)], 1).flatten(0, 1) / 255
    assert sample_quality(Drawn(of_class, conditional=True), 2000)["obeyed"] > 0.98
    assert sample_quality(Drawn(of_class.roll(1, 0), conditional=True), 2000)["obeyed"] < 0.02
    assert "obeyed" not in sample_quality(Drawn(of_class), 2000)


def test_same_seed_same_numbers_whatever_the_global_generator_does() -> None:
    model = build(genlab.experiment("gan-mnist")).eval()
    assert isinstance(model, ImageGAN)
    first = sample_quality(model, 2000, seed=3)
    before = torch.get_rng_state()
    assert sample_quality(model, 2000, seed=3) == first
    assert torch.equal(before, torch.get_rng_state())
    assert sample_quality(model, 2000, seed=4)["frechet"] != first["frechet"]
    assert judged(model, seed=3).meta == first


def test_samples_are_judged_in_the_grey_levels_in_which_they_are_shown() -> None:
    generator = torch.Generator().manual_seed(0)
    levels = torch.randint(0, 256, (2000, 1, 28, 28), generator=generator)
    off = torch.rand(levels.shape, generator=generator) * 0.8 - 0.4
    assert sample_quality(Drawn((levels + off).clamp(0, 255) / 255), 2000) == sample_quality(Drawn(levels / 255), 2000)


def test_only_what_the_classifier_knows_is_judged() -> None:
    for name, changes in (("gan-digits", {}), ("gan-mnist", {"size": 14}), ("gan-mnist", {"levels": 2})):
        experiment = genlab.experiment(name, **changes)
        assert not experiment.judgeable
        with pytest.raises(ValueError, match="the classifier knows digits in 28×28 with 256 grey levels"):
            sample_quality(build(experiment))
    assert not genlab.experiment("gan-mnist", dataset="fashion").judgeable
    assert not genlab.experiment("pixelcnn-mnist").judgeable
    assert genlab.experiment("gan-mnist").judgeable and genlab.experiment("dcgan-mnist").judgeable
    with pytest.raises(ValueError, match="judged by 2000 or 10000, not by 500"):
        sample_quality(build(genlab.experiment("gan-mnist")), 500)


def test_features_are_what_the_logits_are_made_of() -> None:
    model, x = Classifier(), torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert model.features(x).shape == (3, 64)
    assert torch.equal(model(x), model.head(model.features(x)))


def test_the_figure_has_a_bar_for_the_samples_in_the_outline_of_the_data_for_each_class() -> None:
    bars, outlines = classes([0.2, 0.8], [0.5, 0.5], colours=LIGHT).data
    assert (list(bars.y), list(outlines.y)) == ([0.2, 0.8], [0.5, 0.5])
    assert (bars.marker.color, outlines.marker.line.color) == (LIGHT.model, LIGHT.data)


def test_the_numbers_are_a_sentence_with_what_they_are_compared_with() -> None:
    words = sentence({"count": 2000, "frechet": 209.03, "floor": 3.53, "ratio": 59.3})
    assert "2\u202f000 samples" in words and "own digit classifier (no FID): **209.0**, **59.3 times** the 3.5" in words
    assert "asked for" not in words
    assert "asked for in **97 %**" in sentence({"count": 2000, "frechet": 9, "floor": 3, "ratio": 3, "obeyed": 0.97})
