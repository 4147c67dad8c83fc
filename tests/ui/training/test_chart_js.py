"""The axis of a loss chart, in the browser's own language."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import genlab

UI = Path(genlab.__file__).parent / "ui"
DENO = Path(sys.executable).with_name("deno")
# The chart without a browser: of a curve it is asked what its axis shows and where it leaves the picture.
ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
globalThis.document = { addEventListener() {}, createElement: () => ({}) };
globalThis.location = { search: "", pathname: "" };
const [ui, cases] = Deno.args;
const { Curve } = await import(`${ui}/training/trainer/chart.js`);
console.log(JSON.stringify(JSON.parse(cases).map(({ points, losses = [], lines = [], unit = "nats" }) => {
  const number = (v) => (v === null ? NaN : v), chart = Object.create(Curve.prototype);
  const all = Float32Array.from(points.flat().map(number)), svg = { clientWidth: 600, clientHeight: 300 };
  Object.assign(chart, { points: all, rival: new Float32Array(0), losses, lines, unit, svg });
  Object.assign(chart, { steps: 100, top: 4, rem: 15, zoom: null, log: false, close: false });
  const { y } = chart.limits(), g = chart.geometry();
  return { y, arrows: [...chart.leaving(g, 1, "train").matchAll(/<title>(.*?)<\\/title>/g)].map(([, said]) => said) };
})));
"""


def charts(*cases: dict[str, Any]) -> list[dict[str, Any]]:
    command = [DENO, "run", "--quiet", "--no-check", f"--allow-read={UI}", "-", str(UI), json.dumps(cases)]
    environment = os.environ | {"DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(command, input=ASK, text=True, check=True, capture_output=True, env=environment, timeout=60)
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def test_one_spike_does_not_spoil_the_axis_and_is_told() -> None:
    smooth = [(step, 2 + math.exp(-step / 20), None) for step in range(1, 101)]
    spiked = [(step, 1300.0 if step == 60 else -700.0 if step == 80 else loss, other) for step, loss, other in smooth]
    before, after = charts({"points": smooth}, {"points": spiked})
    assert before["arrows"] == []
    low, high = after["y"]
    assert 1 <= low <= 2 and 3 <= high <= 5
    assert after["arrows"] == ["60: 1300.00", "80: −700.00"]


def test_all_of_a_curve_without_spikes_is_in_view_and_so_are_the_lines() -> None:
    (seen,) = charts({"points": [(step, 5 - step / 25, None) for step in range(1, 101)], "lines": [{"value": 0.3}]})
    assert seen["y"][0] <= 0.3 and seen["y"][1] >= 5 - 1 / 25
    assert seen["arrows"] == []


@pytest.mark.parametrize("losses", [[1.4, -0.7], [9.0]])
def test_after_single_moves_their_losses_are_in_view(losses: list[float]) -> None:
    (seen,) = charts({"points": [], "losses": losses})
    assert all(seen["y"][0] < loss < seen["y"][1] for loss in losses)
