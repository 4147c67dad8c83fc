"""A visitor's own points of the plane: drawn or uploaded, as text in a link or a file. Torch-free."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from genlab.errors import GenlabError

MOST = 4096  # points
UNIT = 1 / 4096  # to which their coordinates are rounded
FARTHEST = 7.9  # of their coordinates
DRAWN = 0.06  # noise around what was drawn: half the width of a stroke


def encode(points: np.ndarray, noise: float) -> str:
    """Points as text.

    Arguments:
        points: with shape (n, 2); at most ``MOST`` are kept, evenly chosen.
        noise: standard deviation of the normal noise around each when data are drawn from them; 0 for none.
    """
    chosen = points[np.linspace(0, len(points) - 1, min(len(points), MOST)).round().astype(int)]
    numbers = np.round(np.clip(chosen, -FARTHEST, FARTHEST) / UNIT).astype("<i2")
    return base64.urlsafe_b64encode(zlib.compress(struct.pack("<f", noise) + numbers.tobytes(), 9)).decode()


def decode(table: str) -> tuple[np.ndarray, float]:
    """What ``encode`` was given: float32 (n, 2), and the noise. Raises GenlabError where that is not possible."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(table, altchars=b"-_", validate=True), 4 + 4 * MOST)
        (noise,) = struct.unpack("<f", data[:4])
        points = np.frombuffer(data[4:], "<i2").reshape(-1, 2).astype(np.float32) * UNIT
        if reader.unconsumed_tail or len(points) < 2 or not 0 <= noise <= 1:
            raise ValueError
    except (ValueError, zlib.error, struct.error) as error:
        raise GenlabError(
            "There are no points of your own yet, or they cannot be read: draw or upload some."
        ) from error
    return points, noise


def heart() -> str:
    """What is there before anything was drawn."""
    t = 2 * np.pi * np.arange(300) / 300
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return encode(np.stack((x, y + 2), 1) / 8, DRAWN)
