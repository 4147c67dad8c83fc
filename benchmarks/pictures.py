"""Digits of MNIST as people's pictures show them: how many our classifier tells, once our reader has read them.

`python -m benchmarks.pictures` prints what `measure` returns, of the first 200 test images in each kind of picture.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from scipy import ndimage
from skimage.morphology import skeletonize
from torch import Tensor
from tqdm import tqdm

from genlab.data.images import load
from genlab.data.pictures import PictureError, from_picture
from genlab.errors import DataUnavailable
from genlab.evaluation.classifier import classifier

COUNT, SIDE = 200, 600  # pictures of a kind; pixels a side of a picture
INK, PAPER = 25, 245  # grey levels
ACROSS = np.linspace(0, 1, SIDE)[None].repeat(SIDE, 0)  # 0 at the left, 1 at the right
RANDOM = np.random.RandomState


def marker(digit: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Ink from 0 to 1, float (side, side): a digit (28, 28) enlarged, with the smooth edge of a pen."""
    large = np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC), float) / 255
    return np.clip(4 * (ndimage.gaussian_filter(large, side / 150) - 0.5) + 0.5, 0, 1)


def pen(digit: np.ndarray, width: int, side: int = SIDE) -> np.ndarray:
    """The same digit, drawn along the middle of its strokes with a pen so many pixels wide."""
    middle, sheet = np.pad(skeletonize(marker(digit) > 0.5), 1), Image.new("L", (side, side))
    draw, scale = ImageDraw.Draw(sheet), side / SIDE
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        for row, column in np.argwhere(middle & np.roll(middle, (-down, -right), (0, 1))) - 1:
            ends = (column, row, column + right, row + down)
            draw.line([scale * (place + 0.5) for place in ends], 1, width)
    return np.asarray(sheet, float)


def lit(ink: np.ndarray, light: np.ndarray | float, *, paper: float = PAPER, dark: float = INK) -> np.ndarray:
    """Grey levels: ink on paper under a light."""
    return light * (paper + (dark - paper) * ink)


def on_page(ink: np.ndarray, side: int, height: int, width: int, top: int, left: int) -> np.ndarray:
    """Ink (height, width): a page on which the digit stands smaller."""
    page = np.zeros((height, width))
    small = Image.fromarray(ink.astype(np.float32)).resize((side, side), Image.Resampling.BOX)
    page[top : top + side, left : left + side] = np.asarray(small)
    return page


def squares(grey: np.ndarray, lines: float, step: int = 30, width: int = 2, turned: float = 0.0) -> np.ndarray:
    """Squared paper: lines of a grey level under the ink."""
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    turn = np.deg2rad(turned)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    on = ((u + 7) % step < width) | ((v + 11) % step < width)
    return np.where(on, np.minimum(grey, grey / PAPER * lines), grey)


def framed(grey: np.ndarray, width: int) -> np.ndarray:
    """A black line around the picture."""
    return np.pad(grey[width:-width, width:-width], width)


