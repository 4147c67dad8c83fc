"""Makes the examples of the Draw panel, digits that our models draw and a horse: `python -m docs.examples`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from scipy import ndimage

import genlab
from genlab.data.drawing import NAMES

DATA = Path(__file__).parents[1] / "genlab" / "data"
DRAWN = 32  # of each class; the surest is kept
SEEDS = {  # chosen by eye
    "gated-pixelcnn-mnist": (100, 0, 200, 0, 0, 0, 100, 100, 400, 400),
    "gated-pixelcnn-digits": (0,) * 10,
}
FINE = 8  # the horse is drawn so many times larger


def digits(name: str, seeds: tuple[int, ...]) -> np.ndarray:
    """Of each class, among the likelier samples in one piece, the one whose class is surest: ink uint8 (10, S, S)."""
    model = genlab.load(name)
    kept = []
    for label, seed in enumerate(seeds):
        labels = torch.full((DRAWN,), label)
        x = model.sample(generator=torch.Generator().manual_seed(seed + label), labels=labels, temperature=0.9)
        with torch.inference_mode():
            given, mixture = model.log_prob(x, labels), model.log_prob(x)
        whole = torch.tensor([ndimage.label(2 * image >= model.levels, np.ones((3, 3)))[1] == 1 for image in x[:, 0]])
        surest = torch.where(whole & (given >= given.median()), given - mixture, -torch.inf).argmax()
        kept.append(x[surest, 0].numpy() * 255 // (model.levels - 1))
    return np.stack(kept).astype(np.uint8)


def horse(size: int) -> np.ndarray:
    """A horse from the side, ink uint8 (size, size)."""
    sheet = Image.new("L", (28 * FINE, 28 * FINE))
    pen = ImageDraw.Draw(sheet)

    def scaled(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * FINE, y * FINE) for x, y in points]

    pen.ellipse(scaled([(7, 11), (20, 17.5)]), fill=255)  # body
    pen.polygon(scaled([(7, 14.5), (9.5, 10.8), (8.2, 5.4), (5.6, 5.8), (5.2, 10)]), fill=255)  # neck
    pen.polygon(scaled([(8.4, 5.0), (6.6, 4.2), (1.9, 8.2), (2.6, 10.0), (7.2, 8.6)]), fill=255)  # head
    pen.polygon(scaled([(6.6, 5.0), (7.0, 2.6), (8.2, 5.2)]), fill=255)  # ear
    for hip, knee, hoof in (  # legs
        ((8.6, 15.5), (8.0, 19.5), (8.6, 24.0)),
        ((10.6, 16.0), (11.2, 19.8), (10.8, 24.0)),
        ((17.0, 16.0), (16.0, 19.8), (17.0, 24.0)),
        ((18.8, 14.5), (19.6, 19.2), (18.9, 24.0)),
    ):
        pen.line(scaled([hip, knee, hoof]), fill=255, width=round(1.7 * FINE), joint="curve")
    pen.line(  # tail
        scaled([(19.3, 12.8), (22.0, 13.2), (23.2, 16.0), (22.8, 19.5)]),
        fill=255,
        width=round(1.5 * FINE),
        joint="curve",
    )
    if size == 8:  # it fills its frame, as the 8×8 digits do
        sheet = sheet.crop((1 * FINE, 2 * FINE, 25 * FINE, 25 * FINE))
    return np.asarray(sheet.resize((size, size), Image.Resampling.BOX))


def main() -> None:
    """Writes both strips."""
    for size, name in ((28, "gated-pixelcnn-mnist"), (8, "gated-pixelcnn-digits")):
        strip = np.concatenate([*digits(name, SEEDS[name]), horse(size)], axis=1)
        assert strip.shape == (size, size * len(NAMES))
        path = DATA / f"examples{size}.png"
        Image.fromarray(255 - strip).save(path, optimize=True)
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
