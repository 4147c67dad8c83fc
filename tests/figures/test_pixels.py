"""Figures are arrays in, colours out."""

from __future__ import annotations

import numpy as np

from genlab.figures.colours import LIGHT, MAGNITUDE
from genlab.figures.pixels import classes, influence, ink, rgba


def test_influence_leaves_the_unseen_empty_and_marks_what_was_missed() -> None:
    values = np.array([[[1.0, 1e-4], [0.0, 0.0]]])
    missed = np.array([[[False, False], [True, False]]])
    shown = influence(values, missed, ["field"], colours=LIGHT)
    assert tuple(shown.pixels[0, 0, 0]) == rgba(MAGNITUDE[-1])
    assert tuple(shown.pixels[0, 0, 1]) == rgba(MAGNITUDE[0])
    assert tuple(shown.pixels[0, 1, 0][:3]) == rgba(LIGHT.grey)[:3]
    assert shown.pixels[0, 1, 1, 3] == 0
    assert len(shown.legend) == 2


def test_what_is_weaker_than_the_scale_is_still_seen() -> None:
    shown = influence(np.array([[[1.0, 1e-9]]]), np.zeros((1, 1, 2), bool), ["field"], colours=LIGHT)
    assert shown.pixels[0, 0, 1, 3] == 255


def test_classes_choose_from_the_palette() -> None:
    shown = classes(np.array([[[0, 1]]]), [("#000000", 0.0), ("#FF0000", 1.0)], ["off", "on"], ["bits"])
    assert shown.pixels.tolist() == [[[[0, 0, 0, 0], [255, 0, 0, 255]]]]
    assert [entry["label"] for entry in shown.legend] == ["off", "on"]


def test_ink_is_black_on_white_and_the_unknown_is_neither() -> None:
    shown = ink(np.array([[[-1.0, 1.0, np.nan]]]), ["values"], low=-1, high=1, colours=LIGHT)
    assert shown.pixels[0, 0, :2].tolist() == [[255, 255, 255, 255], [0, 0, 0, 255]]
    assert 0 < shown.pixels[0, 0, 2, 3] < 255
