"""What is seen of the noise of an image GAN: walks on the shell, and the directions along which images change most."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.models.gan import DCGAN, ImageGAN, VanillaGAN
from genlab.training.adversarial import LOSSES
from genlab.views.latent import COUNT, REACH, directions, jacobian, place, sheet, slerp, walk

LOSS = "non-saturating"


def small(kind: type[ImageGAN] = DCGAN, conditional: bool = False, latent: int = 6) -> ImageGAN:
    torch.manual_seed(0)
    return kind(8, 17, latent=latent, conditional=conditional).double().eval()


NONE = torch.zeros(0, dtype=torch.float64)


@pytest.mark.parametrize("kind", [DCGAN, VanillaGAN])
@pytest.mark.parametrize("conditional", [False, True])
def test_the_same_seed_gives_the_same_sheet_and_it_is_what_the_model_makes(kind, conditional):
    model = small(kind, conditional)
    seen, again, other = (sheet(model, LOSS, seed) for seed in (3, 3, 4))
    assert seen.arrays["sheet"].shape == (COUNT, 8, 8)
    assert (seen.arrays["sheet"] == again.arrays["sheet"]).all()
    assert (seen.arrays["sheet"] != other.arrays["sheet"]).any()
    labels = torch.tensor(seen.meta["labels"]) if conditional else None
    x = model.generate(model.noise(COUNT, torch.Generator().manual_seed(3)), labels).detach()
    assert (np.round(255 * x[:, 0].numpy()) == seen.arrays["sheet"]).all()
    assert np.allclose(seen.arrays["says"], torch.sigmoid(model.discriminate(x, labels)).detach(), atol=1e-6)
    assert (labels is None) == (not conditional)
    if conditional:
        assert sheet(model, LOSS, 3, label=7).meta["labels"] == [7] * COUNT


@pytest.mark.parametrize("loss", list(LOSSES))
def test_what_d_says_is_a_probability_only_where_the_loss_knows_one(loss):
    model = small()
    with torch.no_grad():
        model.discriminator[-1].bias += 5  # a score that no probability has
    seen = sheet(model, loss)
    assert seen.meta["probability"] == bool(seen.arrays["says"].max() < 1) == LOSSES[loss].sigmoid


def test_a_great_circle_ends_at_a_and_b_and_stays_between_their_lengths():
    generator = torch.Generator().manual_seed(0)
    t = torch.linspace(0, 1, 49)
    for a, b in torch.randn(50, 2, 64, generator=generator):
        z = slerp(a, b * 1.3, t)
        assert torch.equal(z[0], a) and torch.equal(z[-1], b * 1.3)
        low, high = sorted((float(a.norm()), float((b * 1.3).norm())))
        assert low - 1e-4 <= z.norm(dim=1).min() and z.norm(dim=1).max() <= high + 1e-4
        turned = torch.cosine_similarity(z[:-1], z[1:]).clamp(max=1).acos()
        assert turned.max() - turned.min() < 2e-3  # evenly


@pytest.mark.parametrize("factor", [1.0, 2.0, -1.0])
def test_where_there_is_no_one_great_circle_the_way_is_straight(factor):
    a, t = torch.arange(1.0, 5.0), torch.linspace(0, 1, 5)
    assert torch.allclose(slerp(a, factor * a, t), (1 + t[:, None] * (factor - 1)) * a)


def test_a_walk_begins_at_one_sample_and_ends_at_another():
    model = small(conditional=True)
    seen, samples = walk(model, LOSS, 1, 2, 5), sheet(model, LOSS, 1)
    assert seen.arrays["walk"].shape == (49, 8, 8)
    for frame, sample in ((0, 2), (-1, 5)):
        assert np.abs(seen.arrays["walk"][frame].astype(int) - samples.arrays["sheet"][sample]).max() <= 1
        assert seen.arrays["walk_says"][frame] == pytest.approx(samples.arrays["says"][sample], abs=1e-5)
        assert seen.arrays["norm"][frame] == pytest.approx(float(place(model, 1, sample).norm()), rel=1e-5)
    cosine = torch.cosine_similarity(place(model, 1, 2), place(model, 1, 5), dim=0)
    assert seen.meta["angle"] == pytest.approx(math.degrees(math.acos(cosine)))


@pytest.mark.parametrize("kind", [DCGAN, VanillaGAN])
@pytest.mark.parametrize("conditional", [False, True])
def test_the_jacobian_is_that_of_the_generator(kind, conditional):
    model = small(kind, conditional)
    z, told = place(model, 0, 3), torch.eye(10, dtype=torch.float64)[3] if conditional else NONE
    exact = torch.autograd.functional.jacobian(lambda v: model.generator(torch.cat((v, told))[None]).flatten(), z)
    assert torch.allclose(jacobian(model, z, told), exact, atol=1e-12)


@pytest.mark.parametrize("kind", [DCGAN, VanillaGAN])
def test_along_the_first_direction_the_image_changes_by_its_singular_value_and_along_no_other_more(kind):
    model = small(kind)
    z, eps = place(model, 0, 3), 1e-4

    def change(v: torch.Tensor) -> float:
        with torch.no_grad():
            return float((model.generate((z + eps * v)[None]) - model.generate((z - eps * v)[None])).norm()) / (2 * eps)

    seen = directions(model, 0, 3)
    ways = [place(model, 0, 3, moves=[(*line, 1.0)]) - z for line in seen.meta["lines"]]
    for way, slope in zip(ways, seen.meta["slopes"], strict=True):
        assert float(way.norm()) == pytest.approx(1)
        assert change(way) == pytest.approx(slope, rel=1e-2)
    assert seen.meta["slopes"] == sorted(seen.meta["slopes"], reverse=True)
    for other in torch.randn(200, len(z), generator=torch.Generator().manual_seed(0), dtype=z.dtype):
        assert change(other / other.norm()) <= seen.meta["slopes"][0] * (1 + 1e-6)
    single = directions(model, 0, 3, kind="single")
    name, index = single.meta["lines"][0]
    assert name == "z" and single.meta["slopes"][0] == pytest.approx(change(torch.eye(len(z)).to(z)[index]), rel=1e-2)


@pytest.mark.parametrize("kind", ["change", "single"])
def test_a_row_leads_where_its_move_leads(kind):
    model, moves = small(), [("v", 1, -1.5), ("z", 2, 0.75)]
    seen = directions(model, 0, 4, moves=moves, kind=kind)
    here = walk(model, LOSS, 0, 4, 5, moves=moves).arrays["walk"][0].astype(int)
    for row, line in zip(seen.arrays["rows"].astype(int), seen.meta["lines"], strict=True):
        assert np.abs(row[4] - here).max() <= 1
        for image, far in zip(row, seen.meta["steps"], strict=True):
            there = walk(model, LOSS, 0, 4, 5, moves=[*moves, (*line, far)]).arrays["walk"][0]
            assert np.abs(image - there).max() <= 1
    assert seen.meta["steps"][0] == -REACH and seen.meta["steps"][4] == 0


def test_a_small_latent_space_has_fewer_rows():
    assert directions(small(latent=2)).arrays["rows"].shape == (2, 9, 8, 8)
    assert walk(small(latent=1), LOSS).arrays["walk"].shape == (49, 8, 8)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"a": 16}, "no sample 16"),
        ({"a": -1}, "no sample -1"),
        ({"moves": [("v", 6, 1.0)]}, "no move v6"),
        ({"moves": [("w", 0, 1.0)]}, "no move w0"),
        ({"moves": [("z", 0, 9.0)]}, "at most 3"),
        ({"moves": [("z", 0, math.nan)]}, "at most 3"),
        ({"moves": [("z", 0, 1.0)] * 31}, "at most 30 moves"),
        ({"kind": "best"}, "no directions 'best'"),
    ],
)
def test_what_does_not_exist_is_said_in_a_sentence(asked, said):
    with pytest.raises(ValueError, match=said):
        directions(small(), **asked)


def test_there_are_ten_classes():
    with pytest.raises(ValueError, match="no class 10"):
        sheet(small(conditional=True), LOSS, label=10)
    with pytest.raises(ValueError, match="no sample 99"):
        walk(small(), LOSS, b=99)
