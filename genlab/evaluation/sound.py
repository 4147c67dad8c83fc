"""What a sound is worth: which pitch is heard in it, and what simpler models of sound pay for a sample."""

from __future__ import annotations

import math

import numpy as np

from genlab.data import mulaw
from genlab.data.tones import RATE

LOW, HIGH = 25.0, 500.0  # Hz, between which a pitch is looked for
BEGIN = 1000  # samples after which a tone is settled
CLEAR = 0.9  # of the highest peak: the first one as high as that is the period, and not one of its multiples
WITHIN = 0.03
ORDER = 32  # samples from which the linear prediction is made


def heard(sounds: np.ndarray) -> np.ndarray:
    """How often a second each waveform repeats itself, in Hz, by the first clear peak of its autocorrelation; else NaN.

    Arguments:
        sounds: (n, T), at least ``BEGIN`` and a quarter of a second long.
    """
    found = []
    for sound in sounds[:, BEGIN:].astype(np.float64):
        centred = sound - sound.mean()
        spectrum = np.abs(np.fft.rfft(centred, 2 * len(centred))) ** 2
        whole = np.fft.irfft(spectrum)[: len(centred)] / np.arange(len(centred), 0, -1)  # alike for all lags
        first, last = int(RATE / HIGH), int(RATE / LOW) + 1
        r = whole[: last + 2]
        peaks = [lag for lag in range(first, last + 1) if r[lag - 1] <= r[lag] >= r[lag + 1]]
        top = max((r[lag] for lag in peaks), default=0.0)
        if top <= 0:
            found.append(math.nan)  # silence repeats nothing
            continue
        lag = next(lag for lag in peaks if r[lag] >= CLEAR * top)
        left, middle, right = r[lag - 1 : lag + 2]
        bend = left - 2 * middle + right
        found.append(RATE / (lag + (0.5 * (left - right) / bend if bend else 0)))  # the top of a parabola through three
    return np.array(found)


def same_pitch(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """True where two frequencies are within three hundredths."""
    return np.abs(one / other - 1) < WITHIN


def histogram_entropy(levels: np.ndarray) -> float:
    """Bits a sample of a model that knows how often each level comes, and nothing of the past."""
    p = np.bincount(levels.ravel(), minlength=mulaw.LEVELS) / levels.size
    return float(-(p[p > 0] * np.log2(p[p > 0])).sum())


def linear_prediction(train: np.ndarray, test: np.ndarray) -> float:
    """Bits a sample of test sounds, levels (n, T), by a linear prediction that was fitted to others.

    The prediction is made of the last ``ORDER`` decoded samples, by least squares. Each level is as likely as the
    interval around it under a normal distribution about the prediction, with the deviation of the fit that makes the
    training sounds likeliest.
    """

    def rows(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        sound = np.pad(mulaw.decode(levels).astype(np.float64), ((0, 0), (ORDER, 0)))
        past = np.lib.stride_tricks.sliding_window_view(sound[:, :-1], ORDER, axis=1).reshape(-1, ORDER)
        return past, mulaw.decode(levels).ravel().astype(np.float64), levels.ravel()

    past, now, _ = rows(train)
    weights, *_ = np.linalg.lstsq(past, now, rcond=None)
    middles = mulaw.decode(np.arange(mulaw.LEVELS)).astype(np.float64)
    edges = np.concatenate([[-np.inf], (middles[1:] + middles[:-1]) / 2, [np.inf]])

    def bits(levels: np.ndarray, deviation: float) -> float:
        past, _, level = rows(levels)
        mean = past @ weights
        p = _normal((edges[level + 1] - mean) / deviation) - _normal((edges[level] - mean) / deviation)
        return float(-np.log2(np.maximum(p, 1e-12)).mean())

    spread = float((now - past @ weights).std())
    best = min((spread * factor for factor in np.geomspace(0.05, 4, 24)), key=lambda deviation: bits(train, deviation))
    return bits(test, best)


def _normal(x: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    value: np.ndarray = ndtr(x)
    return value
