"""Numbers as people read them."""

from __future__ import annotations

import pytest

from genlab.formats import format_count, format_number


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 2, "0.00"),
        (0.001, 2, "0.001"),
        (-0.00034, 2, "−0.0003"),
        (0.005, 1, "0.005"),
        (1e-9, 2, "≈ 0"),
        (-1.5, 1, "−1.5"),
        (0.996, 2, "1.00"),
    ],
)
def test_what_is_not_nothing_does_not_look_like_nothing(value: float, digits: int, text: str) -> None:
    assert format_number(value, digits) == text


def test_thousands_stand_apart_where_no_line_breaks() -> None:
    assert format_count(1234567) == "1\u202f234\u202f567"
