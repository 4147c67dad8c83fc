"""What is seen of a flow on images: the way of its noise, images between images, an image there and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import genlab
from genlab.data.drawing import examples
from genlab.models.image_flow import ImageFlow
from genlab.views.image_flows import between, journey, manifold, mirrored, sheet

NAMES = ["realnvp-digits", "glow-digits"]


def shipped(name: str) -> ImageFlow:
    model = genlab.load(name)
    assert isinstance(model, ImageFlow)
    return model


def ink(model: ImageFlow, levels: torch.Tensor) -> np.ndarray:
    return (levels[:, 0] * 255 // (model.levels - 1)).numpy().astype(np.uint8)


def drawing(model: ImageFlow, name: str = "7") -> bytes:
    return examples(model.size)[name].levels(model.levels).astype(np.uint8).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_holds_the_samples_of_its_seed(name: str) -> None:
    model = shipped(name)
    seen = sheet(model, seed=3, temperature=0.7)
    drawn = model.sample(16, torch.Generator().manual_seed(3), temperature=0.7)
    assert np.array_equal(seen.arrays["sheet"], ink(model, drawn))
    assert seen.meta["labels"] == ([k % 10 for k in range(16)] if model.conditional else None)


@pytest.mark.parametrize("name", NAMES)
def test_a_journey_leads_from_the_noise_of_a_sample_to_its_logits(name: str) -> None:
    model = shipped(name)
    seen = journey(model, seed=1, sample=4)
    states, joined, meta = seen.arrays["states"], seen.arrays["joined"], seen.meta
    z = model.noise(16, torch.Generator().manual_seed(1))[4]
    assert sorted(states[0].flatten()) == sorted(z.numpy())
    assert np.array_equal(seen.arrays["image"], sheet(model, seed=1).arrays["sheet"][4])
    v = model.intensities(torch.from_numpy(states[-1])[None, None])
    assert np.array_equal(ink(model, model.grey(v))[0], seen.arrays["image"])
    assert len(states) == len(meta["layers"]) == len(meta["scales"]) == len(meta["entered"])
    parts = [math.prod(shape) for shape in meta["shapes"]]  # the coarsest first
    assert sum(parts) == model.dim
    for k, entered in enumerate(meta["entered"]):
        assert joined[k].sum() == sum(parts[:entered])  # what has not joined waits, and is noise still
        assert np.array_equal(states[k][joined[k] == 0], states[0][joined[k] == 0])
    assert np.array_equal(seen.arrays["so_far"][-1], seen.arrays["image"])
    assert np.array_equal(np.sort(seen.arrays["blocks"]), np.sort(z.numpy()))


def test_the_image_so_far_hears_nothing_of_blocks_that_wait() -> None:
    model = shipped("realnvp-digits")
    z = model.noise(16, torch.Generator().manual_seed(0))[:1]
    coarsest = z.clone()
    coarsest[:, : -math.prod(model.blocks[-1])] = 0
    assert np.array_equal(journey(model).arrays["so_far"][0], ink(model, model.grey(model.inverse(coarsest)))[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_corners_of_a_manifold_are_the_images_that_were_picked(name: str) -> None:
    model = shipped(name)
    given = drawing(model)
    seen = manifold(model, [2, given, 5, 9]).arrays["manifold"]
    samples = sheet(model).arrays["sheet"]
    drawn = np.frombuffer(given, np.uint8).reshape(8, 8).astype(int) * 255 // 16
    for place, wanted in ((0, samples[2]), (8, drawn), (72, samples[5]), (80, samples[9])):
        off = np.abs(seen[place].astype(int) - wanted)
        assert (off > 0).mean() < 0.05  # a number on the edge of a level may fall to either side
    for down, right, place in ((0.0, 0.5, 4), (1.0, 1.0, 80), (0.25, 0.75, 24)):
        assert np.array_equal(between(model, [2, given, 5, 9], down, right).arrays["image"], seen[place])


def test_the_middle_of_a_manifold_is_half_of_each_corner() -> None:
    model = shipped("realnvp-digits")
    z = model.noise(16, torch.Generator().manual_seed(0))[:4]
    wanted = model.grey(model.inverse(0.5 * z.sum(0, keepdim=True)))
    assert np.array_equal(between(model, [0, 1, 2, 3], 0.5, 0.5).arrays["image"], ink(model, wanted)[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_comes_back_and_its_numbers_are_those_of_the_density(name: str) -> None:
    model = shipped(name)
    seen = mirrored(model, drawing(model), seed=2, away=0.0)
    x = torch.from_numpy(np.frombuffer(drawing(model), np.uint8).copy()).long().view(1, 1, 8, 8)
    draws = torch.Generator().manual_seed(2)
    z, _ = model(model.dequantize(x, draws), torch.tensor([7]) if model.conditional else None)
    nats = -float(model.log_prob(x.expand(8, -1, -1, -1), generator=draws).detach().double().mean())
    assert seen.meta["nats"] == pytest.approx(nats, rel=1e-5)
    assert seen.meta["bits_per_dim"] == pytest.approx(nats / 64 / math.log(2), rel=1e-5)
    assert seen.meta["length"] == pytest.approx(float(z.detach().norm()), rel=1e-5)
    assert seen.meta["off"] == 0 and 0 < seen.meta["largest"] < 0.01
    assert np.array_equal(seen.arrays["back"], ink(model, x)[0])
    assert np.array_equal(seen.arrays["neighbours"][5], seen.arrays["back"])  # at no distance
    assert seen.meta["length"] == pytest.approx(float(np.linalg.norm(seen.arrays["noise"])), rel=1e-4)
    classes = seen.meta["classes"]
    assert (classes is not None) == model.conditional
    if classes:
        assert sum(classes) == pytest.approx(1) and classes.index(max(classes)) == 7
    assert mirrored(model, bytes(64)).meta["classes"] is None  # white paper has no class
    short, long = seen.meta["usual"]
    assert 4 < short < long < 16
    afar = mirrored(model, drawing(model), seed=2, away=math.pi / 2).arrays["neighbours"]
    assert len({image.tobytes() for image in afar}) == len(afar)


def test_what_is_not_there_is_refused() -> None:
    model = shipped("glow-digits")
    with pytest.raises(ValueError, match="no sample 16"):
        journey(model, sample=16)
    with pytest.raises(ValueError, match="no class 10"):
        sheet(model, label=10)
    with pytest.raises(ValueError, match="four corners"):
        manifold(model, [1, 2, 3])
    with pytest.raises(ValueError, match="64 pixels with levels from 0 to 16"):
        mirrored(model, bytes(63))
    with pytest.raises(ValueError, match="64 pixels with levels from 0 to 16"):
        mirrored(model, bytes([17] * 64))


def test_of_the_noise_of_a_drawing_one_part_can_stay() -> None:
    model = shipped("realnvp-digits")
    x = torch.from_numpy(np.frombuffer(drawing(model), np.uint8).copy()).long().view(1, 1, 8, 8)
    z, _ = model(model.dequantize(x, torch.Generator().manual_seed(0)))
    noise = model.noise(12, torch.Generator().manual_seed(1))
    last = math.prod(model.blocks[-1])
    for anew, moved in (("coarsest", slice(-last, None)), ("finer", slice(0, -last))):
        near = z.expand(12, -1).clone()
        near[:, moved] = noise[:, moved]  # at a right angle nothing is left of what moves
        wanted = ink(model, model.grey(model.inverse(near)))
        seen = mirrored(model, drawing(model), away=math.pi / 2, anew=anew).arrays["neighbours"]  # type: ignore[arg-type]
        assert (np.abs(seen.astype(int) - wanted) > 0).mean() < 0.02


def test_the_posterior_is_bayes_rule_over_the_mean_density_of_draws() -> None:
    model = shipped("glow-digits").double()
    x, draws = torch.randint(17, (2, 1, 8, 8), generator=torch.Generator().manual_seed(0)), torch.Generator()
    told = model.posterior(x, draws.manual_seed(4), draws=3)
    u = torch.rand(6, 1, 8, 8, generator=draws.manual_seed(4)).double()
    v = (x.repeat(3, 1, 1, 1) + u) / 17
    density = torch.stack([model._log_prob(v, torch.full((6,), c)).exp().view(3, 2).mean(0) for c in range(10)], 1)
    torch.testing.assert_close(told, density / density.sum(1, keepdim=True))
