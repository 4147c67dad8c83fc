"""The warp in headless Chromium: frames a second while 2000 points and a 40×40 mesh travel through eight layers.

`python -m benchmarks.warp` prints what `measure` returns.
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

SHOWN = {
    "density, mesh, points": (),
    "density, contours, mesh, points": ("contours",),
    "stretch, mesh, points": ("stretch",),
}

# Times of the frames that the browser shows while the journey plays, from its first to its last.
PLAY = """async (root) => {
  const times = [];
  root.querySelector("[data-do=play]").click();
  await new Promise(requestAnimationFrame);
  const { canvas } = root.closest("[data-playing]");
  while (canvas.playing) times.push(await new Promise(requestAnimationFrame));
  return times;
}"""


def measure() -> dict[str, Any]:
    """Frames a second of three journeys each, by what is shown: mean, and the slowest of twenty."""
    server, found = start(Path(tempfile.mkdtemp()) / "server.log", "benchmarks/page.py", PAGE="warp_page.py"), {}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            for name, buttons in SHOWN.items():
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(server.url)
                page.wait_for_selector('[data-ready="true"][data-playing="false"]', timeout=60_000)
                for button in buttons:
                    page.get_by_role("button", name=button, exact=True).click()
                root = page.locator(".warp").element_handle()
                gaps: list[float] = []
                for _ in range(3):
                    times = page.evaluate(PLAY, root)
                    gaps += [later - sooner for sooner, later in itertools.pairwise(times)]
                gaps.sort()
                found[name] = {
                    "frames_per_second": round(1000 * len(gaps) / sum(gaps), 1),
                    "slowest_of_twenty": round(1000 / gaps[int(0.95 * len(gaps))], 1),
                }
                page.close()
            browser.close()
    finally:
        server.stop()
    return {"points": 2000, "mesh": "40×40", "layers": 8, **found}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
