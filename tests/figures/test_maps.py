"""Maps are arrays in, colours and words out."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.figures.colours import DARK, LIGHT, SIGNED
from genlab.figures.maps import classes, ink, matrix, rgba, signed


def test_classes_choose_from_the_palette() -> None:
    shown = classes(np.array([[[0, 1]]]), [("#000000", 0.0), ("#FF0000", 1.0)], ["off", "on"], ["bits"])
    assert shown.pixels.tolist() == [[[[0, 0, 0, 0], [255, 0, 0, 255]]]]
    assert [entry["label"] for entry in shown.legend] == ["off", "on"]


def test_ink_is_black_on_white_and_the_unknown_is_neither() -> None:
    shown = ink(np.array([[[-1.0, 1.0, np.nan]]]), ["values"], low=-1, high=1, colours=LIGHT)
    assert shown.pixels[0, 0, :2].tolist() == [[255, 255, 255, 255], [0, 0, 0, 255]]
    assert 0 < shown.pixels[0, 0, 2, 3] < 255


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_signed_numbers_are_as_far_from_paper_as_from_zero(colours) -> None:
    shown = signed(np.array([[-2.0, 0.0, 2.0, 1.0]]), "s", colours=colours)
    stops = [rgba(colour) for colour in SIGNED[colours]]
    assert [tuple(pixel) for pixel in shown.pixels[0, 0]] == [stops[0], rgba(colours.paper), stops[-1], stops[3]]
    assert shown.legend[0]["ticks"] == ["−2", "0", "2"]


def test_a_field_of_zeros_is_paper() -> None:
    shown = signed(np.zeros((2, 2)), "log |det J|", colours=LIGHT)
    assert (shown.pixels == rgba(LIGHT.paper)).all()


def test_a_matrix_says_its_numbers_beside_headings_and_exact_ones_have_no_decimals() -> None:
    shown = matrix(np.array([[1.0, 0.0], [0.4, -2.0]]), "J", colours=LIGHT)
    assert [list(row) for row in shown.cells] == [["", "x₁", "x₂"], ["y₁", "1", "0"], ["y₂", "0.400", "−2.000"]]
    assert shown.pixels.shape == (1, 3, 3, 4) and not shown.pixels[0, 0].any() and not shown.pixels[0, :, 0].any()
    assert np.isnan(shown.values[0, 0]).all() and shown.values[0, 2, 2] == -2
    inner = shown.pixels[0, 1:, 1:]
    grey = rgba(shown.legend[0]["colour"])
    assert [tuple(pixel) for pixel in inner[0]] == [grey, grey], (
        "1 and 0 are not told by the colours of computed numbers"
    )
    assert max(grey[:3]) - min(grey[:3]) < 16, "which are red and blue"
    assert tuple(inner[1, 1]) == rgba(SIGNED[LIGHT][0])
    assert [entry["label"] for entry in shown.legend] == ["built in: 0, 1", ""]


def test_a_small_entry_of_a_matrix_is_not_written_as_zero() -> None:
    assert matrix(np.array([[0.0004]]), "J", colours=LIGHT).cells[1][1] == "0.0004"


def test_a_turned_map_has_red_below_zero() -> None:
    shown = signed(np.array([[-1.0, 1.0]]), "log |det J|", colours=LIGHT, turned=True)
    red, blue = (tuple(int(v) for v in pixel[:3]) for pixel in shown.pixels[0, 0])
    assert red[0] > red[2] and blue[2] > blue[0]
    assert shown.legend[0]["ramp"][0] == SIGNED[LIGHT][-1] and shown.legend[0]["ticks"][0] == "−1"
