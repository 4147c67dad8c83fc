"""NADE: the recursion is the formula, and so is its gradient."""

import math

import numpy as np
import pytest
import torch

from genlab.figures.colours import LIGHT
from genlab.figures.nade import hidden_vector as figure
from genlab.models.nade import NADE, Recursion
from genlab.views.nade import UNITS, hidden_vector
from genlab.views.pixels import SEED
from tests.models.zoo import random_images, random_model, randomised


def by_hand(model: NADE, ink: list[float], d: int) -> list[float]:
    """h_d of one image, number by number."""
    sums = [float(model.c[k]) + sum(ink[i] * float(model.W[i, k]) for i in range(d)) for k in range(len(model.c))]
    return [1 / (1 + math.exp(-a)) for a in sums]


@torch.no_grad()
def test_logits_are_the_papers_formula() -> None:
    model = random_model("nade", 2, 3)
    assert isinstance(model, NADE)
    x = random_images(model, 1)
    ink = [value / 2 for value in x.flatten().tolist()]
    logits = model.logits(x)[0].flatten(1)
    for d in range(4):
        h = by_hand(model, ink, d)
        assert logits[0, d] == 0
        for level in (1, 2):
            expected = float(model.b[d, level - 1]) + sum(
                a * float(v) for a, v in zip(h, model.V[d, :, level - 1], strict=True)
            )
            assert float(logits[level, d]) == pytest.approx(expected, abs=1e-12)


def test_the_gradient_of_the_recursion_is_that_of_finite_differences() -> None:
    shapes = ((2, 4), (4, 3), (3,), (4, 3, 2))  # of x, W, c and V
    generator = torch.Generator().manual_seed(0)
    given = [torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_() for shape in shapes]
    assert torch.autograd.gradcheck(Recursion.apply, given)


@torch.no_grad()
def test_a_pixel_is_added_once_and_never_read_again() -> None:
    """That makes the sums of an image O(HD)."""
    model = random_model("nade", 4, 3)
    x = random_images(model, 2)
    full, next_logits = model.logits(x).flatten(2), model.stepper(2)
    for t in range(16):
        seen = torch.zeros_like(x)
        if t:
            seen.view(2, -1)[:, t - 1] = x.view(2, -1)[:, t - 1]
        torch.testing.assert_close(next_logits(t, seen), full[..., t], rtol=0, atol=1e-9)


@torch.no_grad()
def test_the_hidden_vector_that_is_shown_is_the_models() -> None:
    model = randomised(NADE(size=3, levels=3, hidden=9), 0)
    seen = hidden_vector(model, 4)
    drawn = model.sample(1, generator=torch.Generator().manual_seed(SEED))
    ink = [value / 2 for value in drawn.flatten().tolist()]
    h = np.array([by_hand(model, ink, d) for d in range(9)])
    assert set(seen.meta["units"]) == set(np.argsort(np.abs(np.diff(h, axis=0)).sum(0))[-UNITS:].tolist())
    hidden = seen.arrays["hidden"].reshape(UNITS, 9)
    np.testing.assert_allclose(hidden[:, :5], h[:5, seen.meta["units"]].T, rtol=1e-6)
    assert np.isnan(hidden[:, 5:]).all()
    np.testing.assert_allclose(seen.arrays["image"].ravel()[:4], ink[:4])
    assert np.isnan(seen.arrays["image"].ravel()[4:]).all()
    probs = model.logits(drawn).softmax(1)[0].flatten(1)
    np.testing.assert_allclose(seen.arrays["expected"].ravel()[:5], (probs[1] / 2 + probs[2])[:5], rtol=1e-6)
    np.testing.assert_allclose(seen.arrays["weights"][0].ravel(), model.W[:, seen.meta["units"][0]], rtol=1e-6)
    assert (seen.meta["work"], seen.meta["anew"]) == (4 * 9, (1 + 2 + 3 + 4) * 9)
    shown = figure(seen.meta, seen.arrays, LIGHT)
    assert "**36** multiplications" in shown.sentence and "**90**" in shown.sentence
    assert shown.maps[1].notes[0] == f"{hidden[0, 4]:.2f} here"
    assert (shown.maps[1].pixels.reshape(UNITS, 9, 4)[:, 5:] == 0).all()


def test_what_does_not_grow_has_no_hidden_vector() -> None:
    with pytest.raises(ValueError, match="no hidden vector"):
        hidden_vector(random_model("pixelcnn", 3, 2), 0)
