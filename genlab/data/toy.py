"""Toy sequences whose law is known exactly, from lecture 10.1. Torch-free."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import numpy as np

LENGTHS = (16, 32)
JUMP = 8  # levels by which a fork goes up or down
LINES = {16: 0.55660, 32: 0.37907}  # nats a place; by ``lines_law``, which takes seconds


def lines(rng: np.random.Generator, n: int, length: int) -> np.ndarray:
    """Two straight pieces: ``x_t = ⌊s (t − r)⌋ + T``, int64 (n, T), one of 2T levels each.

    They meet at r, uniform in 0 … T − 1, in the middle of the levels; s ~ U([−1, 1]) is drawn for each side.
    """
    place = np.arange(length) - rng.integers(0, length, (n, 1))
    slopes = rng.uniform(-1, 1, (2, n, 1))
    return np.floor(np.where(place < 0, slopes[0], slopes[1]) * place).astype(np.int64) + length


def forks(rng: np.random.Generator, n: int, length: int) -> np.ndarray:
    """A height that is kept up to r and then left by JUMP levels, up or down alike: int64 (n, T), of 2T levels.

    Height and r, 1 … T − 1, are uniform; before the jump the future has two branches, and their mean is on neither.
    """
    height = rng.integers(JUMP, 2 * length - JUMP, (n, 1))
    up = rng.choice([-JUMP, JUMP], (n, 1))
    return height + up * (np.arange(length) >= rng.integers(1, length, (n, 1)))


LAWS = {"lines": lines, "forks": forks}


def entropy(dataset: str, length: int) -> float:
    """Of these sequences, in nats a place: no model's expected negative log-likelihood lies below it."""
    if dataset == "forks":
        return math.log((2 * length - 2 * JUMP) * (length - 1) * 2) / length
    return LINES[length]


def lines_law(length: int) -> dict[tuple[int, ...], float]:
    """Probability of every sequence that ``lines`` can draw, by enumerating splits and intervals of slopes."""
    law: dict[tuple[int, ...], float] = defaultdict(float)
    for split in range(length):
        right = list(_pieces(length - 1 - split))
        for left, p in _pieces(split, -1):
            for after, q in right:
                law[tuple(value + length for value in (*reversed(left), 0, *after))] += p * q / length
    return law


def _pieces(places: int, way: int = 1) -> Iterator[tuple[tuple[int, ...], float]]:
    """The floors of s·k for k = 1 … places (−1, −2 … where ``way`` is −1), and how likely each row of them is.

    Between two neighbouring fractions j / k, none of the floors changes.
    """
    cuts = sorted(
        {Fraction(j, k) for k in range(1, places + 1) for j in range(-k, k + 1)} | {Fraction(-1), Fraction(1)}
    )
    for low, high in pairwise(cuts):
        slope = (low + high) / 2
        yield tuple(math.floor(way * slope * k) for k in range(1, places + 1)), float(high - low) / 2
