"""Whatever the light, the paper and the pen: the same ink; of several digits the first."""

import numpy as np
import pytest
import torch

from benchmarks import pictures
from benchmarks.pictures import KINDS, SIDE, framed, lit, marker, squares
from genlab.data.drawing import examples
from genlab.data.ink import PEN, find_ink
from genlab.data.pictures import PictureError, from_picture
from genlab.evaluation.classifier import classifier

DIGITS = {name: drawing.ink for name, drawing in examples(28).items() if name.isdigit()}
INK = marker(DIGITS["5"])
PLAIN = lit(INK, 1)


def read(grey: np.ndarray, form: str = "PNG") -> tuple[np.ndarray, list[str]]:
    drawing, notes = from_picture(pictures.file(grey, form))
    return drawing.ink.astype(float), notes


def apart(grey: np.ndarray, other: np.ndarray = PLAIN) -> float:
    return float(np.abs(read(grey)[0] - read(other)[0]).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_a_digit_is_told_in_every_kind_of_picture(kind: str) -> None:
    names = ["2", "7"]
    found = [read(KINDS[kind](DIGITS[name]), "JPEG" if "JPEG" in kind else "PNG") for name in names]
    logits = classifier().see(torch.tensor(np.stack([ink for ink, _ in found])).byte()[:, None])[1]
    assert logits.argmax(1).tolist() == [int(name) for name in names]
    assert not any(notes for _, notes in found)


@pytest.mark.parametrize("width", [1, 20])
def test_a_frame_changes_nothing(width: int) -> None:
    assert apart(framed(PLAIN, width)) < 0.2
    assert apart(np.pad(PLAIN, width, constant_values=255)) < 0.2


@pytest.mark.parametrize("kind", ["lamp", "vignette", "shadow"])
def test_the_light_is_no_ink(kind: str) -> None:
    light = {"lamp": pictures.LAMP, "vignette": pictures.VIGNETTE, "shadow": pictures.SHADOW}[kind]
    assert apart(lit(INK, light)) < 2
    grain = np.random.RandomState(0).normal(0, 3, light.shape)
    with pytest.raises(PictureError, match="Nothing is drawn"):
        read(lit(0 * INK, light) + grain)


def test_lines_of_the_paper_are_no_ink_and_a_straight_stroke_is() -> None:
    assert apart(squares(PLAIN, 110)) < 10
    bar = np.full((300, 80), 255.0)
    bar[:, 30:50] = 0  # from edge to edge, like a line
    assert read(bar)[0].max() == 255


def test_what_is_wider_than_a_pen_is_filled() -> None:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    for ground, blot in ((255, 0), (0, 255)):
        ink, count = find_ink(np.where(x**2 + y**2 < 200**2, blot, ground).astype(float))
        assert count == 1 and abs(ink.sum() / (np.pi * 200**2) - 1) < 0.02


@pytest.mark.parametrize("width", [1, 3])
def test_a_thin_pen_becomes_as_wide_as_mnists(width: int) -> None:
    line = np.full((SIDE, SIDE), 255.0)
    line[100:500, 300 : 300 + width] = 0
    ink = find_ink(line)[0]
    assert abs(ink.sum(1)[len(ink) // 2] - PEN * 400 / 20) < 4
    thick = np.full((SIDE, SIDE), 255.0)
    thick[100:500, 300:360] = 0  # three of MNIST's pixels
    assert abs(find_ink(thick)[0].sum(1).max() - 60) < 1


def test_of_several_digits_the_first_is_taken_and_said() -> None:
    row = np.concatenate([lit(marker(DIGITS[name], 200), 1) for name in "407"], 1)
    ink, notes = read(np.pad(row, 100, constant_values=pictures.PAPER))
    assert notes == ["3 digits stand side by side: the first is used; cut the picture to use another."]
    assert np.abs(ink - read(row[:, :200])[0]).mean() < 2


def test_a_stroke_apart_is_part_of_its_digit_and_dirt_is_not() -> None:
    apart_ = PLAIN.copy()
    rows = np.flatnonzero(INK.any(1))
    cut = rows[len(rows) // 4]
    apart_[cut : cut + 12] = pictures.PAPER  # the bar of the 5 floats
    ink, notes = read(apart_)
    assert not notes and np.abs(ink - read(PLAIN)[0]).mean() < 8
    dirty = PLAIN.copy()
    dirty[20:30, 20:30] = dirty[570:580, 300:310] = 0
    assert apart(dirty) < 1
