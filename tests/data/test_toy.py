"""Toy sequences obey the law whose entropy is told."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch

from genlab.data import toy
from genlab.data.sequences import load
from genlab.evaluation.straight import straight
from genlab.experiments.sequences import GatedExperiment


def entropy(law: dict) -> float:
    return -sum(p * math.log(p) for p in law.values())


def test_the_law_of_lines_is_the_integral_over_slopes() -> None:
    length, slopes = 4, (np.arange(6000) + 0.5) / 3000 - 1  # midpoints: each floor changes at a fraction, never on one
    by_hand: Counter[tuple[int, ...]] = Counter()
    for split in range(length):
        place = np.arange(length) - split
        sides = [
            Counter(map(tuple, np.floor(np.outer(slopes, place[part])).astype(int))) for part in (place < 0, place >= 0)
        ]
        for (left, p), (right, q) in product(*(side.items() for side in sides)):
            by_hand[tuple(int(value) + length for value in (*left, *right))] += p * q / 6000**2 / length
    law = toy.lines_law(length)
    assert law.keys() == by_hand.keys()
    assert max(abs(law[sequence] - by_hand[sequence]) for sequence in law) < 1e-9


@pytest.mark.parametrize("length", [16, 32])
def test_the_entropy_of_lines_is_that_of_their_law(length: int) -> None:
    law = toy.lines_law(length)
    assert sum(law.values()) == pytest.approx(1, abs=1e-9)
    assert toy.entropy("lines", length) == pytest.approx(entropy(law) / length, abs=1e-5)


def test_sequences_are_drawn_as_often_as_the_law_says() -> None:
    law, n = toy.lines_law(5), 200_000
    drawn = Counter(map(tuple, toy.lines(np.random.default_rng(0), n, 5).tolist()))
    assert drawn.keys() == law.keys()
    for sequence, p in law.items():
        assert abs(drawn[sequence] / n - p) < 5 * math.sqrt(p / n)


def test_forks_are_all_alike() -> None:
    n, length = 400_000, 12
    drawn = Counter(map(tuple, toy.forks(np.random.default_rng(0), n, length).tolist()))
    assert math.log(len(drawn)) / length == pytest.approx(toy.entropy("forks", length), abs=1e-12)
    expected = n / len(drawn)
    assert max(abs(count - expected) for count in drawn.values()) < 6 * math.sqrt(expected)


def test_all_values_are_levels() -> None:
    for law, length in product((toy.lines, toy.forks), (16, 32)):
        drawn = law(np.random.default_rng(1), 20_000, length)
        assert drawn.min() >= 0
        assert drawn.max() < 2 * length


def test_the_same_seed_gives_the_same_data_and_held_out_ones_are_others() -> None:
    one, again, other = load("lines", 32, "", 0), load("lines", 32, "", 0), load("lines", 32, "", 1)
    assert torch.equal(one.train.values, again.train.values)
    assert not torch.equal(one.train.values, other.train.values)
    assert not torch.equal(one.train.values[: len(one.validation)], one.validation.values)


def test_the_curve_is_compared_with_the_entropy() -> None:
    lines = {line.label: line.value for line in GatedExperiment().lines()}
    assert lines["entropy of the data: 0.379, perplexity 1.461"] == pytest.approx(0.37907, abs=1e-5)


def some_line_fits(x: list[int]) -> bool:
    """By trying: lines on a fine lattice of slopes, each at its best height."""
    t = np.arange(len(x))
    rest = np.array(x) - np.linspace(-8, 8, 6401)[:, None] * t
    return bool(((rest.max(1) - rest.min(1)) <= 2 + 1e-9).any())


def test_straight_is_what_two_lines_explain() -> None:
    rng = np.random.default_rng(0)
    walks = rng.integers(0, 8, (60, 9)).cumsum(1) - np.arange(9) * rng.integers(2, 6, (60, 1))
    told = straight(torch.from_numpy(walks)).tolist()
    by_hand = [any(some_line_fits(x[:k]) and some_line_fits(x[k:]) for k in range(1, 9)) for x in walks.tolist()]
    assert told == by_hand
    assert 0 < sum(told) < 60


def test_data_never_fail_and_three_pieces_do() -> None:
    for law in (toy.lines, toy.forks):
        assert straight(torch.from_numpy(law(np.random.default_rng(2), 3000, 32))).all()
    zigzag = torch.tensor([[0, 5, 10, 15, 10, 5, 0, 5, 10, 15], [0, 5, 10, 15, 10, 5, 0, -5, -10, -15]])
    assert straight(zigzag).tolist() == [False, True]
