"""Levels of sound, tones, and what is heard in them."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.data import mulaw, tones
from genlab.evaluation import sound as ear
from genlab.experiments import sound as declared


def test_mulaw_is_its_formula_and_comes_back() -> None:
    x = np.linspace(-1, 1, 4001)
    levels = mulaw.encode(x)
    by_hand = [round((np.sign(v) * np.log(1 + 255 * abs(v)) / np.log(256) + 1) / 2 * 255 + 1e-9) for v in x]
    assert np.abs(levels.astype(int) - by_hand).max() <= 1
    assert (np.diff(levels.astype(int)) >= 0).all()
    assert (mulaw.encode(mulaw.decode(np.arange(256))) == np.arange(256)).all()
    step = np.diff(mulaw.decode(np.arange(256)))
    assert (np.abs(mulaw.decode(levels) - x) <= 0.51 * step.max()).all()
    assert step[127] < step[0] / 50  # quiet sounds are told apart better
    assert mulaw.encode(np.array([-7.0, 7.0])).tolist() == [0, 255]
    assert abs(float(mulaw.decode(np.array([mulaw.SILENCE]))[0])) < 2e-4


def test_tones_have_the_pitch_of_their_class() -> None:
    rng = np.random.default_rng(3)
    for instrument in range(len(tones.INSTRUMENTS)):
        for pitch in (0, 5, 12):
            wave = tones.tone(rng, tones.label(instrument, pitch), 6000)
            f = 110 * 2 ** (pitch / 12)
            spectrum = np.abs(np.fft.rfft(wave[1000:] * np.hanning(5000)))
            loud = np.flatnonzero(spectrum > 0.2 * spectrum.max()) * 8000 / 5000
            notes = [f, 1.5 * f] if tones.INSTRUMENTS[instrument] == "chord" else [f]
            assert all(min(abs(peak / note - round(peak / note)) * note for note in notes) < 4 for peak in loud)
            assert np.abs(wave).max() <= 0.85


def test_every_class_is_heard_right() -> None:
    labels = np.arange(tones.CLASSES)
    waves = np.stack([tones.tone(np.random.default_rng(int(label)), int(label), 8000) for label in labels])
    assert ear.same_pitch(ear.heard(waves), tones.fundamental(labels)).all()
    wrong = tones.fundamental(labels) * 2 ** (1 / 12)
    assert not ear.same_pitch(ear.heard(waves), wrong).any()


def test_a_sine_is_heard_and_silence_is_not() -> None:
    t = np.arange(8000) / 8000
    assert ear.heard(np.sin(2 * np.pi * 173 * t)[None])[0] == pytest.approx(173, rel=2e-3)
    assert np.isnan(ear.heard(np.zeros((1, 8000)))[0])


def test_the_lines_of_the_chart_are_what_simpler_models_pay() -> None:
    train, _ = tones.tones(np.random.default_rng(0), 104, declared.LENGTH)
    test, _ = tones.tones(np.random.default_rng(10_000_019), 104, declared.LENGTH)
    assert ear.histogram_entropy(test) == pytest.approx(declared.HISTOGRAM, abs=0.01)
    assert ear.linear_prediction(train, test) == pytest.approx(declared.LINEAR, abs=0.05)


def test_a_histograms_entropy_is_by_hand() -> None:
    assert ear.histogram_entropy(np.array([[0, 0, 1, 2]], np.uint8)) == pytest.approx(1.5)


def test_linear_prediction_of_white_noise_pays_for_its_spread() -> None:
    rng = np.random.default_rng(0)
    levels = mulaw.encode(0.25 * rng.standard_normal((20, 2000)))
    assert abs(ear.linear_prediction(levels, levels) - ear.histogram_entropy(levels)) < 0.1
