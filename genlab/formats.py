"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping


def format_count(count: int) -> str:
    """Thousands apart: 12 345, with spaces at which no line breaks."""
    return f"{count:,}".replace(",", "\u202f")


def format_number(value: float, digits: int) -> str:
    """So many decimals, and a minus that is one."""
    return f"{value:.{digits}f}".replace("-", "−")


def format_losses(losses: Mapping[str, float], unit: str) -> str:
    """Losses as words: "2.031 bits/dim", or "D 0.912, G 1.204" where there are several players."""
    if len(losses) == 1:
        return f"{format_number(next(iter(losses.values())), 3)} {unit}"
    return ", ".join(f"{player} {format_number(loss, 3)}" for player, loss in losses.items())
