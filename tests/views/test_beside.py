"""What is compared: a likelihood recomputed by hand, times, and a judge that is the same for all."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from genlab.catalog import experiment
from genlab.evaluation.classifier import moments
from genlab.evaluation.frechet import frechet
from genlab.evaluation.sample_quality import distance
from genlab.evaluation.small_classifier import COUNTS, small_classifier
from genlab.models import build
from genlab.training.task import task
from genlab.views import beside as compared
from genlab.views.beside import beside, timed
from genlab.views.pack import unpack


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "FRESH", 50)
    monkeypatch.setattr(compared, "PATIENCE", 0.01)


def of(name: str, **changes: Any) -> tuple[Any, Any]:
    """What compares an entry's models, and a new one."""
    made = experiment(name, **changes)
    return beside(task(made)), build(made).eval()


def test_the_likelihood_of_a_flow_is_that_of_each_point_by_hand() -> None:
    told, model = of("nvp-2d")
    found, x = told.likelihood(model), told.held_out()
    assert x.shape == (50, 2)
    each = []
    with torch.no_grad():
        for point in x:
            z, log_det = model(point[None])
            each.append(float(log_det) - float(z.square().sum()) / 2 - math.log(2 * math.pi))
    assert found["nats"] == pytest.approx(-sum(each) / 50, abs=1e-5)
    spread = math.sqrt(sum((one + found["nats"]) ** 2 for one in each) / 49)
    assert found["standard_error"] == pytest.approx(spread / math.sqrt(50), rel=1e-4)
    assert (found["count"], found["bound"]) == (50, "")


def test_the_likelihood_of_a_grid_counts_the_area_of_its_cells() -> None:
    told, model = of("grid-2d", bins=4)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()  # all cells alike: the density is 1 / 64 on [−4, 4]²
    assert told.likelihood(model)["nats"] == pytest.approx(math.log(64), abs=1e-5)


def test_a_bound_is_said_to_be_a_bound_and_a_game_has_none() -> None:
    told, model = of("vae-2d")
    assert told.likelihood(model)["bound"] == "importance-weighted bound, K = 64"
    told, model = of("gan-2d")
    assert told.likelihood(model) is None
    row = told.measure(model)
    assert row["density_seconds"] is None and row["sample_seconds"] > 0
    assert row["parameters"] == sum(p.numel() for p in model.parameters())


def test_an_impossible_datum_makes_the_likelihood_infinite() -> None:
    told, model = of("grid-2d")
    told.held_out = lambda: torch.tensor([[0.0, 0.0], [9.0, 0.0]])
    found = told.likelihood(model)
    assert found["nats"] is None and found["standard_error"] is None


def test_a_picture_of_points_has_the_density_where_there_is_one() -> None:
    told, model = of("nvp-2d", dataset="moons")
    seen = told.cloud(model)
    with torch.no_grad():
        step = 2 * 3.2 / 64
        corner = torch.tensor([[-3.2 + step / 2, 3.2 - step / 2]])
        assert float(seen.arrays["density"][0, 0]) == pytest.approx(float(model.log_prob(corner)), abs=1e-4)
    assert seen.arrays["points"].shape == seen.arrays["data"].shape == (1000, 2)
    told, model = of("gan-2d")
    assert set(told.cloud(model).arrays) == {"points", "data"}


def test_samples_are_always_of_the_same_noise() -> None:
    for name in ("gan-2d", "vae-2d", "nvp-2d", "grid-2d"):
        told, model = of(name)
        assert torch.equal(told.samples(model, 20), told.samples(model, 20))


@pytest.mark.parametrize("name", ["gan-digits", "made-digits"])
def test_digits_are_judged_and_written_in_levels(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared, "IMAGES", COUNTS[0])
    told, model = of(name)
    images = told.samples(model, 3)
    assert images.shape == (3, 1, 8, 8) and int(images.min()) >= 0 and int(images.max()) <= 16
    row = told.measure(model)
    assert row["judged"]["ratio"] > 10  # it has learnt nothing
    assert 0 <= row["judged"]["evenness"] <= 1
    if name == "made-digits":
        assert row["likelihood"]["nats"] == pytest.approx(64 * math.log(17), rel=0.1)
        assert row["likelihood"]["bits_per_dim"] == pytest.approx(row["likelihood"]["nats"] / 64 / math.log(2))


def test_real_digits_are_as_far_as_the_floor_says() -> None:
    known = small_classifier()
    images = task(experiment("pixelcnn-digits")).data().train.images[:1000]  # type: ignore[attr-defined]
    seen = distance(images)
    assert seen["frechet"] == pytest.approx(known.report.floors[1000], rel=1e-4)
    assert seen["ratio"] == pytest.approx(1, rel=1e-4) and seen["balance"] < 0.05
    by_hand = frechet(*moments(known.see(images)[0]), known.mean, known.covariance)
    assert by_hand == pytest.approx(seen["frechet"], rel=1e-9)
    noise = torch.randint(17, (1000, 1, 8, 8), generator=torch.Generator().manual_seed(0))
    assert distance(noise)["ratio"] > 20
    with pytest.raises(ValueError, match="250 or 1000"):
        distance(images[:10])


def test_a_time_is_the_median_of_what_was_measured() -> None:
    calls = []
    assert timed(lambda: calls.append(1)) >= 0
    assert len(calls) == 21  # one before, then twenty that cost nothing


def test_the_small_classifier_knows_digits() -> None:
    assert small_classifier().report.accuracy > 0.96


@pytest.mark.parametrize("name", ["gan-digits", "vae-digits", "realnvp-digits", "made-digits"])
def test_a_picture_of_digits_shows_grey_levels_of_every_kind(name: str) -> None:
    told, model = of(name)
    _, arrays = unpack(told.picture(model, 0).go_on(1.0) or b"")
    assert arrays["samples"].shape == (16, 8, 8) and arrays["samples"].dtype.name == "uint8"
    assert 1 < int(arrays["samples"].max()) <= 16
    images = told.held_out()[:20]
    log_p = told.task.log_prob(model, images, torch.Generator().manual_seed(0))
    if name == "gan-digits":
        assert log_p is None
    else:
        assert log_p.shape == (20,) and bool((log_p < 0).all())
        assert bool(told.task.bound) == (name != "made-digits")
