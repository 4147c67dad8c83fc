"""Generation in any order, by hand."""

from __future__ import annotations

import math
from itertools import combinations, permutations, product

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.evaluation.likelihood import evaluate
from genlab.generation import Request, generate
from genlab.generation.orders import places
from genlab.models.order_agnostic import OrderAgnostic
from tests.models.zoo import random_images, randomised


def model(size: int = 4, levels: int = 3, seed: int = 0) -> OrderAgnostic:
    return randomised(OrderAgnostic(size, levels, 4), seed)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def known_at(places: tuple[int, ...], size: int) -> Tensor:
    mask = torch.zeros(size * size, dtype=torch.bool)
    mask[list(places)] = True
    return mask.view(1, 1, size, size)


def log_probs(net: OrderAgnostic, x: Tensor, known: tuple[int, ...]) -> Tensor:
    """log p of every pixel of one image given some, (T,)."""
    logits = net.posteriors(x, known_at(known, net.size))
    return -F.cross_entropy(logits, x[:, 0], reduction="none").flatten()


def test_fixed_orders_by_hand() -> None:
    assert places("raster", 3) == list(range(9))
    assert places("column", 3) == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert places("spiral", 3) == [0, 1, 2, 5, 8, 7, 6, 3, 4]
    assert places("centre", 3) == [4, 1, 3, 5, 7, 0, 2, 6, 8]
    for size in (1, 4, 8):
        for order in ("raster", "column", "spiral", "centre", "random"):
            assert sorted(places(order, size, seeded())) == list(range(size * size))


