"""What is seen inside a flow: a layer in words, and arrows from points to their images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genlab.figures import flows
from genlab.figures.colours import LIGHT

COUPLING: dict[str, Any] = {
    "layer": 2,
    "layers": 8,
    "kind": "affine coupling",
    "moved": [False, True],
    "gap": 2.4e-7,
    "half": 3.2,
}


def arrays(*more: str) -> dict[str, np.ndarray]:
    fields = {name: np.zeros((48, 48), np.float32) for name in ("log_det", "autograd", *more)}
    return fields | {"shift": np.zeros((48, 48, 2), np.float32), "jacobian": np.eye(2, dtype=np.float32)}


def titles(figure) -> list[str]:
    return [title for maps in figure.maps for title in maps.titles]


def test_a_coupling_is_said_in_words() -> None:
    figure = flows.layer_fields(COUPLING, arrays("s", "t"), LIGHT)
    assert "Layer **3 of 8**, affine coupling." in figure.sentence
    assert "It keeps **x₁** and transforms **x₂** in a way that x₁ alone decides." in figure.sentence
    assert "up to **2e-07**" in figure.sentence
    assert titles(figure)[2:4] == ["log-scale s", "shift t"]
    assert figure.maps[-1].notes == ["row y₁ is that of the identity"]


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ([True, False], "It keeps **x₂** and transforms **x₁**"),
        ([True, True], "It moves **both coordinates**."),
        ([False, False], "It moves nothing."),
    ],
)
def test_what_a_layer_moves(moved: list[bool], words: str) -> None:
    figure = flows.layer_fields(COUPLING | {"moved": moved}, arrays("s", "t"), LIGHT)
    assert words in figure.sentence
    if all(moved):
        assert titles(figure)[2:4] == ["log σ, last coordinate", "μ, last coordinate"]


def test_red_is_where_the_data_have_more_room_than_the_noise() -> None:
    """There log |det J|, from data to noise, is below 0, and a coupling's log-scale; an autoregressive σ is above 1."""
    wide = {"log_det": np.full((48, 48), -1, np.float32), "autograd": np.full((48, 48), -1, np.float32)}
    for moved, scale in (([False, True], -1), ([True, True], 1)):
        fields = arrays("t") | wide | {"s": np.full((48, 48), scale, np.float32)}
        for field in flows.layer_fields(COUPLING | {"moved": moved}, fields, LIGHT).maps[:3]:
            red, _, blue, _ = field.pixels[0, 0, 0]
            assert red > 2 * blue, field.titles


def test_what_agrees_exactly_is_not_called_rounding() -> None:
    figure = flows.layer_fields(COUPLING | {"gap": 0.0}, arrays(), LIGHT)
    assert "The closed form is exactly the determinant" in figure.sentence and "rounding" not in figure.sentence
    assert titles(figure)[2] == "where it moves points"


def test_an_arrow_leads_from_each_point_to_its_image() -> None:
    shift = np.zeros((48, 48, 2), np.float32)
    shift[..., 0], shift[..., 1] = 0.64, 1.28  # a tenth of the width to the right, a fifth of the height up
    shown = flows.arrows(shift, 3.2)
    assert shown.arrows is not None
    x, y, u, v = shown.arrows.T
    np.testing.assert_allclose(u - x, 0.1, atol=1e-6)
    np.testing.assert_allclose(v - y, -0.2, atol=1e-6)
    assert x.min() == y.min() == 0 and x.max() == y.max() == 1
    np.testing.assert_allclose(shown.values, np.hypot(0.64, 1.28), atol=1e-6)


def test_both_log_determinants_of_the_example_are_said() -> None:
    meta = {"autograd": -1.25, "closed": -1.2500004}
    figure = flows.coupling_example(meta, {"jacobian": np.eye(6, dtype=np.float32)}, LIGHT)
    assert "**−1.250000** by elimination and **−1.250000** in closed form" in figure.sentence
    assert figure.maps[0].block == 3
