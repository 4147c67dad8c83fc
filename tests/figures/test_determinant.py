"""The determinant by permutations, and the Jacobians that the page shows."""

import math

import numpy as np
import pytest

from genlab.figures.determinant import EDGE, MAPS, NODES, inversions, sample, terms

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_all_terms_add_up_to_the_determinant(n: int) -> None:
    for matrix in RANDOM.normal(size=(20, n, n)):
        found = terms(matrix)
        assert len({term.permutation for term in found}) == math.factorial(n)
        assert sum(term.product for term in found) == pytest.approx(np.linalg.det(matrix), abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_sign_is_the_determinant_of_its_permutation(n: int) -> None:
    for permutation, sign, factors, product in terms(np.arange(n * n).reshape(n, n) + 1.0):
        assert sign == round(np.linalg.det(np.eye(n)[list(permutation)]))
        assert product == sign * math.prod(factors)
        assert factors == tuple(n * row + column + 1 for row, column in enumerate(permutation))


def test_a_triangular_matrix_has_one_term_that_counts() -> None:
    (only,) = (term for term in terms(np.tril(np.full((4, 4), 2.0))) if term.product)
    assert only.permutation == (0, 1, 2, 3) and only.product == 16
    assert inversions((3, 2, 1, 0)) == 6


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_determinant_of_a_product_is_the_product_of_the_determinants(n: int) -> None:
    def det(matrix: np.ndarray) -> float:
        return sum(term.product for term in terms(matrix))

    for A, B in RANDOM.normal(size=(20, 2, n, n)):
        assert det(A @ B) == pytest.approx(det(A) * det(B), abs=1e-10)


@pytest.mark.parametrize("shape", [(2, 3), (5, 5), (0, 0), (4,)])
def test_only_small_squares_are_taken(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="square matrix of at most 4 rows"):
        terms(np.ones(shape))


@pytest.mark.parametrize("name", MAPS)
def test_jacobians_agree_with_central_differences(name: str) -> None:
    x, h = RANDOM.uniform(-EDGE, EDGE, (200, 2)), 1e-5
    function = MAPS[name].function
    columns = [(function(x + h * unit) - function(x - h * unit)) / (2 * h) for unit in np.eye(2)]
    np.testing.assert_allclose(MAPS[name].jacobian(x), np.stack(columns, -1), atol=1e-8)


DETERMINANTS = {
    "coupling": lambda x1, x2: np.exp(0.7 * np.sin(1.5 * x1)),
    "swirl": lambda x1, x2: np.ones_like(x1),
    "polar": lambda x1, x2: np.pi / 6 * (1 + x1 / 2),
    "square": lambda x1, x2: x1**2 + x2**2,
    "fold": lambda x1, x2: x2,
}


@pytest.mark.parametrize("name", MAPS)
def test_determinants_are_those_that_the_page_says(name: str) -> None:
    x = RANDOM.uniform(-EDGE, EDGE, (200, 2))
    np.testing.assert_allclose(np.linalg.det(MAPS[name].jacobian(x)), DETERMINANTS[name](*x.T), atol=1e-12)


@pytest.mark.parametrize("name", MAPS)
def test_samples_lie_where_the_browser_looks_for_them(name: str) -> None:
    images, jacobians = sample(MAPS[name])
    step, middle = 2 * EDGE / (NODES - 1), NODES // 2
    row, column = middle + 7, middle - 12
    x = np.array([-12 * step, 7 * step])
    np.testing.assert_allclose(images[row, column], MAPS[name].function(x), atol=1e-6)
    np.testing.assert_allclose(jacobians[row, column], MAPS[name].jacobian(x), atol=1e-6)
    assert images.dtype == jacobians.dtype == np.float32


def test_the_crease_of_the_fold_is_met_exactly() -> None:
    _, jacobians = sample(MAPS["fold"])
    assert (np.linalg.det(jacobians[NODES // 2]) == 0).all()