def test_the_loss_is_the_mean_over_all_orders() -> None:
    net = model(2)
    x = random_images(net, 1)
    with torch.no_grad():
        orders = [
            sum(float(log_probs(net, x, order[:t])[order[t]]) for t in range(4)) for order in permutations(range(4))
        ]
        sizes = []
        for m in range(4):
            sets = [
                float(log_probs(net, x, known)[[i for i in range(4) if i not in known]].mean())
                for known in combinations(range(4), m)
            ]
            sizes.append(sum(sets) / len(sets))
        by_hand = -sum(orders) / len(orders)
        assert math.isclose(-4 * sum(sizes) / 4, by_hand, rel_tol=1e-12)
        told = [
            float(net.unknown_nats(x, known_at(known, 2)))
            for m in range(4)
            for known in combinations(range(4), m)
            for _ in range(12 // math.comb(4, m))  # every size as often
        ]
        assert math.isclose(4 * sum(told) / len(told), by_hand, rel_tol=1e-12)
        drawn = sum(float(net.loss(x.expand(64, -1, -1, -1), None, seeded(s))) for s in range(30)) / 30
    assert 4 * drawn == pytest.approx(by_hand, rel=0.02)


def test_every_number_of_known_pixels_is_drawn_alike_and_every_set() -> None:
    net = model(2)
    known = net.any_known(torch.full((6000,), 2), seeded()).flatten(1)
    assert (known.sum(1) == 2).all()
    sets, counts = known.unique(dim=0, return_counts=True)
    assert len(sets) == 6
    assert ((counts - 1000).abs() < 5 * math.sqrt(1000)).all()
    seen: list[Tensor] = []
    net.unknown_nats = lambda x, known: seen.append(known.flatten(1).sum(1)) or torch.zeros(1)  # type: ignore[method-assign,func-returns-value,assignment]
    for s in range(50):
        net.loss(random_images(net, 6), None, seeded(s))
    counts = torch.cat(seen).bincount()
    assert counts.tolist() == pytest.approx([75] * 4, abs=15)


def test_what_is_known_is_heard_wherever_it_lies_and_what_is_not_never() -> None:
    net = model()
    x, known = random_images(net, 1), known_at((5, 15), 4)
    told = net.posteriors(x, known)
    other = torch.where(known, x, (x + 1) % 3)
    assert torch.equal(net.posteriors(other, known), told)
    below = x.clone()
    below[0, 0, 3, 3] = (below[0, 0, 3, 3] + 1) % 3
    assert ((net.posteriors(below, known) - told).abs().amax(1) > 0).all()


@pytest.mark.parametrize("order", [places("raster", 4), places("spiral", 4), "certain", "uncertain"])
def test_a_generation_draws_from_the_chain_of_its_order(order: list[int] | str) -> None:
    net = model()
    uniforms = torch.rand(1, 16, generator=seeded(), dtype=torch.float64)
    x, done = torch.zeros(1, 1, 4, 4, dtype=torch.long), list[int]()
    for step in generate(net, Request(1, uniforms=uniforms, order=order, temperature=0.7)):
        with torch.no_grad():
            probs = torch.softmax(net.posteriors(x, known_at(tuple(done), 4)).flatten(2)[0] / 0.7, 0)  # (levels, T)
        if isinstance(order, str):
            entropy = -(probs * probs.log()).sum(0)
            entropy[done] = math.inf if order == "certain" else -math.inf
            assert step.position == int(entropy.argmin() if order == "certain" else entropy.argmax())
        else:
            assert step.position == order[len(done)]
        assert torch.allclose(step.log_probs[0].exp(), probs[:, step.position], atol=1e-12)
        value = int((probs[:, step.position].cumsum(0) <= uniforms[0, step.position]).sum())
        assert int(step.value) == value
        x.view(-1)[step.position] = value
        done.append(step.position)
    assert sorted(done) == list(range(16))


def test_row_by_row_it_is_the_model_that_every_other_part_knows() -> None:
    net = model()
    plain, ordered = (net.sample(3, generator=seeded(), **asked) for asked in ({}, {"order": range(16)}))
    assert torch.equal(plain, ordered)


def test_pixels_of_one_pass_do_not_know_of_each_other() -> None:
    net = model()
    steps = list(generate(net, Request(2, generator=seeded(), order=places("random", 4, seeded()), together=5)))
    passes = [step.posteriors for step in steps]
    assert [passes[i] is passes[i - 1] for i in range(1, 16)] == [i % 5 != 0 for i in range(1, 16)]
    for step in steps:
        assert step.posteriors is not None
        assert torch.equal(step.log_probs, step.posteriors[:, :, step.position])


def test_known_pixels_come_first_and_are_certain() -> None:
    net = model()
    known, mask = random_images(net, 1), known_at((3, 12, 15), 4)
    steps = list(
        generate(net, Request(2, known=known, mask=mask, generator=seeded(), order="certain", path=(12, 7, 0)))
    )
    assert [step.position for step in steps[:5]] == [3, 12, 15, 7, 0]
    for step in steps:
        given = bool(mask.flatten()[step.position])
        assert step.known.tolist() == [given] * 2
        if given:
            assert (step.value == known.flatten()[step.position]).all()
            assert (step.log_probs.exp().gather(1, step.value[:, None]) == 1).all()
    with torch.no_grad():
        first = torch.log_softmax(net.posteriors(torch.where(mask, known, 0), mask), 1)[:, :, 1, 3]
    assert torch.allclose(steps[3].log_probs, first.expand(2, -1), atol=1e-12)


def test_all_images_of_two_by_two_add_up_to_one_in_any_order() -> None:
    net = model(2, 2)
    for order in ((3, 0, 2, 1), (1, 2, 0, 3)):
        total = 0.0
        for values in product(range(2), repeat=4):
            x = torch.tensor(values).view(1, 1, 2, 2)
            with torch.no_grad():
                total += math.exp(sum(float(log_probs(net, x, order[:t])[order[t]]) for t in range(4)))
        assert math.isclose(total, 1, rel_tol=1e-12)


def test_its_evaluation_is_an_estimate_of_the_mean_over_orders() -> None:
    net = model(2)
    x = random_images(net, 40)
    with torch.no_grad():
        exact = 0.0
        for image in x.split(1):
            orders = list(permutations(range(4)))
            exact -= sum(sum(float(log_probs(net, image, o[:t])[o[t]]) for t in range(4)) for o in orders) / len(orders)
    exact /= len(x)
    found = evaluate(net, x.repeat(16, 1, 1, 1), positions=4)
    error = found["standard_error"] * 4 * math.log(2)
    assert 0 < error < 0.1
    assert abs(found["nats"] - exact) < 3 * error


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"order": [0, 0]}, "each at most once"),
        ({"order": [16]}, "from 0 to 15"),
        ({"order": "random"}, "certain or uncertain"),
        ({"order": "certain", "path": (3, 3)}, "each at most once"),
        ({"order": "certain", "together": 0}, "at least one"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(asked: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        generate(model(), Request(1), **asked)
