"""A visitor's own WAV file, as a sound of this project: one channel, 8 kHz. Read by libsndfile."""

from __future__ import annotations

import io
import math
import struct

import numpy as np
import soundfile
from scipy.signal import resample_poly

from genlab.data import mulaw
from genlab.data.tones import RATE
from genlab.errors import GenlabError

LARGEST = 32 * 2**20  # bytes
SECONDS = 0.5  # that are kept
RATES = 1000, 384_000  # Hz
_WAV = ("WAV", "WAVEX", "RF64", "W64")
_UNKNOWN = (0, 0xFFFFFFFF)  # sizes that a header has where its file was written as it came


def read(data: bytes) -> tuple[bytes, list[str]]:
    """The beginning of a sound as levels, a byte each, and sentences that say what was done to it.

    Raises:
        GenlabError: the file is no WAV file, or has no sound that can be read.
    """
    if not data:
        raise GenlabError("The file is empty: choose a WAV file with some sound in it.")
    if len(data) > LARGEST:
        raise GenlabError(f"The file has {len(data) / 2**20:.0f} MB: choose one with at most {LARGEST / 2**20:.0f} MB.")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            kind, rate, channels = file.format, file.samplerate, file.channels
            if kind not in _WAV:
                raise GenlabError(f"This is a file of the type {kind}, whatever its name says: save it as WAV.")
            if not RATES[0] <= rate <= RATES[1]:
                raise GenlabError(f"The file has {rate} samples a second: {RATES[0]} to {RATES[1]} can be read.")
            # A header may claim any length: no more is read than is kept.
            sound = file.read(math.ceil(SECONDS * rate) + 1, dtype="float64", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError, ValueError) as error:
        raise GenlabError("This is no WAV file that can be read: save it as WAV, 16 bit, and try again.") from error
    if not sound.size:
        raise GenlabError("The file has a header and no sound: choose a WAV file with some sound in it.")
    if not np.isfinite(sound).all():
        raise GenlabError("The file has samples that are no numbers: save it as WAV, 16 bit, and try again.")
    return _levels(sound, rate, channels, _cut(data))


def _levels(sound: np.ndarray, rate: int, channels: int, cut: bool) -> tuple[bytes, list[str]]:
    notes = ["The file ends before its header says: what is there was read."] if cut else []
    if channels > 1:
        notes.append(f"{channels} channels were mixed into one.")
    if len(sound) > SECONDS * rate:
        notes.append(f"The first {SECONDS:g} s were taken.")
    mixed = sound[: math.ceil(SECONDS * rate)].mean(1)
    if rate != RATE:
        shared = math.gcd(rate, RATE)
        mixed = resample_poly(mixed, RATE // shared, rate // shared)
        notes.append(f"It was resampled from {rate} to {RATE} samples a second.")
    if not np.abs(mixed).max() > 1e-4:
        notes.append("It is silent.")
    if np.abs(mixed).max() > 1:
        notes.append("What was louder than a full scale was clipped.")
    return mulaw.encode(mixed[: int(SECONDS * RATE)]).tobytes(), notes


def _cut(data: bytes) -> bool:
    """True where the samples are fewer than the header of a RIFF file says."""
    at = 12
    while data[:4] == b"RIFF" and at + 8 <= len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        if name == b"data":
            return size not in _UNKNOWN and at + 8 + size > len(data)
        at += 8 + size + size % 2
    return False
