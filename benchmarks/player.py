"""The player in headless Chromium: steps a second at the speed that asks for sixty, and how soon the first pixel moves.

`python -m benchmarks.player` prints what `measure` returns.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from genlab.catalog import CATALOG, FAMILIES
from genlab.experiments.entries import Entry
from genlab.experiments.pixels import PixelExperiment
from tests.browser import chromium
from tests.browser.conftest import start

ASKED = 60  # steps a second at 1×, for images of 28×28
SECONDS = 6
VISITS = 5

COUNT = """async ([root, seconds]) => {
  const began = performance.now(), { canvas } = root, first = canvas.step;
  let frames = 0, step = first, now = began;
  while (now - began < 1000 * seconds) {
    now = await new Promise(requestAnimationFrame);
    if (canvas.step !== step) frames++;
    step = canvas.step;
  }
  return { steps: 1000 * (step - first) / (now - began), frames: 1000 * frames / (now - began) };
}"""


def watched() -> Entry:
    """A shipped model of 28×28 pixels. Raises LookupError where there is none."""
    for entry in CATALOG.values():
        experiment = entry.experiment
        if entry.shipped and isinstance(experiment, PixelExperiment) and experiment.size == 28:
            return entry
    raise LookupError("no weights for 28×28 pixels are here: the player is measured with such a model")


def visit(browser: Browser, link: str) -> tuple[float, Page]:
    """Seconds from opening a link in a fresh browser to the first pixel that moves, and the page."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    began = time.perf_counter()
    page.goto(link, wait_until="commit")
    page.wait_for_selector('.player[data-step]:not([data-step="0"])')
    return time.perf_counter() - began, page


def measure() -> dict[str, Any]:
    """What the player does on this machine.

    Returns:
        ``steps_per_second`` and ``frames_per_second`` (frames in which something moved), of ``asked`` steps;
        ``first_moving_pixel`` in seconds from opening the link, the median of several visits to a warm server, and
        ``first_visit`` to a server that nobody has visited.
    """
    entry = watched()
    server = start(Path(tempfile.mkdtemp()) / "server.log")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            family = FAMILIES[entry.experiment.model_dump()["family"]]
            link = f"{server.url}/{family.page}?model={entry.name}"
            cold, page = visit(browser, link)
            page.close()
            times = []
            for _ in range(VISITS):
                seconds, page = visit(browser, link)
                times.append(seconds)
                page.close()
            _, page = visit(browser, link)
            root = page.locator(".player").element_handle()
            drawn = page.evaluate(COUNT, [root, SECONDS])
            browser.close()
    finally:
        server.stop()
    return {
        "model": entry.name,
        "asked": ASKED,
        "steps_per_second": drawn["steps"],
        "frames_per_second": drawn["frames"],
        "first_moving_pixel": statistics.median(times),
        "first_visit": cold,
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
