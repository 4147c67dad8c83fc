"""A visitor's own sequences: a curve, a table or a text, as text in a link or a file. Torch-free."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

import numpy as np

from genlab.errors import GenlabError

SHORTEST, LONGEST, MOST = 16, 4096, 2**17  # values of a sequence, of a row of a table, and of all together
LEVELS, FINE = 96, 64  # at most, and those in which numbers that are not whole are told
CURVE = 64  # places, and levels, of a curve that was drawn
SHIFT = 3  # levels by which such a curve may lie higher or lower
_HEAD = struct.Struct("<BBIH")


@dataclass(frozen=True)
class Own:
    """What a visitor gave.

    Attributes:
        values: uint8 (N, L).
        levels: that each can take.
        letters: the character of each level, where they are a text; else "".
        drawn: True for a curve: data are drawn around it.
    """

    values: np.ndarray
    levels: int
    letters: str = ""
    drawn: bool = False

    def encode(self) -> str:
        """As text."""
        letters = self.letters.encode()
        head = _HEAD.pack(self.levels, self.drawn, self.values.shape[1], len(letters))
        packed = zlib.compress(head + letters + self.values.astype(np.uint8).tobytes(), 9)
        return base64.urlsafe_b64encode(packed).decode()


def decode(table: str) -> Own:
    """What was encoded. Raises GenlabError where that is not possible."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(table, altchars=b"-_", validate=True), MOST + 1000)
        levels, drawn, length, count = _HEAD.unpack_from(data)
        letters = data[_HEAD.size : _HEAD.size + count].decode()
        values = np.frombuffer(data[_HEAD.size + count :], np.uint8).reshape(-1, length)
        good = 2 <= levels <= LEVELS and length >= SHORTEST and values.size and values.max() < levels
        if reader.unconsumed_tail or not good or (letters and len(letters) != levels):
            raise ValueError
    except (ValueError, zlib.error, struct.error) as error:
        raise GenlabError(
            "There are no sequences of your own yet, or they cannot be read: draw a curve or upload a file."
        ) from error
    return Own(values, levels, letters, bool(drawn))


def of_curve(points: np.ndarray) -> Own:
    """The curve through points (n, 2) of the plane [−1, 1]², from left to right. Raises GenlabError."""
    if len(points) < 2 or np.ptp(points[:, 0]) < 0.5:
        raise GenlabError("A curve leads from left to right: draw one over half of the plane at least.")
    place = np.clip(np.round((points[:, 0] + 1) / 2 * (CURVE - 1)), 0, CURVE - 1).astype(int)
    sums, counts = np.zeros(CURVE), np.bincount(place, minlength=CURVE)
    np.add.at(sums, place, points[:, 1])
    known = np.flatnonzero(counts)
    height = np.interp(np.arange(CURVE), known, sums[known] / counts[known])
    room = CURVE - 1 - 2 * (SHIFT + 1)
    levels = SHIFT + 1 + np.round((np.clip(height, -1, 1) + 1) / 2 * room)
    return Own(levels.astype(np.uint8)[None], CURVE, drawn=True)


def wave() -> str:
    """What is there before anything was made."""
    x = np.linspace(-1, 1, 400)
    return of_curve(np.stack((x, 0.75 * np.sin(2 * np.pi * x) * (0.55 + 0.45 * x)), 1)).encode()


def around(rng: np.random.Generator, curve: Own, n: int, length: int) -> np.ndarray:
    """Sequences about a curve, uint8 (n, length): a little higher or lower, each value a level off now and then."""
    places = np.linspace(0, CURVE - 1, length)
    middle = np.stack([np.interp(places, np.arange(CURVE), row) for row in curve.values])
    chosen = middle[rng.integers(0, len(middle), n)]
    moved = chosen + rng.integers(-SHIFT, SHIFT + 1, (n, 1)) + rng.choice([-1, 0, 0, 0, 1], (n, length))
    return np.clip(np.round(moved), 0, curve.levels - 1).astype(np.uint8)


def windows(rng: np.random.Generator, own: Own, length: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Parts of a length of a table's or a text's sequences: to learn from, and held back, uint8 (n, length) each.

    A fifth is held back: of ten sequences or more, whole ones; of fewer, the last fifth of each.

    Raises:
        GenlabError: they are shorter than that.
    """
    n, long = own.values.shape
    if n >= 10:
        order = rng.permutation(n)
        train, held = own.values[order[n // 5 :]], own.values[order[: n // 5]]
    else:
        end = long - max(long // 5, length)
        train, held = own.values[:, :end], own.values[:, end:]
    if train.shape[1] < length or held.shape[1] < length:
        raise GenlabError(
            f"Your sequences have {long} values, too few for parts of {length}; choose a smaller length T."
        )

    def parts(values: np.ndarray, most: int) -> np.ndarray:
        found = np.lib.stride_tricks.sliding_window_view(values, length, axis=1).reshape(-1, length)
        return found[rng.permutation(len(found))[:most]]

    return parts(train, most), parts(held, most // 16)
