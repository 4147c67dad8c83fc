"""What *Look inside* shows of MADE: the masks as they are, two means, and the sweeps."""

import itertools

import numpy as np
import pytest
import torch

from genlab.generation.request import Request
from genlab.models.made import MADE
from genlab.views import made as views
from tests.models.zoo import every_image, randomised

SEVERAL = {"hidden": 24, "layers": 2, "orders": 3, "masks": 2}


def made(size=3, levels=3, **options):
    return randomised(MADE(size, levels, **(options or SEVERAL)), 0)


@pytest.mark.parametrize(("position", "member"), [(0, 0), (4, 0), (8, 0), (4, 3), (7, 5)])
def test_lit_weights_are_those_that_move_the_output(position, member):
    """A weight of the last or first layer is lit where the logits of the pixel have a gradient in it."""
    model = made()
    seen = views.masks(model, position, member)
    assert seen.meta["names"] == ["hidden layer 1", "hidden layer 2", "outputs", "direct"]
    for layer in model.hidden:  # no unit is silent
        layer.weight.data.abs_()
        layer.bias.data.fill_(20)
    x = torch.randint(3, (20, 1, 3, 3), generator=torch.Generator().manual_seed(1))
    x = x.double() + 0.1  # no level is the middle one, whose input is 0
    logits = model.member_logits(x, member)[:, position] @ torch.tensor([0.0, 1, 2]).double()
    layers = [*model.hidden, model.out, model.direct]
    slopes = torch.autograd.grad(logits.sum(), [layer.weight for layer in layers])
    for k, slope in enumerate(slopes):
        if k >= 2:  # one row for all logits of a pixel
            slope = slope.unflatten(0, (9, 2)).sum(1)
        mask = seen.arrays[f"mask{k}"]
        assert np.array_equal(mask == 2, (slope != 0).numpy())
        assert seen.meta["lit"][k] == (mask == 2).sum()
        assert seen.meta["kept"][k] == pytest.approx((mask > 0).mean())
        assert seen.meta["shapes"][k] == list(mask.shape)


def test_large_masks_are_drawn_coarser_and_lose_nothing_lit():
    model = MADE(20, 2, hidden=300)
    seen = views.masks(model, 210)
    assert seen.arrays["mask0"].shape == (150, 200) and seen.meta["shapes"][0] == [300, 400]
    assert np.flatnonzero((seen.arrays["mask1"] == 2).any(1)).tolist() == [105]


@pytest.mark.parametrize("member", range(6))
def test_the_masks_and_the_gradient_agree(member):
    model = made()
    *hidden, out, direct = (mask.long() for mask in model.masks(member))
    for position in range(9):
        seen = views.connectivity(model, position, member)
        ways = sum(out[2 * position, j] * hidden[1][j, i] * hidden[0][i] for i in range(24) for j in range(24))
        assert np.array_equal(seen.arrays["ways"].ravel(), (ways + direct[2 * position]).numpy())
        assert np.array_equal(seen.arrays["ways"] > 0, seen.arrays["gradient"] > 0)
        rank = seen.arrays["rank"]
        assert np.array_equal(seen.arrays["ways"] > 0, rank < rank[seen.meta["row"], seen.meta["column"]])


@torch.no_grad()
def test_over_orders_the_mean_of_logits_is_no_distribution_and_over_masks_it_is():
    model = made(2, 3)
    images = every_image(model)

    def total(members):
        return float(views.mean_of_logits(model, images, members).exp().sum())

    assert total([0]) == pytest.approx(1, abs=1e-12)
    assert total([0, 1]) == pytest.approx(1, abs=1e-12), "one order: the same past"
    assert abs(total([0, 2, 4]) - 1) > 1e-3
    logits = sum(model.member_logits(images, k) for k in (0, 2)) / 2
    by_hand = torch.log_softmax(logits, 2).gather(2, images.flatten(1)[:, :, None]).sum((1, 2))
    torch.testing.assert_close(views.mean_of_logits(model, images, [0, 2]), by_hand, rtol=1e-12, atol=0)


@pytest.mark.parametrize("size", [3, 8])
def test_both_means_are_told_with_their_costs_and_sums(size):
    model = made(size, 3)
    seen = views.ensembles(model).meta
    assert seen["drawn"] == (size != 8) and seen["images"] == (100 if size == 8 else 16)
    rows = seen["rows"]
    assert [(row["orders"], row["masks"]) for row in rows] == [(1, 1), (1, 2), (3, 1), (3, 2)]
    for row in rows:
        assert row["total"] == pytest.approx(1, abs=1e-12) and row["ms"] > 0
        same_order = row["orders"] == 1
        assert (abs(row["logits_total"] - 1) < 1e-12) == same_order
    assert rows[0]["nats"] == pytest.approx(rows[0]["logits_nats"])
    assert all(abs(row["nats"] - row["logits_nats"]) > 1e-6 for row in rows[1:])


def test_a_model_of_one_member_has_one_row():
    assert len(views.ensembles(made(3, 2, hidden=16)).meta["rows"]) == 1


def test_sweeps_end_with_the_sample_and_mark_what_changed():
    model = made(6, 4, hidden=40)
    seen = views.sweeps(model, 3)
    images, changed, meta = seen.arrays["images"], seen.arrays["changed"], seen.meta
    sample = model.sample(Request(1, generator=torch.Generator().manual_seed(3)))[0, 0].numpy()
    assert np.array_equal(images[-1], sample) and meta["same"]
    assert meta["index"] == list(range(1, meta["passes"] + 1)) and meta["passes"] < meta["pixels"] == 36
    before = itertools.chain([np.zeros_like(sample)], images)
    assert all(np.array_equal(now != old, mark) for old, now, mark in zip(before, images, changed, strict=False))


def test_of_many_sweeps_the_first_and_the_last_are_shown(monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 3)
    meta = views.sweeps(made(6, 4, hidden=40), 3).meta
    assert len(meta["index"]) == 3 and meta["index"][0] == 1 and meta["index"][-1] == meta["passes"]


@pytest.mark.parametrize("member", [-1, 6])
def test_a_member_that_is_not_there_is_refused(member):
    for view in (views.masks, views.connectivity):
        with pytest.raises(ValueError, match="6 members"):
            view(made(), 0, member)
