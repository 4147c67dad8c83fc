"""What is seen inside a model of pixels, as coloured maps. They lie as the image does: row 0 at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from genlab.figures.colours import MAGNITUDE, Colours

DECADES = 4  # influence is drawn down to a ten-thousandth of the largest


@dataclass(frozen=True)
class Maps:
    """Maps of one size, side by side.

    Attributes:
        pixels: uint8 (K, H, W, 4), red, green, blue and opacity.
        values: float32 (K, H, W), what the pointer reads; NaN for nothing.
        titles: one for each map, and below it one line of ``notes``.
        legend: swatches ``{"colour", "label"}`` and ramps ``{"ramp": colours, "ticks": labels}``.
        words: what a whole number means where the pointer should read a word.
    """

    pixels: np.ndarray
    values: np.ndarray
    titles: Sequence[str]
    notes: Sequence[str] = ()
    legend: Sequence[dict[str, Any]] = field(default_factory=tuple)
    words: Sequence[str] = ()


def influence(values: np.ndarray, missed: np.ndarray, titles: Sequence[str], *, colours: Colours) -> Maps:
    """How much each pixel counts for a prediction, on a logarithmic scale.

    Arguments:
        values: float (K, H, W) from 0 to 1; exactly 0 where nothing arrives, which is left empty.
        missed: bool (K, H, W), marked in grey: past pixels that have no influence.
    """
    with np.errstate(divide="ignore"):
        height = 1 + np.log10(values) / DECADES
    pixels = magnitude(np.clip(height, 0, 1), np.asarray(values) > 0)
    pixels[missed] = rgba(colours.grey, 0.55)
    legend = [
        {
            "ramp": list(MAGNITUDE),
            "label": "influence",
            "ticks": [f"{10.0**-k:g}" for k in reversed(range(DECADES + 1))],
        }
    ]
    if missed.any():
        legend.append({"colour": colours.grey + "8c", "label": "past, but never seen"})
    return Maps(pixels, np.asarray(values, np.float32), titles, legend=legend)


def magnitude(height: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Colours uint8 (..., 4) of heights from 0 to 1 in the perceptually uniform map; clear where not ``shown``."""
    stops = np.array([rgba(colour) for colour in MAGNITUDE], float)
    at = np.where(shown, height, 0) * (len(stops) - 1)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(4)]
    pixels: np.ndarray = np.stack(channels, -1).round().astype(np.uint8)
    pixels[~shown] = 0
    return pixels


def classes(
    values: np.ndarray,
    palette: Sequence[tuple[str, float]],
    words: Sequence[str],
    titles: Sequence[str],
    *,
    notes: Sequence[str] = (),
) -> Maps:
    """Maps of whole numbers.

    Arguments:
        values: integers (K, H, W), which choose from ``palette``.
        palette: colour and opacity of 0, 1, 2 ...
        words: what each means.
    """
    table = np.array([rgba(colour, opacity) for colour, opacity in palette], np.uint8)
    legend = [
        {"colour": f"{colour}{round(255 * opacity):02x}", "label": word}
        for (colour, opacity), word in zip(palette, words, strict=True)
    ]
    return Maps(table[values], values.astype(np.float32), titles, notes, legend, words)


def ink(
    values: np.ndarray,
    titles: Sequence[str],
    *,
    low: float,
    high: float,
    colours: Colours,
    notes: Sequence[str] = (),
) -> Maps:
    """Values as black ink on white paper.

    Arguments:
        values: float (K, H, W), white at ``low`` and black at ``high``; NaN is unknown, and grey.
    """
    unknown = np.isnan(values)
    grey = 255 - np.round(255 * (np.where(unknown, low, values) - low) / (high - low)).astype(np.uint8)
    pixels = np.stack([grey, grey, grey, np.full_like(grey, 255)], -1)
    pixels[unknown] = rgba(colours.grey, 0.3)
    legend = [
        {"ramp": ["#FFFFFF", "#000000"], "label": "", "ticks": [f"{low:g} white".replace("-", "−"), f"{high:g} black"]}
    ]
    return Maps(pixels, values.astype(np.float32), titles, notes, legend)


def rgba(colour: str, opacity: float = 1.0) -> tuple[int, int, int, int]:
    """#RRGGBB and an opacity from 0 to 1 as four numbers up to 255."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue, round(255 * opacity)
