"""Maps: arrays as coloured cells, with what is written on and beside them. A canvas shows them (``ui/shell/maps``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from genlab.figures.colours import MAGNITUDE, SIGNED, Colours
from genlab.formats import format_number
from genlab.views.pack import pack

BUILT = 0.35  # of grey on paper: entries of a Jacobian that no weight changes


@dataclass(frozen=True)
class Maps:
    """Maps of one size, side by side, over one legend. Row 0 is at the top.

    Attributes:
        pixels: uint8 (K, H, W, 4), red, green, blue and opacity.
        values: float32 (K, H, W), what the pointer reads; NaN for nothing.
        titles: one for each map, and below it one line of ``notes``.
        legend: swatches ``{"colour", "label"}`` and ramps ``{"ramp": colours, "label", "ticks": labels}``.
        words: what a whole number means where the pointer should read a word.
        side: of a map, in screen pixels, where there is room.
        shares: parts of a whole, from 0 to 1, as a bar under each title.
        half: the map lies over the plane, [−half, half]², and the pointer reads x₁ and x₂; None: rows and columns.
        arrows: float32 (N, 4), beginnings and ends (x, y), as parts of the map's width and height.
        cells: what is written in each cell, row by row; the first row and column are headings.
        lines: lines stand between the places, which are few, so that they can be counted.
        block: so many rows and columns after the headings a line divides the cells; 0 for none.
    """

    pixels: np.ndarray
    values: np.ndarray
    titles: Sequence[str]
    notes: Sequence[str] = ()
    legend: Sequence[dict[str, Any]] = field(default_factory=tuple)
    words: Sequence[str] = ()
    side: int = 300
    shares: Sequence[float] = ()
    half: float | None = None
    arrows: np.ndarray | None = None
    cells: Sequence[Sequence[str]] = ()
    lines: bool = False
    block: int = 0


@dataclass(frozen=True)
class Figure:
    """What a panel shows of a model.

    Attributes:
        maps: groups of maps, from left to right.
        sentence: what was measured, in words; ``**this**`` is bold.
        mark: row and column of a dot on all maps that stays where it is.
    """

    maps: Sequence[Maps]
    sentence: str = ""
    mark: tuple[int, int] | None = None

    def pack(self, **meta: Any) -> bytes:
        """As one block of bytes for the browser; ``meta``: what else is to be told."""
        groups: list[dict[str, Any]] = []
        arrays: dict[str, np.ndarray] = {}
        for k, maps in enumerate(self.maps):
            arrays |= {f"pixels{k}": maps.pixels, f"values{k}": maps.values}
            if maps.arrows is not None:
                arrays[f"arrows{k}"] = maps.arrows
            groups.append(
                {
                    "titles": list(maps.titles),
                    "notes": list(maps.notes),
                    "legend": list(maps.legend),
                    "words": list(maps.words),
                    "side": maps.side,
                    "shares": list(maps.shares),
                    "half": maps.half,
                    "cells": [list(row) for row in maps.cells],
                    "lines": maps.lines,
                    "block": maps.block,
                }
            )
        return pack({"groups": groups, "sentence": self.sentence, "mark": self.mark, **meta}, **arrays)


def classes(
    values: np.ndarray,
    palette: Sequence[tuple[str, float]],
    words: Sequence[str],
    titles: Sequence[str],
    **more: Any,
) -> Maps:
    """Maps of whole numbers.

    Arguments:
        values: integers (K, H, W), which choose from ``palette``.
        palette: colour and opacity of 0, 1, 2 ...
        words: what each means.
        more: further attributes of ``Maps``.
    """
    table = np.array([rgba(colour, opacity) for colour, opacity in palette], np.uint8)
    legend = [
        {"colour": f"{colour}{round(255 * opacity):02x}", "label": word}
        for (colour, opacity), word in zip(palette, words, strict=True)
    ]
    return Maps(table[values], values.astype(np.float32), titles, legend=legend, words=words, **more)


def ink(values: np.ndarray, titles: Sequence[str], *, low: float, high: float, colours: Colours, **more: Any) -> Maps:
    """Values as black ink on white paper.

    Arguments:
        values: float (K, H, W), white at ``low`` and black at ``high``; NaN is unknown, and grey.
        more: further attributes of ``Maps``.
    """
    missing = np.isnan(values)
    grey = 255 - np.round(255 * (np.where(missing, low, values) - low) / (high - low)).astype(np.uint8)
    pixels = np.stack([grey, grey, grey, np.full_like(grey, 255)], -1)
    pixels[missing] = rgba(colours.grey, 0.3)
    ticks = [f"{low:g} white".replace("-", "−"), f"{high:g} black"]
    legend = [{"ramp": ["#FFFFFF", "#000000"], "label": "", "ticks": ticks}]
    return Maps(pixels, values.astype(np.float32), titles, legend=legend, **more)


def signed(values: np.ndarray, title: str, *, colours: Colours, turned: bool = False, **more: Any) -> Maps:
    """One map of numbers of both signs; 0 has the colour of the paper.

    Arguments:
        values: float (H, W).
        turned: red is below 0: where that is where areas have grown.
        more: further attributes of ``Maps``.
    """
    most, stops = max(float(np.abs(values).max()), 0.1), SIGNED[colours][:: -1 if turned else 1]
    legend = [{"ramp": list(stops), "label": "", "ticks": [_short(v) for v in (-most, 0, most)]}]
    pixels = ramp(stops, (values / most + 1) / 2)
    return Maps(pixels[None], values[None].astype(np.float32), [title], legend=legend, **more)


def matrix(values: np.ndarray, title: str, *, colours: Colours, block: int = 0, **more: Any) -> Maps:
    """A Jacobian with its numbers; zeros and ones that its layer is built to have are grey, without decimals.

    Arguments:
        values: float (n, n), n up to 9: how output i changes with input j.
        block: where a line divides what is kept from what changes.
        more: further attributes of ``Maps``.
    """
    most = max(float(np.abs(values).max()), 1.0)
    built = (values == 0) | (values == 1)  # what is computed from weights is neither, to the last bit
    grey = mixed(colours.grey, colours.paper, BUILT)
    inner = ramp(SIGNED[colours], (values / most + 1) / 2)
    inner[built] = rgba(grey)
    below = "₁₂₃₄₅₆₇₈₉"[: len(values)]
    text = [
        [format_number(v, 0 if b else 3) for v, b in zip(*row, strict=True)] for row in zip(values, built, strict=True)
    ]
    cells = [["", *(f"x{i}" for i in below)], *([f"y{i}", *row] for i, row in zip(below, text, strict=True))]
    legend: list[dict[str, Any]] = [{"colour": grey, "label": "built in: 0, 1"}] if built.any() else []
    ticks = [_short(v) for v in (-most, 0, most)]
    legend.append({"ramp": list(SIGNED[colours]), "label": "", "ticks": ticks})
    beside = ((1, 0), (1, 0))  # the headings
    pixels = np.pad(inner, (*beside, (0, 0)))[None]
    numbers = np.pad(values.astype(np.float32), beside, constant_values=np.nan)[None]
    return Maps(pixels, numbers, [title], legend=legend, cells=cells, block=block, **more)


def magnitude(height: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Colours uint8 (..., 4) of heights from 0 to 1 in the perceptually uniform map; clear where not ``shown``."""
    pixels = ramp(MAGNITUDE, np.where(shown, height, 0))
    pixels[~shown] = 0
    return pixels


def ramp(stops: Sequence[str], height: np.ndarray) -> np.ndarray:
    """Colours uint8 (..., 4) of heights from 0 to 1, between evenly spaced stops #RRGGBB."""
    table = np.array([rgba(colour) for colour in stops], float)
    at = height * (len(table) - 1)
    channels = [np.interp(at, np.arange(len(table)), table[:, k]) for k in range(4)]
    pixels: np.ndarray = np.stack(channels, -1).round().astype(np.uint8)
    return pixels


def mixed(colour: str, paper: str, part: float) -> str:
    """A part, from 0 to 1, of a colour on paper; all as #RRGGBB."""
    pairs = zip(rgba(colour)[:3], rgba(paper)[:3], strict=True)
    return "#" + "".join(f"{round(part * c + (1 - part) * p):02X}" for c, p in pairs)


def rgba(colour: str, opacity: float = 1.0) -> tuple[int, int, int, int]:
    """#RRGGBB and an opacity from 0 to 1 as four numbers up to 255."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue, round(255 * opacity)


def _short(value: float) -> str:
    """Two digits, and a minus that is one."""
    return f"{value:.2g}".replace("-", "−")
