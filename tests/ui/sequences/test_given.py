"""What is given of a sequence: presets that the data could have, and texts that say it, in both languages."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import genlab
from genlab.data import toy
from genlab.ui.sequences.given import ALPHABET, presets, read

SKETCH = Path(genlab.__file__).parent / "ui" / "sequences" / "sketch"
DENO = Path(sys.executable).with_name("deno")
ASK = """
const [folder, question] = Deno.args, { texts, samples, lines } = JSON.parse(question);
const { Given } = await import(`${folder}/given.js`), { SHARES, quantiles } = await import(`${folder}/fan.js`);
const { foresight } = await import(`${folder}/words.js`);
const given = (values) => new Given(values), five = given(Array(5).fill(null));
const story = [];
five.remember();
five.stroke({ t: 0, level: 2 }, { t: 4, level: 6 });
story.push([...five.values]);
five.remember();
five.stroke({ t: 3, level: 9 }, { t: 2, level: 0 }, true);
story.push([...five.values], five.first);
five.undo();
story.push([...five.values]);
five.clear();
story.push([...five.values], five.first);
five.undo();
five.undo();
five.undo();
story.push([...five.values]);
const upright = given([null]);
upright.stroke({ t: 0, level: 1 }, { t: 0, level: 7 });
console.log(JSON.stringify({ texts: texts.map((values) => given(values).text), story, upright: upright.values,
  shares: SHARES, quantiles: samples.map((l) => quantiles(l)), words: lines.map((l) => foresight(l, true)) }));
"""
KNOWN = [[3, None, None], [None, 2, None], [None, 0, 63], [None] * 3, [5, 6, 7]]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    samples = [rng.integers(0, 64, n).tolist() for n in (1, 2, 7, 48)]
    question = json.dumps({"texts": KNOWN, "samples": samples, "lines": KNOWN})
    environment = {**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    ran = subprocess.run(
        [DENO, "run", "--no-config", "--allow-read", "--ext=js", "-", SKETCH.as_uri(), question],
        input=ASK, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return {**json.loads(ran.stdout), "samples": samples}


def test_a_text_says_what_is_given_in_both_languages(told: dict[str, Any]) -> None:
    assert [read(text, 3, 64) for text in told["texts"]] == [tuple(values) for values in KNOWN]
    assert len(set(ALPHABET)) == 64  # a letter for each level of T = 32


@pytest.mark.parametrize("text", ["", "AAAA", "AA/", "I", "<b>", "é"])
def test_a_text_that_fits_no_sequence_is_none(text: str) -> None:
    assert read(text, 3, 8) is None


def test_a_stroke_gives_each_place_its_level_and_is_taken_back(told: dict[str, Any]) -> None:
    drawn = [2, 3, 4, 5, 6]
    assert told["story"] == [drawn, [2, 3, None, None, 6], 2, drawn, [None] * 5, 0, [None] * 5]
    assert told["upright"] == [7]


def test_bands_lie_between_quantiles(told: dict[str, Any]) -> None:
    for levels, quantiles in zip(told["samples"], told["quantiles"], strict=True):
        assert quantiles == np.quantile(levels, told["shares"], method="inverted_cdf").tolist()


def test_it_is_said_what_cannot_be_foreseen(told: dict[str, Any]) -> None:
    begun, one, two, nothing, whole = told["words"]
    assert "comes before" in begun and "One given value lies" in one and "2 given values lie" in two
    assert "Nothing is given" in nothing and "Everything is given" in whole


@pytest.mark.parametrize("length", [16, 32])
def test_presets_of_forks_could_be_data(length: int) -> None:
    for name, given in presets("forks", length).items():
        known = [(t, level) for t, level in enumerate(given) if level is not None]
        levels = sorted({level for _, level in known})
        assert len(given) == length and known[0][0] == 0, name
        assert len(levels) == 1 or levels[1] - levels[0] == toy.JUMP
        assert all(a <= b for (_, a), (_, b) in itertools.pairwise(known))  # one jump at most


def test_presets_of_lines_could_be_data() -> None:
    law = toy.lines_law(16)
    for name, given in presets("lines", 16).items():
        assert any(all(g is None or g == x for g, x in zip(given, sequence, strict=True)) for sequence in law), name