def on_a_table(grey: np.ndarray) -> np.ndarray:
    """A sheet that lies askew on dark wood."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    sheet = np.maximum(np.abs(x + 0.08 * y), np.abs(y - 0.08 * x)) < 0.46
    return np.where(sheet, grey, 60 + 12 * np.sin(90 * y + 5 * np.sin(20 * x)))


def grainy(grey: np.ndarray, amount: float = 4.0) -> np.ndarray:
    """The noise of a camera."""
    return grey + RANDOM(0).normal(0, amount, grey.shape)


LAMP = (250 + (80 - 250) * ACROSS) / 255
VIGNETTE = 1 - 0.7 * ((ACROSS - 0.5) ** 2 + (ACROSS.T - 0.5) ** 2) / 0.5
SHADOW = 1 - 0.5 / (1 + np.exp((ACROSS + 0.3 * ACROSS.T - 0.62) * 200))  # of a hand: falls over some six pixels
# A digit (28, 28) to grey levels; those with "JPEG" are saved as such.
KINDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as MNIST, 28 × 28": lambda digit: 255.0 - digit,
    "plain": lambda digit: lit(marker(digit), 1),
    "inverted": lambda digit: 255 - lit(marker(digit), 1),
    "JPEG": lambda digit: lit(marker(digit), 1),
    "grey on grey": lambda digit: lit(marker(digit), 1, paper=130, dark=90),
    "cut out along the ink": lambda digit: tight(lit(marker(digit), 1)),
    "lamp from one side": lambda digit: lit(marker(digit), LAMP),
    "lamp from one side, ink as dark everywhere, JPEG": lambda digit: (
        lit(marker(digit) * 0, LAMP) * (1 - marker(digit)) + INK * marker(digit)
    ),
    "vignette": lambda digit: lit(marker(digit), VIGNETTE),
    "edge of a shadow": lambda digit: lit(marker(digit), SHADOW),
    "chalk, lamp from one side": lambda digit: lit(marker(digit), LAMP, paper=50, dark=220),
    "frame of 1 pixel": lambda digit: framed(lit(marker(digit), 1), 1),
    "frame of 20 pixels": lambda digit: framed(lit(marker(digit), 1), 20),
    "drawn into a box": lambda digit: np.pad(framed(lit(marker(digit), 1), 5), 60, constant_values=PAPER),
    "sheet askew on a table, JPEG": lambda digit: grainy(on_a_table(lit(marker(digit), 1))),
    "squared paper": lambda digit: squares(lit(on_page(marker(digit), 400, SIDE, SIDE, 90, 110), 1), 185),
    "squared paper, dark lines": lambda digit: squares(lit(on_page(marker(digit), 400, SIDE, SIDE, 90, 110), 1), 110),
    "squared paper askew, pen of 5, JPEG": lambda digit: squares(lit(pen(digit, 5), 1), 170, turned=3),
    "pen of 1 pixel": lambda digit: lit(pen(digit, 1), 1),
    "pen of 3 pixels": lambda digit: lit(pen(digit, 3), 1),
    "pen of 3 pixels of 3000": lambda digit: lit(pen(digit, 3, 3000), 1),
    "pencil, lamp, grain, JPEG": lambda digit: grainy(lit(pen(digit, 6), LAMP, dark=130)),
    "small and off the middle, lamp, grain, JPEG": lambda digit: grainy(
        lit(on_page(marker(digit), 260, 900, 1200, 90, 760), np.linspace(1, 0.5, 1200)[None])
    ),
}


def tight(grey: np.ndarray) -> np.ndarray:
    """What holds ink of a picture."""
    rows, columns = (np.flatnonzero((grey < 128).any(axis)) for axis in (1, 0))
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def file(grey: np.ndarray, kind: str) -> bytes:
    """The bytes of a picture."""
    buffer = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).round().astype(np.uint8)).save(buffer, kind, quality=75)
    return buffer.getvalue()


def two(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Two digits side by side."""
    at = {"side": SIDE // 2, "height": SIDE, "width": SIDE, "top": 150}
    return lit(on_page(marker(left), left=0, **at) + on_page(marker(right), left=SIDE // 2, **at), 1)


def read(pictures: Iterable[np.ndarray], form: str, labels: Tensor) -> dict[str, float]:
    """The share that the classifier tells rightly, and that in which the reader sees several digits.

    Arguments:
        form: of the file.
        labels: int64 (N,), the right answers.
    """
    found, several = torch.zeros(len(labels), 1, 28, 28, dtype=torch.uint8), 0
    for k, picture in enumerate(pictures):
        with suppress(PictureError):  # white paper, then
            drawing, notes = from_picture(file(picture, form))
            found[k, 0] = torch.from_numpy(drawing.ink)
            several += bool(notes)
    told = classifier().see(found)[1].argmax(1)
    return {"told": float((told == labels).double().mean()), "several": several / len(labels)}


def measure() -> dict[str, Any]:
    """For each kind what `read` says of it; or a sentence where MNIST is not there."""
    try:
        test = load("mnist", 28, 256).test
    except DataUnavailable as error:
        return {"skipped": str(error)}
    digits, labels = test.images[:COUNT, 0].numpy(), test.labels[:COUNT]
    shares = {}
    for name, shown in tqdm(KINDS.items(), unit="kind", disable=None):
        shares[name] = read(map(shown, digits), "JPEG" if "JPEG" in name else "PNG", labels)
    shares["two side by side"] = read(map(two, digits, np.roll(digits, -1, 0)), "PNG", labels)
    return shares


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2, ensure_ascii=False))
