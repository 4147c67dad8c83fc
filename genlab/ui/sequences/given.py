"""What a visitor gives of a sequence: as text for a link, and what there is to begin with."""

from __future__ import annotations

import math
import string

from genlab.data.toy import JUMP

Given = tuple[int | None, ...]  # a level for each place, None where it is left to the model

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"  # one letter a level; as in given.js


def read(text: str, length: int, levels: int) -> Given | None:
    """The levels that a text gives, or None where it fits no sequence of that length: a letter a place, "." unknown.

    Unknown places at the end may be left out.
    """
    if not text or len(text) > length or not set(text) <= {*ALPHABET[:levels], "."}:
        return None
    return tuple(None if letter == "." else ALPHABET.index(letter) for letter in text.ljust(length, "."))


def presets(dataset: str, length: int) -> dict[str, Given]:
    """Beginnings that the data could have, by name; the first one is what a visitor finds."""
    places, half = range(length), length // 2
    if dataset == "forks":
        kept, after = [length] * length, [length + JUMP] * length
        chosen = {
            "a height": kept[:half],
            "after the jump": kept[: half // 2] + after[half // 2 : half],
            "up to the last place": kept[:-1],
        }
        ends = [*kept[: half // 2], *[None] * (length - half // 2 - length // 8), *after[-(length // 8) :]]
        return {name: _filled(values, length) for name, values in chosen.items()} | {"both ends": tuple(ends)}

    def line(before: float, after: float, split: int) -> list[int]:
        return [math.floor((before if t < split else after) * (t - split)) + length for t in places]

    rising, meeting = line(0.5, -0.5, half), line(0.6, -0.7, length * 3 // 8)
    chosen = {
        "a line going up": rising[: length // 3],
        "up to the split": rising[: half + 1],
        "two pieces": meeting[: length * 5 // 8],
    }
    ends = [*rising[: length // 4], *[None] * (length - length // 4 - length // 8), *rising[-(length // 8) :]]
    return {name: _filled(values, length) for name, values in chosen.items()} | {"both ends": tuple(ends)}


def _filled(values: list[int], length: int) -> Given:
    return (*values, *[None] * (length - len(values)))
