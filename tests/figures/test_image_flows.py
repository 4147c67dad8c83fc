"""What is seen inside a flow on images, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genlab.figures.colours import LIGHT
from genlab.figures.image_flows import coupling, direction, mixing
from genlab.figures.maps import Figure, rgba
from genlab.views.limits import STEPS

COUPLING: dict[str, Any] = {
    "layer": 6,
    "layers": 16,
    "scale": 1,
    "scales": 3,
    "checkerboard": True,
    "counts": [196, 196, 392],
    "log_det": -3.25,
    "total": 1234.5,
    "levels": 256,
    "leaves": False,
}
MIXING: dict[str, Any] = {
    "step": 0,
    "steps": 8,
    "scale": 0,
    "scales": 2,
    "places": 16,
    "log_det": 0.5,
    "gap": 0.0,
    "singular": [2.0, 1.0, 1.0, 0.8],
    "away": 1.02,
}


def titles(figure: Figure) -> list[str]:
    return [title for maps in figure.maps for title in maps.titles]


def fields() -> dict[str, np.ndarray]:
    arrays = {name: np.zeros((8, 8), np.float32) for name in ("before", "after", "s", "t")}
    roles = np.zeros((8, 8), np.uint8)
    roles[0, :3] = 0, 1, 2
    return arrays | {"image": np.zeros((8, 8), np.uint8), "roles": roles}


def test_a_coupling_is_said_in_words() -> None:
    figure = coupling(COUPLING, fields(), LIGHT)
    assert figure.sentence == (
        "Coupling **7 of 16**, on scale 2 of 3, checkerboard: 196 numbers are kept, **196 change**, 392 have left "
        "already. Its log |det J| is the sum of s: **−3.2 nats**; with the logit and all before it +1234.5."
    )
    assert len(titles(figure)) == 6 and figure.maps[1].words == ("kept", "changes", "has left")
    kept, changes = figure.maps[1].pixels[0, 0, :2]
    assert tuple(kept[:3]) == rgba(LIGHT.data)[:3] and tuple(changes[:3]) == rgba(LIGHT.model)[:3]
    last = coupling(COUPLING | {"checkerboard": False, "counts": [392, 392, 0], "leaves": True}, fields(), LIGHT)
    assert "halves of the channels" in last.sentence and "left already" not in last.sentence
    assert last.sentence.endswith("**After it half of the channels leave.**")


@pytest.mark.parametrize(("away", "words"), [(0.02, "still nearly a rotation"), (1.02, "no rotation any more")])
def test_a_matrix_is_said_in_words(away: float, words: str) -> None:
    arrays = {
        "weight": np.full((4, 4), 0.5, np.float32),
        "gram": np.zeros((4, 4), np.float32),
        "scale": np.array([1, 2, 3, 4], np.float32),
    }
    figure = mixing(MIXING | {"away": away}, arrays, LIGHT)
    assert "**+0.500** nats for each of 16 places, +8.0 nats in all" in figure.sentence and words in figure.sentence
    assert "Singular values: 2.00, 1.00, 1.00, 0.80." in figure.sentence
    assert figure.maps[0].cells[4][4] == "4.000" and figure.maps[0].cells[1][2] == "0"


def test_a_direction_is_said_in_words() -> None:
    posterior = np.zeros((2, len(STEPS), 10), np.float32)
    posterior[:, :, 9], posterior[0, STEPS.index(1.0)] = 1, np.eye(10)[4] * 0.9
    arrays = {"images": np.zeros((2, len(STEPS), 8, 8), np.uint8), "posterior": posterior}
    figure = direction({"levels": 17, "a": 4, "b": 9}, arrays, LIGHT)
    assert "the sample is a 4 with 90\u00a0%, the digit with 0\u00a0%" in figure.sentence
    assert titles(figure)[:7] == ["−1.5", "−1.0", "−0.5", "sample", "+0.5", "+1.0", "+1.5"]
    assert figure.maps[0].notes[5] == "4: 90\u00a0%" and figure.maps[1].notes[5] == "9: 100\u00a0%"
    assert not figure.maps[0].legend and figure.maps[1].legend
    assert "two different classes" in direction({"levels": 17, "a": 9, "b": 9}, arrays, LIGHT).sentence
