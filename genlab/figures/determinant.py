"""Determinants: all terms of the permutation formula, and maps of the plane with their Jacobians.

Source: L. Weng, *Flow-based deep generative models*, 2018; F. Fleuret, *Deep learning*, lecture 10.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np

LARGEST = 4  # 24 terms can be read, 120 cannot
EDGE, NODES = 2.4, 97  # maps are sampled on [-EDGE, EDGE]², 0.05 apart, so that 0 and 2 are nodes


class Term(NamedTuple):
    """One term of the permutation formula: of each row i it takes the entry in column ``permutation[i]``."""

    permutation: tuple[int, ...]
    sign: int
    factors: tuple[float, ...]
    product: float  # with the sign


def terms(matrix: Any) -> list[Term]:
    """The n! signed terms whose sum is the determinant, in lexicographic order of the permutations.

    Arguments:
        matrix: (n, n), n from 1 to 4.

    Raises:
        ValueError: not a square, or too large.
    """
    matrix = np.asarray(matrix, float)
    n = len(matrix)
    if matrix.shape != (n, n) or not 1 <= n <= LARGEST:
        raise ValueError(f"a square matrix of at most {LARGEST} rows is needed, not one of shape {matrix.shape}")
    found = []
    for permutation in permutations(range(n)):
        factors = tuple(float(matrix[row, column]) for row, column in enumerate(permutation))
        sign = (-1) ** inversions(permutation)
        found.append(Term(permutation, sign, factors, sign * math.prod(factors)))
    return found


def inversions(permutation: tuple[int, ...]) -> int:
    """How many pairs stand in the wrong order."""
    return sum(left > right for left, right in combinations(permutation, 2))


@dataclass(frozen=True)
class PlaneMap:
    """A map of the plane to itself.

    ``function`` takes points (..., 2) to points (..., 2), ``jacobian`` points to matrices (..., 2, 2) whose entry
    (i, j) is the derivative of output i by input j.
    """

    name: str
    title: str
    latex: str
    determinant: str  # LaTeX
    words: str
    function: Callable[[np.ndarray], np.ndarray]
    jacobian: Callable[[np.ndarray], np.ndarray]


def sample(plane_map: PlaneMap) -> tuple[np.ndarray, np.ndarray]:
    """The map and its Jacobian on NODES × NODES nodes of [-EDGE, EDGE]²; node (r, c) has x₁ of column c, x₂ of row r.

    Returns:
        float32 (NODES, NODES, 2) and (NODES, NODES, 2, 2).
    """
    line = np.round(np.linspace(-EDGE, EDGE, NODES), 9)  # exactly 0 in the middle
    points = np.stack(np.meshgrid(line, line), -1)
    return plane_map.function(points).astype(np.float32), plane_map.jacobian(points).astype(np.float32)


def _points(x1: Any, x2: Any) -> np.ndarray:
    return np.stack(np.broadcast_arrays(x1, x2), -1)


def _matrices(a: Any, b: Any, c: Any, d: Any) -> np.ndarray:
    entries = np.stack(np.broadcast_arrays(a, b, c, d), -1)
    return entries.reshape(*entries.shape[:-1], 2, 2)


def scale(x1: np.ndarray) -> np.ndarray:
    """How much the coupling stretches x₂, as a logarithm."""
    return 0.7 * np.sin(1.5 * x1)


def shift(x1: np.ndarray) -> np.ndarray:
    """By how much the coupling moves x₂."""
    return 0.5 * np.cos(1.5 * x1)


def coupling(x: np.ndarray) -> np.ndarray:
    """Forwards x₁ unchanged, and stretches and moves x₂ by what x₁ says: the layer that flows are built of."""
    x1, x2 = x[..., 0], x[..., 1]
    return _points(x1, x2 * np.exp(scale(x1)) + shift(x1))


def coupling_jacobian(x: np.ndarray) -> np.ndarray:
    """Triangular, because x₁ does not look at x₂: the determinant is exp(s(x₁)), whatever s and t are."""
    x1, x2 = x[..., 0], x[..., 1]
    stretch, by_scale, by_shift = np.exp(scale(x1)), 1.05 * np.cos(1.5 * x1), -0.75 * np.sin(1.5 * x1)
    return _matrices(1.0, 0.0, x2 * stretch * by_scale + by_shift, stretch)


TWIST = 1.5  # radians in the middle of the swirl


def swirl(x: np.ndarray) -> np.ndarray:
    """Turns every circle around the origin by an angle of its own."""
    x1, x2 = x[..., 0], x[..., 1]
    angle = TWIST * np.exp(-(x1**2 + x2**2) / 2)
    return _points(x1 * np.cos(angle) - x2 * np.sin(angle), x1 * np.sin(angle) + x2 * np.cos(angle))


def swirl_jacobian(x: np.ndarray) -> np.ndarray:
    """A rotation, and what the change of its angle adds."""
    x1, x2 = x[..., 0], x[..., 1]
    angle = TWIST * np.exp(-(x1**2 + x2**2) / 2)
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.moveaxis(swirl(x), -1, 0)
    by_x1, by_x2 = -x1 * angle, -x2 * angle  # of the angle
    return _matrices(
        cos - turned[1] * by_x1, -sin - turned[1] * by_x2, sin + turned[0] * by_x1, cos + turned[0] * by_x2
    )


def _polar(x: np.ndarray) -> np.ndarray:
    radius, angle = x[..., 0] / 2 + 1, np.pi / 3 * x[..., 1]
    return _points(radius * np.cos(angle), radius * np.sin(angle))


def _polar_jacobian(x: np.ndarray) -> np.ndarray:
    radius, angle = x[..., 0] / 2 + 1, np.pi / 3 * x[..., 1]
    speed = np.pi / 3 * radius
    return _matrices(np.cos(angle) / 2, -speed * np.sin(angle), np.sin(angle) / 2, speed * np.cos(angle))


def _square(x: np.ndarray) -> np.ndarray:
    x1, x2 = x[..., 0], x[..., 1]
    return _points((x1**2 - x2**2) / 2, x1 * x2)


def _square_jacobian(x: np.ndarray) -> np.ndarray:
    x1, x2 = x[..., 0], x[..., 1]
    return _matrices(x1, -x2, x2, x1)


def _fold(x: np.ndarray) -> np.ndarray:
    x1, x2 = x[..., 0], x[..., 1]
    return _points(x1 + x2 / 2, x2**2 / 2 - 1)


def _fold_jacobian(x: np.ndarray) -> np.ndarray:
    return _matrices(1.0, 0.5, 0.0, x[..., 1])


MAPS = {
    plane_map.name: plane_map
    for plane_map in (
        PlaneMap(
            "coupling",
            "Coupling",
            r"f(x) = \begin{pmatrix} x_1 \\ x_2\, e^{s(x_1)} + t(x_1) \end{pmatrix}, \quad "
            r"s(u) = 0.7 \sin 1.5u, \quad t(u) = 0.5 \cos 1.5u",
            r"\det J = e^{s(x_1)}",
            "Every vertical line stays where it is; it is stretched and moved along itself. Flows are built of this.",
            coupling,
            coupling_jacobian,
        ),
        PlaneMap(
            "swirl",
            "Swirl",
            r"f(x) = \begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix} x, \quad "
            r"\theta = 1.5\, e^{-\lVert x \rVert^2 / 2}",
            r"\det J = 1",
            "Everything bends, and no area changes: circles turn as a whole, the inner ones farther.",
            swirl,
            swirl_jacobian,
        ),
        PlaneMap(
            "polar",
            "Polar",
            r"f(x) = r \begin{pmatrix} \cos\varphi \\ \sin\varphi \end{pmatrix}, \quad "
            r"r = 1 + \tfrac{x_1}{2}, \quad \varphi = \tfrac{\pi}{3} x_2",
            r"\det J = \tfrac{\pi}{6}\, r",
            "Radius and angle become a place. The farther out, the more room: the r in r dr dφ.",
            _polar,
            _polar_jacobian,
        ),
        PlaneMap(
            "square",
            "Square",
            r"f(x) = \begin{pmatrix} (x_1^2 - x_2^2) / 2 \\ x_1 x_2 \end{pmatrix}"
            r" = \tfrac12 z^2 \text{ with } z = x_1 + i\,x_2",
            r"\det J = x_1^2 + x_2^2",
            "The complex square: small squares stay squares. x and −x share an image, and at the origin J vanishes.",
            _square,
            _square_jacobian,
        ),
        PlaneMap(
            "fold",
            "Fold",
            r"f(x) = \begin{pmatrix} x_1 + x_2 / 2 \\ x_2^2 / 2 - 1 \end{pmatrix}",
            r"\det J = x_2",
            "Not invertible: the lower half, turned over, comes to lie on the upper one. On the crease the determinant "
            "is 0.",
            _fold,
            _fold_jacobian,
        ),
    )
}
