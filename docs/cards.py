"""The home page's cards: samples of image models, flows half way, a game, and what a determinant does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import nn

from genlab.data import mulaw
from genlab.data.tones import label
from genlab.models.flow import Flow
from genlab.models.gan import GAN
from genlab.models.sequence import SequenceModel
from genlab.models.wavenet import WaveNet
from genlab.views.game import game
from genlab.views.sequences import written
from genlab.views.sound import write

SIZE, SMOOTH = (534, 174), 4  # drawn four times as large, then reduced
COLUMNS, ROWS, SIDE, GAP = 6, 2, 84, 6  # images across and down, screen pixels of an image and between two
GREY, ORANGE, RED, VIOLET = "#808B95", "#DD8512", "#E2343C", "#7C41A6"  # between those of the light and the dark theme
POINTS, HALF = 900, 3.0
BLUE, GREEN = "#338EC8", "#1FA37F"
FOUR = ("#D27E34", "#2DA380", "#4C93D1", "#B76BC4")  # GAN, VAE, flow and autoregression


def images_card(images: np.ndarray) -> Image.Image:
    """Grey images (COLUMNS * ROWS, H, W) on transparent paper, each SIDE pixels wide."""
    sheet = np.zeros((ROWS * (SIDE + GAP) - GAP, COLUMNS * (SIDE + GAP) - GAP, 2), np.uint8)
    for k, image in enumerate(images):
        row, column = k // COLUMNS * (SIDE + GAP), k % COLUMNS * (SIDE + GAP)
        at = np.arange(SIDE) * image.shape[0] // SIDE
        sheet[row : row + SIDE, column : column + SIDE, 0] = image[at][:, at]
        sheet[row : row + SIDE, column : column + SIDE, 1] = 255
    return Image.fromarray(sheet, "LA")


def flow_card(model: Flow) -> Image.Image:
    """Noise, the same points half way through the layers, and where they arrive; on the line, the map itself."""
    card = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH))
    draw, side = ImageDraw.Draw(card), 162 * SMOOTH
    with torch.no_grad():
        path = model.generation(model.noise(POINTS, torch.Generator().manual_seed(0)))
    if model.dim == 1:
        _line(draw, path)
    else:
        for k, stage in enumerate((0, len(path) // 2, len(path) - 1)):
            colour = (VIOLET, "#AC633C", ORANGE)[k]
            for x, y in path[stage].tolist():
                if max(abs(x), abs(y)) < HALF:
                    px, py = (9 + 177 * k) * SMOOTH + side * (x / HALF + 1) / 2, 6 * SMOOTH + side * (1 - y / HALF) / 2
                    draw.ellipse([px - 5, py - 5, px + 5, py + 5], colour)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def game_card(model: GAN, loss: str, dataset: str) -> Image.Image:
    """Noise, the landscape of the discriminator with real points, and the same with made ones."""
    arrays = game(model, loss, dataset, grid=54).arrays
    card, side = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH)), 162 * SMOOTH
    heat = (arrays["heat"][0] + 1) / 2
    green = np.array([int(GREEN[i : i + 2], 16) for i in (1, 3, 5)])
    shade = np.concatenate((np.broadcast_to(green, (*heat.shape, 3)), (150 * heat)[..., None]), 2).astype(np.uint8)
    ground = Image.fromarray(shade, "RGBA").resize((side, side), Image.Resampling.BICUBIC)
    tiles = ((None, arrays["z"], VIOLET), (ground, arrays["real"], BLUE), (ground, arrays["fake"][0], ORANGE))
    for k, (under, points, colour) in enumerate(tiles):
        left, top = (9 + 177 * k) * SMOOTH, 6 * SMOOTH
        if under is not None:
            card.alpha_composite(under, (left, top))
        draw = ImageDraw.Draw(card)
        for x, y in points.tolist():
            if max(abs(x), abs(y)) < HALF:
                px, py = left + side * (x / HALF + 1) / 2, top + side * (1 - y / HALF) / 2
                draw.ellipse([px - 7, py - 7, px + 7, py + 7], colour)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def comparison_card(models: Mapping[str, nn.Module]) -> Image.Image:
    """Samples of four models of the plane, by the colours that their families have on the page."""
    card, side = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH)), 126 * SMOOTH
    draw = ImageDraw.Draw(card)
    for k, (colour, model) in enumerate(models.items()):
        left, top = (6 + 132 * k) * SMOOTH, 24 * SMOOTH
        for x, y in cast(Any, model).sample(POINTS, torch.Generator().manual_seed(0)).tolist():
            if max(abs(x), abs(y)) < HALF:
                px, py = left + side * (x / HALF + 1) / 2, top + side * (1 - y / HALF) / 2
                draw.ellipse([px - 5, py - 5, px + 5, py + 5], colour)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def _line(draw: ImageDraw.ImageDraw, path: list[torch.Tensor]) -> None:
    """Quantiles of the noise above, joined with where the map puts them."""
    order = path[0][:, 0].argsort()[:: POINTS // 90]
    for z, x in zip(path[0][order, 0].tolist(), path[-1][order, 0].tolist(), strict=True):
        top, bottom = (SMOOTH * (SIZE[0] / 2 + 75 * value) for value in (z, x))
        draw.line([(top, 24 * SMOOTH), (bottom, 150 * SMOOTH)], GREY + "80", SMOOTH)
        for px, py, colour in ((top, 24 * SMOOTH, VIOLET), (bottom, 150 * SMOOTH, ORANGE)):
            draw.ellipse([px - 12, py - 12, px + 12, py + 12], colour)


def chain_card() -> Image.Image:
    """Five posteriors in a row, each with the value that is drawn."""
    card = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH))
    draw, foot, high = ImageDraw.Draw(card), 160 * SMOOTH, 140 * SMOOTH
    posteriors = ((0.34, 0.33, 0.33), (0.6, 0.2, 0.2), (0.2, 0.6, 0.2), (0.2, 0.55, 0.25), (0.08, 0.12, 0.8))
    for t, (posterior, value) in enumerate(zip(posteriors, (0, 1, 1, 1, 2), strict=True)):
        for k, p in enumerate(posterior):
            left = (14 + 106 * t + 28 * k) * SMOOTH
            box = (left, foot - p * high, left + 24 * SMOOTH, foot)
            draw.rectangle(box, ORANGE + ("ff" if k == value else "66"))
            if k == value:
                draw.rectangle(box, None, RED, 3 * SMOOTH)
    draw.line([(0, foot), (SIZE[0] * SMOOTH, foot)], GREY, SMOOTH)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def sequences_card(model: SequenceModel) -> Image.Image:
    """Eight sequences that a model writes, over the posteriors of the first of them."""
    seen = written(model, 8, seed=1)
    card = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH))
    draw, wide, high = ImageDraw.Draw(card), card.width / model.length, card.height / model.levels
    for t, column in enumerate(seen.arrays["log_probs"][0]):
        for level, shade in enumerate(column):
            top = card.height - (level + 1) * high
            draw.rectangle((t * wide, top, (t + 1) * wide, top + high), f"{BLUE}{int(shade) * 3 // 5:02x}")
    for k, values in enumerate(seen.arrays["values"]):
        path = [((t + 0.5) * wide, card.height - (value + 0.5) * high) for t, value in enumerate(values)]
        draw.line(path, ORANGE if k == 0 else GREY + "60", (4 if k == 0 else 2) * SMOOTH, joint="curve")
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def sound_card(model: WaveNet) -> Image.Image:
    """The beginning of two tones, as waveforms."""
    labels = torch.tensor([label(0, 3), label(1, 0)])
    waves = mulaw.decode(write(model, labels, 1200, torch.Generator().manual_seed(0)))
    card = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH))
    draw, half = ImageDraw.Draw(card), card.height / 2
    for k, wave in enumerate(waves):
        path = [(t / len(wave) * card.width, (k + 0.5 - 0.48 * x) * half) for t, x in enumerate(wave.tolist())]
        draw.line(path, (ORANGE, BLUE)[k], 2 * SMOOTH, joint="curve")
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def determinant_card() -> Image.Image:
    """Three matrices: one that grows areas, one that turns the plane over, one that flattens it."""
    card = Image.new("RGBA", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH))
    side = 162 * SMOOTH
    for k, matrix in enumerate(((1.5, -0.35, 0.35, 1.2), (0.3, 1.4, 1.3, 0.3), (1.2, 0.6, 1.0, 0.5))):
        card.alpha_composite(_tile(matrix, side), ((9 + 177 * k) * SMOOTH, 6 * SMOOTH))
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def _tile(matrix: tuple[float, float, float, float], side: int) -> Image.Image:
    """One square picture; the matrix is (a, b, c, d), its columns (a, c) and (b, d)."""
    a, b, c, d = matrix
    tile, unit, det = Image.new("RGBA", (side, side)), side / 3.4, a * d - b * c
    draw, colour = ImageDraw.Draw(tile), ORANGE if det >= 0 else VIOLET

    def at(x: float, y: float) -> tuple[float, float]:
        return side * 0.32 + unit * x, side * 0.72 - unit * y

    def image(x: float, y: float) -> tuple[float, float]:
        return at(a * x + b * y, c * x + d * y)

    for place, ink, width in ((at, GREY + "66", SMOOTH), (image, colour + "77", SMOOTH)):
        for line in range(-8, 9):
            draw.line([place(line, -8), place(line, 8)], ink, width)
            draw.line([place(-8, line), place(8, line)], ink, width)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    square = [at(*corner) for corner in corners]
    shape = [image(*corner) for corner in corners]
    sheet = Image.new("RGBA", tile.size)
    ImageDraw.Draw(sheet).polygon(shape, colour + "70")
    tile.alpha_composite(sheet)
    draw = ImageDraw.Draw(tile)
    draw.line([*square, square[0]], GREY, 2 * SMOOTH)
    draw.line([*shape, shape[0]], colour, 3 * SMOOTH, joint="curve")
    for x, y in ((1, 0), (0, 1)):
        tip, radius = image(x, y), 6 * SMOOTH
        draw.line([at(0, 0), tip], RED, 3 * SMOOTH)
        draw.ellipse([tip[0] - radius, tip[1] - radius, tip[0] + radius, tip[1] + radius], RED)
    return tile
