"""How a uniform number becomes a grey level: inverse transform sampling, as an SVG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genlab.figures.colours import Colours

WIDTH, HEIGHT = 420, 190  # pixels
LEFT, TOP, LOW = 40, 10, 150  # of the axes: the left end, where the sum is 1, where it is 0


def uniform(probabilities: Sequence[float], u: float, colours: Colours) -> str:
    """The sum of probabilities as a staircase over the grey levels, and the way from u to the level that it draws.

    Arguments:
        probabilities: of the levels, from white to black.
        u: from 0 to 1, less than 1.
    """
    sums, levels = np.cumsum(probabilities), len(probabilities)
    drawn = int(np.searchsorted(sums, u, side="right"))
    across = (WIDTH - LEFT) / levels
    parts = []
    for level, (p, total) in enumerate(zip(probabilities, sums, strict=True)):
        x, grey = LEFT + across * level, round(255 * (1 - level / (levels - 1)))
        colour = colours.now if level == drawn else colours.model
        parts += [
            f'<rect x="{x:.1f}" y="{_y(total):.1f}" width="{across:.1f}" height="{_y(total - p) - _y(total):.1f}"'
            f' fill="{colour}" fill-opacity="0.7"/>',
            f'<rect x="{x:.1f}" y="{LOW + 4}" width="{across:.1f}" height="10" fill="rgb({grey},{grey},{grey})"'
            f' stroke="{colours.grey}" stroke-width="0.5"/>',
            _text(x + across / 2, LOW + 32, str(level), colours.now if level == drawn else colours.ink),
        ]
    ends = ((0, "0"), (1, "1"), (u, f"u = {u:g}"))
    parts += [_text(LEFT - 4, _y(v) + 4, text, colours.now if v == u else colours.grey, "end") for v, text in ends]
    middle = LEFT + across * (drawn + 0.5)
    parts.append(
        f'<path d="M{LEFT} {_y(u):.1f}H{middle:.1f}V{LOW}" fill="none" stroke="{colours.now}" stroke-dasharray="4 3"/>'
        f'<path d="M{LEFT} {TOP}V{LOW}H{WIDTH}" fill="none" stroke="{colours.grey}"/>'
    )
    label = f"A staircase of summed probabilities: u = {u:g} draws grey level {drawn}."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 0 {WIDTH + 30} {HEIGHT}" width="{WIDTH + 30}"'
        f' height="{HEIGHT}" font-family="sans-serif"><title>{label}</title>{"".join(parts)}</svg>'
    )


def _y(total: float) -> float:
    return LOW - total * (LOW - TOP)


def _text(x: float, y: float, text: str, colour: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="13">{text}</text>'
