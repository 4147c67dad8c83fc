"""How soon a slider answers one visitor, alone and while another visitor trains, and how soon a training is on screen.

    python -m benchmarks.responsiveness

A real server and two Chromium contexts. One may train; the other presses the temperature slider of Watch. Time runs in
the second one's browser, from the key on the slider to the frame in which the player shows the first pixel of the new
generation. Then the training is paused, and takes single steps: time runs from the press to the counter, so that it is
longer than what lies between a step and the screen.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from genlab.catalog import FAMILIES, entries
from tests.browser import chromium
from tests.browser.conftest import start

PRESSES = 40
START = 120_000  # ms a training may take to be under way
UP = 15_000  # ms in which the processes come up that a new server starts later

CLOCK = """() => {
  const find = (selector) => {
    for (const e of document.querySelectorAll('*')) {
      const found = e.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
  };
  const player = find('.player');
  window.clock = { pressed: null, times: [] };
  addEventListener('keydown', ({ key }) => {
    if (key.startsWith('Arrow')) window.clock.pressed = performance.now();
  }, true);
  new MutationObserver(() => {
    if (window.clock.pressed === null) return;
    window.clock.times.push(performance.now() - window.clock.pressed);
    window.clock.pressed = null;
  }).observe(player, { attributes: true, attributeFilter: ['data-identity'] });
}"""

STEP = """async (host) => {
  const counter = host.querySelector('[data-say="step"]'), before = counter.textContent, began = performance.now();
  host.querySelector('[data-action="step"]').click();
  while (counter.textContent === before) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def press(page: Page, presses: int) -> list[float]:
    """Milliseconds from each key on the temperature slider to the new picture, which nobody has asked for before."""
    slider = page.get_by_role("slider", name="temperature")
    for k in range(presses):
        if k % 10 == 0:
            page.get_by_role("button", name="larger seed").click()  # what was asked twice is kept
            page.wait_for_timeout(300)
            slider.focus()
        before = page.evaluate("window.clock.times.length")
        slider.press("ArrowLeft" if k % 20 < 10 else "ArrowRight")
        page.wait_for_function("n => window.clock.times.length > n", arg=before, timeout=30_000)
        page.wait_for_timeout(150)  # a person's pace; the player moves on
    return list(page.evaluate("window.clock.times"))[-presses:]


def summary(times: list[float]) -> dict[str, float]:
    """Median, 90th percentile and worst, in milliseconds."""
    return {"p50_ms": statistics.median(times), "p90_ms": statistics.quantiles(times, n=10)[-1], "worst_ms": max(times)}


def measure() -> dict[str, Any]:
    """Milliseconds of the temperature slider, alone and under another visitor's training, and of single steps."""
    family = next(f for f in FAMILIES.values() if f.name == "pixelcnn")
    if not entries(family.name, shipped=True):
        raise FileNotFoundError(f"no shipped weights of {family.title} to watch")
    server = start(Path(tempfile.mkdtemp()) / "server.log")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            size: Any = {"width": 1280, "height": 800}
            watcher, trainer = (browser.new_context(viewport=size).new_page() for _ in range(2))
            watcher.goto(f"{server.url}/{family.page}")
            watcher.wait_for_selector(".player[data-identity]", timeout=START)
            watcher.wait_for_timeout(UP)
            watcher.evaluate(CLOCK)
            press(watcher, 5)  # warm
            alone = press(watcher, PRESSES)
            trainer.goto(f"{server.url}/{family.page}?mode=train&steps=1000000")
            trainer.wait_for_selector(".trainer")
            trainer.locator('.trainer [data-action="train"]').click()
            trainer.wait_for_selector('.trainer[data-state="running"]', timeout=START)
            trainer.wait_for_timeout(3000)
            steps = [int(trainer.locator(".trainer").get_attribute("data-step") or 0)]
            training = press(watcher, PRESSES)
            steps.append(int(trainer.locator(".trainer").get_attribute("data-step") or 0))
            trainer.locator('.trainer [data-action="pause"]').click()
            trainer.wait_for_selector('.trainer[data-state="paused"]')
            trainer.wait_for_timeout(1000)
            host = trainer.locator(".trainer").element_handle()
            stepping = []
            for _ in range(PRESSES):
                stepping.append(trainer.evaluate(STEP, host))
                trainer.wait_for_timeout(150)
            browser.close()
    finally:
        server.stop()
    return {
        "alone": summary(alone),
        "while_another_trains": summary(training),
        "step_to_counter": summary(stepping),
        "steps_trained_meanwhile": steps[1] - steps[0],
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
