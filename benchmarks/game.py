"""The game in headless Chromium: frames a second while a round is played: heat, mesh, 400 real and 400 made points.

`python -m benchmarks.game` prints what `measure` returns.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.conftest import start

# Times of the frames that the browser shows while a round is played once, and the phase that each shows.
PLAY = """async (root) => {
  const frames = [], game = root.closest("[data-playing]").canvas;
  game.go(0);
  game.play();
  const phase = () => game.round.at(game.t)?.name ?? "rest";
  while (game.t < game.last) frames.push([await new Promise(requestAnimationFrame), phase()]);
  game.pause();
  return frames;
}"""
# Times of the frames of a morph in which all moves at once: back from the end of the round to another state.
MORPH = """async (root) => {
  const times = [], game = root.closest("[data-playing]").canvas, { id, target, meta } = game;
  const one = { ...target, meta: { ...meta, moves: [] } };
  for (const name of game.constructor.MOVING) {
    const { shape, data } = target[name], first = data.slice(0, data.length / shape[0]);
    one[name] = { shape: [1, ...shape.slice(1)], data: first.reverse() };
  }
  game.show("other", one, 3000);
  while (game.morph) times.push(await new Promise(requestAnimationFrame));
  game.show(id, target, 0);
  game.go(game.last);
  return times;
}"""


def measure() -> dict[str, Any]:
    """Frames a second, mean and the slowest of twenty: of a round, of its slowest phase, of a morph of everything."""
    server = start(Path(tempfile.mkdtemp()) / "server.log", "benchmarks/page.py", PAGE="game_page.py")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(server.url)
            page.wait_for_selector('[data-ready="true"][data-phase="update G"]', timeout=60_000)  # warmed up
            root = page.locator(".game").element_handle()
            page.evaluate("root => root.closest('[data-playing]').canvas.pause()", root)
            frames = page.evaluate(PLAY, root)
            morph = page.evaluate(MORPH, root)
            browser.close()
    finally:
        server.stop()
    gaps = [(later[0] - sooner[0], sooner[1]) for sooner, later in itertools.pairwise(frames)]
    phases = {name: _rates([gap for gap, phase in gaps if phase == name]) for name in {phase for _, phase in gaps}}
    slowest = min(phases, key=lambda name: phases[name]["frames_per_second"])
    return {
        "points": 800,
        "mesh": "21×21",
        "heat": "40×40",
        "round": _rates([gap for gap, _ in gaps]),
        "slowest_phase": {"name": slowest, **phases[slowest]},
        "morph": _rates([later - sooner for sooner, later in itertools.pairwise(morph)]),
    }


def _rates(gaps: list[float]) -> dict[str, float]:
    """Of times between frames in milliseconds."""
    return {
        "frames_per_second": round(1000 * len(gaps) / sum(gaps), 1),
        "slowest_of_twenty": round(1000 / sorted(gaps)[int(0.95 * len(gaps))], 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
