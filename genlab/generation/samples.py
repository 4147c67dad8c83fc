"""Samples as files."""

from __future__ import annotations

import io
import math
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
from PIL import Image

from genlab import files
from genlab.errors import GenlabError

ZOOM = 4  # screen pixels for each pixel of a picture


class Samples(Protocol):
    """What a model made.

    Attributes:
        things: what they are, in the plural.
        file: where they go unless somebody says where.
    """

    things: ClassVar[str]
    file: ClassVar[str]

    def write(self, out: Path) -> None:
        """Writes them in the format that the file's ending names. Raises GenlabError for another one, or NotWritten."""


@dataclass(frozen=True)
class ImageSamples:
    """Images: a picture (.png), white paper and black ink, or values (.npz).

    Attributes:
        images: grey levels (n, H, W).
        labels: classes (n,), or (0,) where the model is told none.
    """

    images: np.ndarray
    labels: np.ndarray
    levels: int

    things: ClassVar[str] = "images"
    file: ClassVar[str] = "samples.png"

    def write(self, out: Path) -> None:
        """As in ``Samples``."""
        match out.suffix.lower():
            case ".npz":
                files.write(out, _npz(images=self.images, labels=self.labels))
            case ".png":
                files.write(out, self._png())
            case _:
                raise GenlabError(f"{out} should end in .png or .npz.")

    def _png(self) -> bytes:
        n, height, width = self.images.shape
        columns = math.ceil(math.sqrt(n))
        sheet = np.zeros((math.ceil(n / columns) * columns, height, width))
        sheet[:n] = self.images / (self.levels - 1)
        sheet = np.pad(sheet, ((0, 0), (1, 1), (1, 1)))
        rows = sheet.reshape(-1, columns, *sheet.shape[1:]).transpose(0, 2, 1, 3)
        ink = (255 * (1 - rows.reshape(-1, columns * sheet.shape[2]))).astype("uint8")
        size = ZOOM * ink.shape[1], ZOOM * ink.shape[0]
        buffer = io.BytesIO()
        Image.fromarray(ink).resize(size, Image.Resampling.NEAREST).save(buffer, "PNG")
        return buffer.getvalue()


@dataclass(frozen=True)
class PointSamples:
    """Points (n, D): a table (.csv) or values (.npz)."""

    points: np.ndarray

    things: ClassVar[str] = "points"
    file: ClassVar[str] = "samples.csv"

    def write(self, out: Path) -> None:
        """As in ``Samples``."""
        match out.suffix.lower():
            case ".npz":
                files.write(out, _npz(points=self.points))
            case ".csv":
                buffer = io.BytesIO()
                np.savetxt(buffer, self.points, delimiter=",", fmt="%.6f")
                files.write(out, buffer.getvalue())
            case _:
                raise GenlabError(f"{out} should end in .csv or .npz: these are points.")


@dataclass(frozen=True)
class SequenceSamples:
    """Sequences of levels (n, T): a table (.csv), a row each, or values (.npz)."""

    sequences: np.ndarray

    things: ClassVar[str] = "sequences"
    file: ClassVar[str] = "samples.csv"

    def write(self, out: Path) -> None:
        """As in ``Samples``."""
        match out.suffix.lower():
            case ".npz":
                files.write(out, _npz(sequences=self.sequences))
            case ".csv":
                buffer = io.BytesIO()
                np.savetxt(buffer, self.sequences, delimiter=",", fmt="%d")
                files.write(out, buffer.getvalue())
            case _:
                raise GenlabError(f"{out} should end in .csv or .npz: these are sequences.")


@dataclass(frozen=True)
class SoundSamples:
    """Sounds (n, T) in [−1, 1]: heard one after the other (.wav, 16 bit), or values (.npz)."""

    sounds: np.ndarray
    rate: int  # samples a second

    things: ClassVar[str] = "sounds"
    file: ClassVar[str] = "samples.wav"

    def write(self, out: Path) -> None:
        """As in ``Samples``."""
        match out.suffix.lower():
            case ".npz":
                files.write(out, _npz(sounds=self.sounds, rate=np.array(self.rate)))
            case ".wav":
                files.write(out, wav(self.sounds.ravel(), self.rate))
            case _:
                raise GenlabError(f"{out} should end in .wav or .npz: these are sounds.")


def wav(sound: np.ndarray, rate: int) -> bytes:
    """A sound (T,) in [−1, 1] as a WAV file of 16 bits, one channel."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    return buffer.getvalue()


def _npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()
