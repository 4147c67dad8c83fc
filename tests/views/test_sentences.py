"""The numbers of a model in words."""

from __future__ import annotations

from typing import Any

from genlab.views import game, plane

NUMBERS: dict[str, Any] = {
    "nll": 1.0691,
    "standard_error": 0.006,
    "points": 20000,
    "entropy": 0.289,
    "floor": None,
    "js": 0.15,
    "js_floor": 0.001,
    "mass": 1.0,
}


def test_the_numbers_of_a_flow_are_a_sentence_with_what_they_are_compared_with() -> None:
    words = plane.sentence(NUMBERS)
    assert "**1.069** ± 0.006 nats (the least expected: of any model 0.289, the entropy of the data). J" in words
    assert "20\u202f000 fresh points" in words
    assert "entropy" not in plane.sentence({**NUMBERS, "entropy": None})
    both = plane.sentence({**NUMBERS, "floor": 1.8379})
    assert "0.289, the entropy of the data; of one that keeps all areas 1.838, log 2π). J" in both


def test_the_numbers_of_a_generator_in_words():
    meta = {
        "good": 0.95,
        "reached": 0.424,
        "found": 3,
        "modes": 8,
        "collapse": "Mode collapse: only 3 of 8 modes are found.",
    }
    said = game.sentence(meta | {"js": 0.2, "js_floor": 0.01, "points": 20_000})
    assert "**95 %** lie where data lie; they reach **42 %** of the data and find **3 of 8** modes." in said
    assert "only 3 of 8 modes" in said and "20\u202f000" in said
    none = {"good": None, "found": None, "modes": None, "collapse": ""}
    assert "samples reach **42 %** of the data. Jensen" in game.sentence(
        meta | none | {"js": 0.2, "js_floor": 0.01, "points": 20_000}
    )
