"""What Watch says of a sequence, and how it reads a posterior that came as bytes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genlab.views.sequences import FLOOR
from tests.ui.sequences.test_canvases_js import ask


def test_it_is_said_how_many_of_the_values_so_far_are_seen() -> None:
    nothing, waits, few, whole, one = ask("writer/words", "sees", [0, 0], [None, 4], [5, 17], [17, 17], [1, 1])
    assert "no condition" in nothing and waits == ""
    assert "**5 of the 17** values" in few and "**all 17** of" in whole and "**the one** value" in one


def test_what_lost_the_global_structure_is_counted() -> None:
    none, one, three = ask("writer/words", "structure", [0, 16], [1, 16], [3, 16])
    assert none.startswith("all 16 kept") and one.startswith("1 of 16 has lost") and three.startswith("3 of 16 have")


def test_nats_and_perplexity_of_so_many_values() -> None:
    nothing, some = ask("writer/words", "scores", [0, 0], [3 * math.log(2), 3])
    assert nothing == {"nats": "–", "perplexity": "–"}
    assert some == {"nats": "2.1 nats", "perplexity": "2.00"}


def test_a_number_of_a_link_is_whole_and_within_its_limits() -> None:
    texts = [["0", 32], ["32", 32], ["33", 32], ["-1", 32], ["1.5", 32], ["1e1", 32], [None, 32], ["0", 16, 1]]
    assert ask("writer/words", "whole", *texts) == [0, 32, *[None] * 6]


def test_bytes_are_probabilities_again() -> None:
    p = np.array([0.7, 0.2, 0.0999, 1e-4, math.exp(-2 * FLOOR)])
    shades = np.rint(255 * (1 + np.maximum(np.log(p), -FLOOR) / FLOOR)).astype(int).tolist()
    (told,) = ask("writer/posterior", "probabilities", [shades, FLOOR])
    assert told[:4] == pytest.approx(p[:4], rel=1.01 * FLOOR / 255 / 2)
    assert told[4] == 0  # what lies below the floor is nothing
