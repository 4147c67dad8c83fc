"""Drawings: what a link carries, and what each model is given."""

import base64
import zlib

import numpy as np
import pytest

from genlab.data.drawing import BOX, NAMES, SIZES, Drawing, DrawingError, examples


def random_drawing(size: int, seed: int = 0) -> Drawing:
    random = np.random.RandomState(seed)
    return Drawing(random.randint(256, size=(size, size)).astype(np.uint8), random.rand(size, size) < 0.6)


def packed(data: bytes, size: int = 8) -> str:
    return f"{size}." + base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", SIZES)
def test_a_link_brings_a_drawing_back_to_the_bit(size, seed):
    drawing = random_drawing(size, seed)
    again = Drawing.decode(drawing.encode())
    np.testing.assert_array_equal(again.ink, drawing.ink)
    np.testing.assert_array_equal(again.known, drawing.known)


def test_a_link_stays_short_and_needs_no_escape():
    for drawing in examples(28).values():
        for text in (drawing.encode(), drawing.halved().encode()):
            assert len(text) < 700
            assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "28.",
        "9.AAAA",
        "8.<script>",
        "8.!!!!",
        packed(b""),
        packed(bytes(71)),
        packed(bytes(73)),
        packed(bytes(10_000_000)),  # a bomb
        random_drawing(8).encode()[:-9],
        random_drawing(8).encode() + "AAAA",  # something behind it
        random_drawing(8).encode() + "=",
        "28." + "A" * 5000,
        "-8." + random_drawing(8).encode()[2:],
    ],
)
def test_any_other_text_is_refused_in_a_sentence(text):
    with pytest.raises(DrawingError, match="copy the link once more"):
        Drawing.decode(text)


def test_what_is_unknown_has_no_ink():
    drawing = random_drawing(8)
    assert not drawing.ink[~drawing.known].any()
    half = examples(8)["7"].halved()
    assert half.known[:4].all() and not half.known[4:].any() and not half.levels(17)[4:].any()


@pytest.mark.parametrize(
    ("ink", "known"),
    [
        (np.zeros((9, 9), np.uint8), np.ones((9, 9), bool)),
        (np.zeros((8, 14), np.uint8), np.ones((8, 14), bool)),
        (np.zeros((8, 8), np.int64), np.ones((8, 8), bool)),
        (np.zeros((8, 8), np.uint8), np.ones((8, 8), np.uint8)),
        (np.zeros((8, 8), np.uint8), np.ones((14, 14), bool)),
    ],
)
def test_other_arrays_are_refused(ink, known):
    with pytest.raises(ValueError, match="must be"):
        Drawing(ink, known)


@pytest.mark.parametrize("count", [2, 16, 17, 256])
def test_levels_are_equal_parts_of_the_ink(count):
    ramp = np.arange(256, dtype=np.uint8)[: 14 * 14].reshape(14, 14) + np.uint8(60)
    levels = Drawing(ramp, np.ones((14, 14), bool)).levels(count)
    assert levels.max() == count - 1 and levels.min() >= 0
    assert (np.diff(levels.ravel()[:190]) >= 0).all()
    if count == 256:
        np.testing.assert_array_equal(levels, ramp)


@pytest.mark.parametrize("old", SIZES)
@pytest.mark.parametrize("new", SIZES)
def test_another_grid_shows_the_same_by_areas(old, new):
    white = Drawing(np.zeros((old, old), np.uint8), np.ones((old, old), bool)).resized(new)
    assert white.size == new and white.known.all() and not white.ink.any()
    black = Drawing(np.full((old, old), 255, np.uint8), np.ones((old, old), bool)).resized(new)
    middle = slice(new // 2 - 2, new // 2 + 2)
    assert (black.ink[middle, middle] == 255).all() and black.known.all()
    half = Drawing(black.ink if old == new else np.zeros((old, old), np.uint8), np.ones((old, old), bool))
    half = half.halved().resized(new)
    assert half.known[: new // 2].all() and not half.known[new // 2 + 1 : new // 2 + 3, new // 2].any()


@pytest.mark.parametrize(("old", "new"), [(8, 14), (8, 28), (14, 28), (28, 14)])
def test_no_ink_is_lost_or_made_where_everything_fits(old, new):
    ink = np.random.RandomState(0).randint(256, size=(old, old)).astype(np.uint8)
    resized = Drawing(ink, np.ones((old, old), bool)).resized(new)
    share = (BOX[old] / BOX[new]) ** 2  # of an old pixel in a new one
    assert abs(resized.ink.sum() * share / ink.sum() - 1) < 0.005


def test_from_28_to_14_and_back():
    drawing = random_drawing(28)
    known = Drawing(drawing.ink, np.ones((28, 28), bool))
    small = known.resized(14)
    np.testing.assert_allclose(small.ink, known.ink.reshape(14, 2, 14, 2).mean((1, 3)), atol=0.51)
    np.testing.assert_array_equal(small.resized(28).ink, small.ink.repeat(2, 0).repeat(2, 1))


@pytest.mark.parametrize("size", SIZES)
def test_the_examples_fit_every_model(size):
    assert tuple(examples(size)) == NAMES
    for drawing in examples(size).values():
        assert drawing.size == size and drawing.known.all()
        assert 0.02 < (drawing.levels(2) > 0).mean() < 0.6


def test_a_model_goes_on_after_the_last_ink_that_it_can_see() -> None:
    ink = np.zeros((8, 8), np.uint8)
    ink[1, 3], ink[2, 5], ink[6, 1] = 255, 128, 15  # of 17 levels the last is white paper, of 256 it is not
    drawing = Drawing(ink, np.ones((8, 8), bool))
    for levels, last in ((17, 2 * 8 + 5), (2, 2 * 8 + 5), (256, 6 * 8 + 1)):
        begun = drawing.begun(levels)
        assert begun is not None
        assert (begun.known.ravel() == (np.arange(64) <= last)).all()
        assert (begun.ink.ravel()[: last + 1] == ink.ravel()[: last + 1]).all()
    assert Drawing(np.zeros((8, 8), np.uint8), np.zeros((8, 8), bool)).begun(256) is None
