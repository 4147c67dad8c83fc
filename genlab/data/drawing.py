"""A drawing: ink on a small grid, and which of its pixels are known. Torch-free."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from genlab.errors import GenlabError

SIZES = (8, 14, 28)
LONGEST = 4000  # letters of a drawing in a link
BOX = {8: 8.0, 14: 11.0, 28: 22.0}  # the middle of each size that shows the same: a digit of MNIST has wide margins
NAMES = (*"0123456789", "a horse")


class DrawingError(GenlabError):
    """A link's drawing that cannot be read."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing on S × S pixels.

    Attributes:
        ink: uint8 (S, S), 0 paper … 255 black; 0 where unknown.
        known: bool (S, S), False where it is left to a model.

    Raises:
        ValueError: arrays of another type or shape.
    """

    ink: np.ndarray
    known: np.ndarray

    def __post_init__(self) -> None:
        if self.ink.shape not in [(size, size) for size in SIZES] or self.ink.dtype != np.uint8:
            raise ValueError(
                f"ink must be uint8 and square with a side of {SIZES}, not {self.ink.dtype} {self.ink.shape}"
            )
        if self.known.shape != self.ink.shape or self.known.dtype != bool:
            raise ValueError(f"known must be bool {self.ink.shape}, not {self.known.dtype} {self.known.shape}")
        object.__setattr__(self, "ink", np.where(self.known, self.ink, 0).astype(np.uint8))

    @property
    def size(self) -> int:
        """Height and width in pixels."""
        return len(self.ink)

    def encode(self) -> str:
        """As text for a link: the size, a dot, and base64 of the compressed pixels."""
        packed = zlib.compress(np.packbits(self.known).tobytes() + self.ink.tobytes(), 9)
        return f"{self.size}." + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Drawing:
        """The drawing of a text that ``encode`` gave. Raises DrawingError for any other."""
        try:
            match = re.fullmatch(r"(8|14|28)\.([\w-]+)", text, re.ASCII)
            if match is None or len(text) > LONGEST:
                raise ValueError
            size, rest = match.groups()
            pixels = int(size) ** 2
            mask, unpack = -(-pixels // 8), zlib.decompressobj()
            packed = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4))
            data = unpack.decompress(packed, mask + pixels + 1)
            if len(data) != mask + pixels or not unpack.eof or unpack.unused_data:
                raise ValueError
        except (ValueError, zlib.error):
            raise DrawingError(
                "The drawing in this link is damaged: it is left out; copy the link once more."
            ) from None
        bits = np.unpackbits(np.frombuffer(data, np.uint8, mask), count=pixels)
        shape = (int(size), int(size))
        return cls(np.frombuffer(data, np.uint8, pixels, mask).reshape(shape), bits.astype(bool).reshape(shape))

    def resized(self, size: int) -> Drawing:
        """The same on another grid, by areas. A pixel is known where at least half of it is; outside is known paper."""
        if size == self.size:
            return self
        weights = _overlap(self.size, size)
        outside = 1 - np.outer(weights.sum(1), weights.sum(1))
        known = weights @ self.known @ weights.T + outside
        ink = weights @ self.ink.astype(float) @ weights.T / np.maximum(known, 1e-9)
        return Drawing(np.clip(ink.round(), 0, 255).astype(np.uint8), known >= 0.5 - 1e-9)

    def levels(self, count: int) -> np.ndarray:
        """Grey levels of a model, int64 (S, S) from 0 to count − 1; 0 where unknown."""
        return self.ink.astype(np.int64) * count // 256

    def begun(self, count: int) -> Drawing | None:
        """The same for a model of ``count`` levels to go on from: all is known up to its last ink in raster order.

        None without ink.
        """
        inked = np.flatnonzero(self.levels(count))
        if not len(inked):
            return None
        known = np.arange(self.ink.size).reshape(self.ink.shape) <= inked[-1]
        return Drawing(self.ink, known)

    def halved(self) -> Drawing:
        """The same with its lower half unknown."""
        known = self.known.copy()
        known[self.size // 2 :] = False
        return Drawing(self.ink, known)


def _overlap(old: int, new: int) -> np.ndarray:
    """Which share of each new row (new, old) every old row fills; both show ``BOX`` of their middle alike."""
    scale = BOX[old] / BOX[new]  # old pixels in a new one
    edges = (np.arange(new + 1) - new / 2) * scale + old / 2
    low, high = edges[:-1, None], edges[1:, None]
    rows = np.arange(old)
    return np.clip(np.minimum(high, rows + 1) - np.maximum(low, rows), 0, None) / scale


@cache
def examples(size: int) -> dict[str, Drawing]:
    """Drawings to begin with, by name, fully known: digits that our models drew, and a horse."""
    strip = 8 if size == 8 else 28
    with Image.open(Path(__file__).parent / f"examples{strip}.png") as picture:
        ink = 255 - np.asarray(picture.convert("L"))
    known = np.ones((strip, strip), bool)
    return {
        name: Drawing(np.ascontiguousarray(ink[:, k * strip : (k + 1) * strip]), known).resized(size)
        for k, name in enumerate(NAMES)
    }
