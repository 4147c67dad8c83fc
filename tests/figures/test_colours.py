"""Colours say the same in both themes, and to the colour-blind."""

from __future__ import annotations

import dataclasses
import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from genlab.figures.colours import DARK, LIGHT, MAGNITUDE, Colours

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
NAMES = {
    "data": "blueColor",
    "model": "orangeColor",
    "noise": "violetColor",
    "now": "redColor",
    "judge": "greenColor",
    "grey": "grayColor",
    "ink": "textColor",
    "paper": "backgroundColor",
}
# Simulation of full colour-blindness of three kinds on linear RGB: Machado, Oliveira and Fernandes 2009.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB, under daylight."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ rgb.clip(0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a: str, b: str) -> float:
    """As the accessibility guidelines define it, from 1 to 21."""
    high, low = sorted((float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_of_the_browser_holds_the_same_colours(name: str, colours: Colours) -> None:
    assert {field: THEME[name][key] for field, key in NAMES.items()} == dataclasses.asdict(colours)
    assert THEME["chartSequentialColors"] == list(MAGNITUDE)


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_meanings_stay_apart_for_the_colour_blind(colours: Colours, kind: str) -> None:
    meanings = {
        name: lab(BLINDNESS[kind] @ linear(getattr(colours, name)))
        for name in ("data", "model", "noise", "now", "judge")
    }
    for (a, x), (b, y) in itertools.combinations(meanings.items(), 2):
        assert np.linalg.norm(x - y) > 10, f"{a} and {b} look alike"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_stand_out_from_the_paper(colours: Colours) -> None:
    for name in ("data", "model", "noise", "now", "judge", "grey"):
        assert contrast(getattr(colours, name), colours.paper) >= 3
    assert contrast(colours.ink, colours.paper) >= 7


def test_the_map_of_magnitudes_grows_evenly_in_lightness() -> None:
    lightness = np.array([lab(linear(colour))[0] for colour in MAGNITUDE])
    steps = np.diff(lightness)
    assert steps.min() > 0.6 * steps.max() > 0
