"""From nothing to a moving pixel: the server's start, the first page, the first pixel of a visitor who waited for it.

`python -m benchmarks.startup` prints what `measure` returns.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.player import watched
from genlab.catalog import FAMILIES
from tests.browser import chromium
from tests.browser.conftest import start

STARTS = 3


def measure() -> dict[str, Any]:
    """Seconds since the server's process was started, medians of several fresh servers.

    Returns:
        ``server``: it answers; ``first_page``: a deep link shows its title; ``first_moving_pixel``: the page writes an
        image, for which the compute process had to be started and torch imported.
    """
    entry = watched()
    page_of = FAMILIES[entry.experiment.model_dump()["family"]].page
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        for _ in range(STARTS):
            began = time.perf_counter()
            server = start(Path(tempfile.mkdtemp()) / "server.log")
            try:
                answers = time.perf_counter() - began
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                page.goto(f"{server.url}/{page_of}?model={entry.name}", wait_until="commit")
                page.wait_for_selector("h1")
                titled = time.perf_counter() - began
                page.wait_for_selector('.player[data-step]:not([data-step="0"])', timeout=120_000)
                rows.append((answers, titled, time.perf_counter() - began))
                page.close()
            finally:
                server.stop()
        browser.close()
    medians = (statistics.median(column) for column in zip(*rows, strict=True))
    return dict(zip(("server", "first_page", "first_moving_pixel"), medians, strict=True))


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
