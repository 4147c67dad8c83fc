"""MADE: its masks by hand, what they let through, its members and their mean."""

import itertools
import math

import pytest
import torch

from genlab.layers.degrees import masks
from genlab.models.made import MADE
from tests.models.zoo import every_image, random_images, randomised

SEVERAL = {"hidden": 24, "layers": 2, "orders": 3, "masks": 2}


def made(size, levels, seed=0, **options):
    return randomised(MADE(size, levels, **options), seed)


def test_masks_by_hand():
    """Three inputs in the order 2, 3, 1; hidden units of degrees 1, 2, 2."""
    rank, degrees = torch.tensor([3, 1, 2]), torch.tensor([1, 2, 2])
    first, second, last = masks([rank, degrees, degrees, rank])
    assert first.int().tolist() == [[0, 1, 0], [0, 1, 1], [0, 1, 1]]
    assert second.int().tolist() == [[1, 0, 0], [1, 1, 1], [1, 1, 1]]
    assert last.int().tolist() == [[1, 1, 1], [0, 0, 0], [1, 0, 0]]
    (direct,) = masks([rank, rank])
    assert direct.int().tolist() == [[0, 1, 1], [0, 0, 0], [0, 1, 0]]


def test_degrees_are_spread_evenly_and_the_first_order_is_the_raster_one():
    model = MADE(3, 2, hidden=16, orders=2, masks=2)
    assert torch.bincount(model.degrees[0, 0])[1:].tolist() == [2] * 8
    assert [model.rank[k].tolist() == list(range(1, 10)) for k in range(4)] == [True, True, False, False]
    assert torch.equal(model.rank[2], model.rank[3]) and not torch.equal(model.degrees[2], model.degrees[3])
    assert all(sorted(rank.tolist()) == list(range(1, 10)) for rank in model.rank)
    assert int(model.degrees.min()) >= 1 and int(model.degrees.max()) <= 8
    other = MADE(3, 2, hidden=16, orders=2, masks=2, mask_seed=1)
    assert not torch.equal(other.rank[2], model.rank[2]) and not torch.equal(other.degrees[1], model.degrees[1])


def test_degrees_in_the_middle_are_as_frequent_as_the_square_of_the_pairs_that_they_join():
    model = MADE(3, 2, hidden=1000, layers=2, middle=True)
    pairs = [(m * (9 - m)) ** 2 for m in range(1, 9)]
    for layer in model.degrees[0]:
        often = torch.bincount(layer)[1:].tolist()
        assert often == pytest.approx([1000 * n / sum(pairs) for n in pairs], abs=1)
    assert torch.equal(MADE(3, 2, hidden=8).degrees[0, 0], torch.arange(1, 9))


@pytest.mark.parametrize("member", range(6))
def test_the_gradient_is_where_the_product_of_the_masks_is(member):
    model = made(3, 3, **SEVERAL)
    *hidden, out, direct = (mask.double() for mask in model.masks(member))
    through = torch.linalg.multi_dot([out, *reversed(hidden)])
    paths = (through + direct).unflatten(0, (9, 2)).sum(1) > 0  # (D outputs, D inputs)
    x = (torch.rand(32, 1, 3, 3, generator=torch.Generator().manual_seed(0)) * 2).double().requires_grad_()
    logits = model.member_logits(x, member)
    slopes = [torch.autograd.grad(logits[:, t, 1:].sum(), x, retain_graph=True)[0].abs().sum((0, 1)) for t in range(9)]
    assert torch.equal(torch.stack(slopes).flatten(1) > 0, paths)
    rank = model.rank[member]
    assert torch.equal(paths, rank[:, None] > rank), "every earlier pixel, and no other"


@pytest.mark.parametrize("member", range(6))
@torch.no_grad()
def test_each_member_is_a_distribution(member):
    model = made(2, 3, **SEVERAL)
    images = every_image(model)
    assert float(model.member_log_probs(images, [member]).exp().sum()) == pytest.approx(1, abs=1e-12)


@torch.no_grad()
def test_the_mean_of_probabilities_is_a_distribution():
    model = made(2, 3, **SEVERAL)
    images, members = every_image(model), [0, 2, 5]
    each = model.member_log_probs(images, members)
    mean = model.ensemble_log_prob(images, members)
    torch.testing.assert_close(mean.exp(), each.exp().mean(1), rtol=1e-12, atol=0)
    assert float(mean.exp().sum()) == pytest.approx(1, abs=1e-12)
    assert (mean >= each.mean(1) - 1e-12).all(), "Jensen: no worse than the mean of the logarithms"


@torch.no_grad()
def test_the_first_member_is_what_the_rest_of_the_program_sees():
    model = made(3, 3, **SEVERAL)
    x = random_images(model, 4)
    torch.testing.assert_close(model.log_prob(x), model.member_log_probs(x, [0])[:, 0], rtol=1e-12, atol=0)


@torch.no_grad()
def test_training_draws_every_member_alike():
    model = made(3, 2, **SEVERAL)
    x, generator = random_images(model, 4), torch.Generator().manual_seed(0)
    losses = [-float(model.member_log_probs(x, [k]).mean()) / 9 for k in range(6)]
    assert min(abs(a - b) for a, b in itertools.combinations(losses, 2)) > 1e-6
    drawn = [float(model.loss(x, None, generator)) for _ in range(600)]
    often = [sum(math.isclose(loss, wanted, rel_tol=1e-12) for loss in drawn) for wanted in losses]
    assert sum(often) == 600 and min(often) > 60
