"""Errors of round trips in a figure and in words."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.figures.colours import LIGHT
from genlab.figures.inverse import describe, on_images, on_plane, round_trips

AT = np.array([1, 4, 8, 20], np.float32)


def errors(*most: float) -> np.ndarray:
    """Median, largest, and largest in float64."""
    return np.array([[e / 10 for e in most], most, [e * 1e-9 for e in most]], np.float32)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7.31, "7.3"),
        (0.02, "0.02"),
        (41.0, "41"),
        (256.0, "256"),
        (3.2e-6, "3\u00a0·\u00a010⁻⁶"),
        (9.7e-6, "1\u00a0·\u00a010⁻⁵"),
        (4e13, "4\u00a0·\u00a010¹³"),
        (0.0, "0"),
        (np.inf, "more than there are numbers"),
    ],
)
def test_an_error_of_any_size_is_said_in_words(value: float, words: str) -> None:
    assert describe(value) == words


def test_what_overflows_is_left_out_and_an_error_of_nothing_is_drawn_at_the_foot() -> None:
    figure = round_trips(
        AT, errors(0, 1e-5, 1, np.inf), line=2, words=("r", "e", "here"), colour="#000000", colours=LIGHT
    )
    largest, median, double = figure.data
    assert [trace.name for trace in figure.data] == ["largest, float32", "median, float32", "largest, float64"]
    assert largest.y[0] == pytest.approx(1e-17) and largest.y[2] == 1 and np.isnan(largest.y[3])
    assert median.y[2] == pytest.approx(0.1) and double.y[2] == pytest.approx(1e-9)
    assert figure.layout.yaxis.type == "log" and list(figure.layout.xaxis.range) == [0, 20]


@pytest.mark.parametrize(
    ("far", "words"), [(0.2, "From a distance of 8 on"), (0.02, "can be inverted in practice too")]
)
def test_a_sentence_says_where_an_inverse_explodes(far: float, words: str) -> None:
    meta = {"within": {"data": 2.0, "noise": 3.0}, "held_out": 2e-6}
    arrays = {"at": AT, "data": errors(1e-6, 1e-4, far, far / 2), "noise": errors(1e-6, 1e-4, 1, 1)}
    said, charts = on_plane(meta, arrays, LIGHT)
    assert words in said and f"**{far:g}**" in said and "**2\u00a0·\u00a010⁻⁶**" in said
    assert list(charts) == ["**x → z → x**", "**z → x → z**"]


@pytest.mark.parametrize(("hot", "words"), [(17.0, "From T\u00a0=\u00a03 on"), (0.2, "every image comes back")])
def test_a_sentence_says_from_which_temperature_on_images_are_others(hot: float, words: str) -> None:
    arrays = {
        "at": np.array([0.5, 1, 3, 6], np.float32),
        "noise": errors(1e-6, 1e-5, 40, 1e9),
        "image": errors(1e-6, 1e-5, hot, hot),
        "cut": np.array([0, 0.002, 0.4, 0.9], np.float32),
    }
    said, charts = on_images({"digits": 1e-5, "levels": 17}, arrays, LIGHT)
    assert words in said and "up to **40** in float32" in said and "40\u00a0% of the pixels" in said
    assert said.endswith("at T\u00a0=\u00a01, 0.2\u00a0%.") and len(charts) == 2
