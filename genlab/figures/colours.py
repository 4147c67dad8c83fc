"""One meaning, one colour, on every page: the constants for light and for dark.

The same values stand in ``.streamlit/config.toml``, so that browser components find them as CSS variables:
data ``--st-blue-color``, model ``--st-orange-color``, noise ``--st-violet-color``, now ``--st-red-color``,
judge ``--st-green-color``, everything else ``--st-gray-color``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """Colours by meaning, as #RRGGBB."""

    data: str  # what is observed
    model: str  # what a model makes
    noise: str  # latents
    now: str  # the step under way
    judge: str  # a discriminator, a score
    grey: str  # everything else
    ink: str  # text
    paper: str  # background


LIGHT = Colours(
    data="#0B6BB3",
    model="#C96F00",
    noise="#5E2A7E",
    now="#D1242F",
    judge="#00845F",
    grey="#6B7680",
    ink="#1D252C",
    paper="#FFFFFF",
)
DARK = Colours(
    data="#5BB0F0",
    model="#F0A030",
    noise="#A55CE0",
    now="#FF5C62",
    judge="#3CC79C",
    grey="#94A0AB",
    ink="#E4E8EC",
    paper="#14181C",
)

# Viridis: as far apart to the eye as the numbers are, also for the colour-blind and in print. For every magnitude.
MAGNITUDE = (
    "#440154",
    "#482475",
    "#414487",
    "#355F8D",
    "#2A788E",
    "#21918C",
    "#22A884",
    "#44BF70",
    "#7AD151",
    "#BDDF26",
)

# Blue below 0 and red above; 0 is paper, so that nothing is seen where there is nothing.
SIGNED = {
    LIGHT: ("#1A5596", "#78B3D8", LIGHT.paper, "#F0906C", "#A8122B"),
    DARK: ("#8FC7EC", "#2E75B0", DARK.paper, "#B8453F", "#FFA38A"),
}
