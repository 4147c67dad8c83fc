"""Makes the pictures that are committed: samples of the shipped checkpoints, and the screenshots of README.md.

`make pictures`, or `python -m docs.pictures samples` for the samples alone, which needs no browser.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import genlab
from genlab.catalog import FAMILIES, entries
from genlab.experiment import ImageExperiment

ROOT = Path(__file__).parents[1]
SURPRISING = 6.0  # bits of the pixel in the screenshot
COLUMNS, ROWS, SIDE, GAP = 6, 2, 84, 6  # of a card: images across and down, screen pixels of an image and between two


def samples() -> None:
    """One card for each family, drawn by the model that its page opens on, with seed 0."""
    for family in FAMILIES.values():
        entry = entries(family.name, shipped=True)[0]
        model, count = genlab.load(entry.name), COLUMNS * ROWS
        labels = torch.arange(count) % 10 if model.conditional else None
        x = model.sample(count, generator=torch.Generator().manual_seed(0), labels=labels)
        path = ROOT / "genlab" / "ui" / "pictures" / f"{family.name}.png"
        card(255 - x[:, 0].numpy() * 255 // (model.levels - 1)).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {entry.name}")


def card(images: np.ndarray) -> Image.Image:
    """Grey images (COLUMNS * ROWS, H, W) on transparent paper, each SIDE pixels wide."""
    sheet = np.zeros((ROWS * (SIDE + GAP) - GAP, COLUMNS * (SIDE + GAP) - GAP, 2), np.uint8)
    for k, image in enumerate(images):
        row, column = k // COLUMNS * (SIDE + GAP), k % COLUMNS * (SIDE + GAP)
        at = np.arange(SIDE) * image.shape[0] // SIDE
        sheet[row : row + SIDE, column : column + SIDE, 0] = image[at][:, at]
        sheet[row : row + SIDE, column : column + SIDE, 1] = 255
    return Image.fromarray(sheet, "LA")


def screenshots() -> None:
    """The Watch page half way through a digit, paused at a pixel that the model is not sure of; the Draw page."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import chromium
    from tests.browser.conftest import start

    entry = entries("pixelcnn", shipped=True)[0]
    assert isinstance(entry.experiment, ImageExperiment)
    half = entry.experiment.size**2 // 2
    server = start(ROOT / "docs" / "server.log")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{server.url}/pixelcnn?model={entry.name}&seed=3")
            player = page.locator(".player.ready")
            while int(player.get_attribute("data-step", timeout=60_000) or 0) < half:
                page.wait_for_timeout(50)
            page.locator(".player [data-do=play]").click()
            posterior = page.locator(".player [data-text=posterior]")
            while float(posterior.inner_text().split()[-2]) < SURPRISING:
                page.keyboard.press("ArrowRight")
            page.screenshot(path=ROOT / "docs" / "watch.png")
            page.goto(f"{server.url}/gated_pixelcnn?mode=draw")
            expect(page.locator(".draw.ready .scale")).to_contain_text("a horse", timeout=60_000)
            page.wait_for_timeout(1000)  # the tiles glide to their places
            page.screenshot(path=ROOT / "docs" / "draw.png")
            browser.close()
    finally:
        server.stop()
        server.log.unlink()


if __name__ == "__main__":
    samples()
    if "samples" not in sys.argv:
        screenshots()
