"""Numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping

TINY = 1e-6  # below it only that a number is small is worth the room


def format_count(count: int) -> str:
    """Thousands apart: 12 345, with spaces at which no line breaks."""
    return f"{count:,}".replace(",", "\u202f")


def format_number(value: float, digits: int) -> str:
    """So many decimals, and a minus that is one; what is not 0 keeps a digit that says so."""
    if value and round(value, digits) == 0:
        if abs(value) < TINY:
            return "≈ 0"
        digits = math.ceil(-math.log10(abs(value)))
    return f"{value:.{digits}f}".replace("-", "−")


def format_losses(losses: Mapping[str, float], unit: str) -> str:
    """Losses as words: "2.031 bits/dim", or "D 0.912, G 1.204" where there are several players."""
    if len(losses) == 1:
        return f"{format_number(next(iter(losses.values())), 3)} {unit}"
    return ", ".join(f"{player} {format_number(loss, 3)}" for player, loss in losses.items())
