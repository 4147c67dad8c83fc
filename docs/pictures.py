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
from docs.cards import (
    COLUMNS,
    FOUR,
    ROWS,
    chain_card,
    comparison_card,
    determinant_card,
    flow_card,
    game_card,
    images_card,
    sequences_card,
    sound_card,
)
from genlab.catalog import TOPICS, entries
from genlab.comparison import Comparison
from genlab.experiments.data import OnImages
from genlab.experiments.entries import Family
from genlab.experiments.gans import PlaneGANExperiment
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import GAN, ImageGAN
from genlab.models.image_flow import ImageFlow
from genlab.models.sequence import SequenceModel
from genlab.models.vae import VAE
from genlab.models.wavenet import WaveNet

ROOT = Path(__file__).parents[1]
SURPRISING = 6.0  # bits of the pixel in the screenshot


def samples() -> None:
    """One card for each topic, of the model that its page opens on, with seed 0."""
    for topic in TOPICS.values():
        if isinstance(topic, Family):
            entry = entries(topic.name, shipped=True)[0]
            model, experiment = genlab.load(entry.name), entry.experiment
            if isinstance(model, Flow):
                picture = flow_card(model)
            elif isinstance(model, GAN) and isinstance(experiment, PlaneGANExperiment):
                picture = game_card(model, experiment.loss, experiment.dataset)
            elif isinstance(model, SequenceModel):
                picture = sequences_card(model)
            elif isinstance(model, WaveNet):
                picture = sound_card(model)
            else:
                picture = images_card(_drawn(model))
        else:
            picture = {"chain": chain_card, "determinant": determinant_card, "comparison": _comparison}[topic.name]()
        path = ROOT / "genlab" / "ui" / "shell" / "pictures" / f"{topic.name}.png"
        picture.save(path, optimize=True)
        print(path.relative_to(ROOT))


def _comparison() -> Image.Image:
    lanes = Comparison().lanes
    return comparison_card({colour: genlab.load(lane.shipped) for colour, lane in zip(FOUR, lanes, strict=True)})


def _drawn(model: AutoregressiveImage | ImageFlow | ImageGAN | VAE) -> np.ndarray:
    """Samples as grey levels, black on white, uint8 (n, H, W)."""
    if isinstance(model, ImageGAN):
        return (255 * (1 - model.sample(COLUMNS * ROWS, torch.Generator().manual_seed(0))[:, 0])).round().byte().numpy()
    if isinstance(model, VAE):
        z = model.latents(torch.randn(COLUMNS * ROWS, model.latent, generator=torch.Generator().manual_seed(0)))
        return (255 * (1 - model.expected(z))).detach().round().byte().numpy()
    labels = torch.arange(COLUMNS * ROWS) % 10 if model.conditional else None
    x = model.sample(COLUMNS * ROWS, generator=torch.Generator().manual_seed(0), labels=labels)
    return 255 - x[:, 0].numpy() * 255 // (model.levels - 1)


def screenshots() -> None:
    """Watch, half way through a digit, at a surprising pixel; Draw; a flow that has arrived; a game in slow motion."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import chromium
    from tests.browser.conftest import start

    entry = entries("pixelcnn", shipped=True)[0]
    assert isinstance(entry.experiment, OnImages)
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
            posterior = page.locator(".player [data-say=posterior]")
            while float(posterior.inner_text().split()[-2]) < SURPRISING:
                page.keyboard.press("ArrowRight")
            page.screenshot(path=ROOT / "docs" / "watch.png")
            page.goto(f"{server.url}/gated_pixelcnn?mode=draw")
            expect(page.locator(".draw.ready .scale")).to_contain_text("a horse", timeout=60_000)
            page.wait_for_timeout(1000)  # the tiles glide to their places
            page.screenshot(path=ROOT / "docs" / "draw.png")
            page.goto(f"{server.url}/real_nvp")
            page.wait_for_selector('.warp-host[data-stage="8.00"][data-playing="false"]', timeout=60_000)
            page.screenshot(path=ROOT / "docs" / "warp.png")
            page.goto(f"{server.url}/gan_on_the_plane?mode=train")
            page.locator('.trainer [data-action="train"]').click(timeout=60_000)
            trainer = page.locator(".trainer")
            while int(trainer.get_attribute("data-step") or 0) < 1500:
                page.wait_for_timeout(100)
            page.locator('.trainer [data-action="slow"]').click()
            page.wait_for_selector('.picture[data-phase="G’s gradient"]', timeout=60_000)
            page.wait_for_timeout(900)
            page.screenshot(path=ROOT / "docs" / "game.png")
            browser.close()
    finally:
        server.stop()
        server.log.unlink()


if __name__ == "__main__":
    samples()
    if "samples" not in sys.argv:
        screenshots()
