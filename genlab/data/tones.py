"""Tones of a few instruments, synthesised with a seed. Torch-free."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genlab.data import mulaw

RATE = 8000  # samples a second
LOWEST = 110.0  # Hz, an A
PITCHES = 13  # semitones from there on, up to the next A
INSTRUMENTS = ("pluck", "reed", "voice", "chord")
CLASSES = len(INSTRUMENTS) * PITCHES
CHORD = (1.0, 3 / 2)  # root and fifth in just intonation: their period is twice that of the root
SLIDE, SETTLE = 0.08, 0.03  # a tone begins up to so much beside its pitch, and comes to it in so many seconds
NOISE = 0.01  # standard deviation, of a full scale of 1: about as much as a model errs when it writes
_FORMANTS = ((730.0, 90.0, 1.0), (1090.0, 110.0, 0.6), (2440.0, 160.0, 0.25))  # Hz, bandwidth, strength: an "ah"


def label(instrument: int, pitch: int) -> int:
    """The class of a tone: which instrument, and how many semitones above the lowest A."""
    return instrument * PITCHES + pitch


def frequency(label: int | np.ndarray) -> np.ndarray:
    """Of the pitch that a class names, in Hz."""
    return LOWEST * 2 ** (np.asarray(label) % PITCHES / 12)


def fundamental(label: int | np.ndarray) -> np.ndarray:
    """How often a second the waveform repeats itself, in Hz: a chord, with the period of all its notes together."""
    return frequency(label) / np.where(np.asarray(label) // PITCHES == INSTRUMENTS.index("chord"), 2, 1)


def tone(rng: np.random.Generator, label: int, length: int) -> np.ndarray:
    """A tone from its beginning on, float64 (length,) in [−1, 1]; loudness, noise and its first pitch are drawn.

    Noise and sliding teach a model, which only ever hears itself when it writes, how one comes back to a tone.
    """
    t = np.arange(length) / RATE
    phase = float(frequency(label)) * (t + rng.uniform(-SLIDE, SLIDE) * SETTLE * (1 - np.exp(-t / SETTLE)))
    wave = (_pluck, _reed, _voice, _chord)[label // PITCHES](t, phase, float(frequency(label)))
    return rng.uniform(0.5, 0.8) * wave / np.abs(wave).max() + NOISE * rng.standard_normal(length)


def tones(rng: np.random.Generator, n: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Tones of random classes: levels uint8 (n, length), and classes int64 (n,)."""
    labels = rng.integers(0, CLASSES, n)
    return np.stack([mulaw.encode(tone(rng, int(label), length)) for label in labels]), labels


def _harmonics(phase: np.ndarray, f: float, strength: Callable[[int], np.ndarray | float]) -> np.ndarray:
    """The sum of the multiples of f that can be heard at this rate; ``phase`` counts the periods of f."""
    wave = np.zeros_like(phase)
    for k in range(1, int(0.45 * RATE / f) + 1):
        if np.any(loud := strength(k)):
            wave += loud * np.sin(2 * np.pi * k * phase + np.pi * k * (k - 1) / 12)
    return wave


def _attack(t: np.ndarray, seconds: float) -> np.ndarray:
    return np.minimum(1, t / seconds)


def _pluck(t: np.ndarray, phase: np.ndarray, f: float) -> np.ndarray:
    """A string: high harmonics are weaker, and die away sooner."""
    return _attack(t, 0.004) * _harmonics(phase, f, lambda k: np.exp(-t * (1.5 + 0.9 * k)) / k)


def _reed(t: np.ndarray, phase: np.ndarray, f: float) -> np.ndarray:
    """A closed pipe: odd harmonics."""
    return _attack(t, 0.03) * _harmonics(phase, f, lambda k: k % 2 / k**1.3)


def _voice(t: np.ndarray, phase: np.ndarray, f: float) -> np.ndarray:
    """A buzz in a throat that lets some frequencies through."""

    def strength(k: int) -> float:
        return 0.6 / k + sum(s / (1 + ((k * f - centre) / width) ** 2) for centre, width, s in _FORMANTS)

    return _attack(t, 0.05) * _harmonics(phase, f, strength)


def _chord(t: np.ndarray, phase: np.ndarray, f: float) -> np.ndarray:
    """Two notes of an organ."""
    organ = (1.0, 0.4, 0.15)
    notes = (
        _harmonics(ratio * phase, f * ratio, lambda k: organ[k - 1] if k <= len(organ) else 0.0) for ratio in CHORD
    )
    return _attack(t, 0.02) * sum(notes)
