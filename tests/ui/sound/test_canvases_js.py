"""What the canvases of sound compute, in the browser's own language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import genlab
from genlab.data import mulaw

UI = Path(genlab.__file__).parent / "ui" / "sound"
DENO = Path(sys.executable).with_name("deno")
ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
const [ui, given] = Deno.args, { wave, dilations } = JSON.parse(given);
const { SAMPLES, Spectrogram, fft, spectrum } = await import(`${ui}/wave.js`);
const { tree } = await import(`${ui}/tree.js`);
const re = Float64Array.from(wave), im = new Float64Array(wave.length);
fft(re, im);
const grown = new Spectrogram(wave.length), steps = [];
for (const end of [100, 300, wave.length]) { grown.grow(wave, end, end === wave.length); steps.push(grown.columns); }
console.log(JSON.stringify({ samples: [...SAMPLES], re: [...re], im: [...im], loud: [...spectrum(wave, 256)], steps,
  tree: tree(dilations).map((row) => [...row].sort((a, b) => a - b)) }));
"""
WAVE = (0.5 * np.sin(2 * np.pi * 1000 * np.arange(512) / 8000)).tolist()


@pytest.fixture(scope="module")
def told() -> dict:
    given = json.dumps({"wave": WAVE, "dilations": [1, 2, 4]})
    command = [DENO, "run", "--quiet", "--no-check", f"--allow-read={UI.parent}", "-", str(UI), given]
    environment = os.environ | {"DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(command, input=ASK, text=True, check=True, capture_output=True, env=environment, timeout=60)
    return json.loads(done.stdout)


def test_levels_are_the_samples_that_python_means(told: dict) -> None:
    np.testing.assert_allclose(told["samples"], mulaw.decode(np.arange(256)), atol=1e-7)


def test_the_fourier_transform_is_numpys(told: dict) -> None:
    expected = np.fft.fft(WAVE)
    np.testing.assert_allclose(np.array(told["re"]) + 1j * np.array(told["im"]), expected, atol=1e-9)


def test_a_sine_is_loudest_at_its_frequency_by_its_amplitude(told: dict) -> None:
    assert int(np.argmax(told["loud"])) == round(1000 / (8000 / 256))
    assert max(told["loud"]) == pytest.approx(1 + 20 * np.log10(0.5) / 70, abs=0.02)  # 0.5 of a full sine
    assert np.median(told["loud"]) == 0


def test_a_spectrogram_has_only_what_is_written(told: dict) -> None:
    """A column is 256 samples wide, and they are 50 apart."""
    assert told["steps"] == [0, 4, 11]


def test_the_tree_has_each_value_of_the_field_once(told: dict) -> None:
    assert told["tree"] == [list(range(8)), [0, 2, 4, 6], [0, 4], [0]]
