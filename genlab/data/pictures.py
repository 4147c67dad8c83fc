"""A picture from a file, centred and scaled as the digits of MNIST are. Torch-free.

LeCun's recipe: the ink fits into 20 × 20 pixels, its proportions kept, and its centre of mass lies in the middle of
28 × 28 (http://yann.lecun.com/exdb/mnist/).
"""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from genlab.data.drawing import Drawing
from genlab.errors import GenlabError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
LARGEST = 10_000_000  # bytes
MOST = 50_000_000  # pixels
LEAST = 4  # pixels a side
SIDE = 640  # pixels a side to which a larger picture is reduced first
BOX, SIZE = 20, 28
MIDDLE = 14.5  # where MNIST's centres of mass lie, edges counted from 0: at pixel 14, as measured on its test images
# What Pillow's readers raise of a damaged file.
DAMAGE = (
    EOFError,
    Image.DecompressionBombError,
    IndexError,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


class PictureError(GenlabError):
    """A file that is no picture to draw from."""


def from_picture(data: bytes) -> tuple[Drawing, list[str]]:
    """A fully known 28 × 28 drawing from the bytes of a file, and what is worth saying of it, a sentence each.

    Raises:
        PictureError: too large, too small, damaged, blank, or no picture.
    """
    if len(data) > LARGEST:
        raise PictureError(f"The file has {len(data) / 1e6:.0f} MB; pictures up to {LARGEST // 10**6} MB can be read.")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of many pixels, where the limit here is stricter, and of damage, which is said
        try:
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        except Image.DecompressionBombError:
            raise PictureError(
                f"The picture has more than {MOST // 10**6} million pixels: make it smaller first."
            ) from None
        except (UnidentifiedImageError, OSError, ValueError):
            raise PictureError("This is no picture that can be read: use a PNG, JPEG, GIF, WebP or BMP file.") from None
        width, height = picture.size
        if width * height > MOST:
            raise PictureError(
                f"The picture has {width}×{height} pixels, more than {MOST // 10**6} million: make it smaller first."
            )
        if min(width, height) < LEAST:
            raise PictureError(f"The picture has only {width}×{height} pixels: at least {LEAST}×{LEAST} are needed.")
        try:
            # A phone's MPO holds a small copy or a depth map beside the photo: it does not move.
            animated = picture.format != "MPO" and getattr(picture, "is_animated", False)
            _decode(picture)
        except DAMAGE:
            raise PictureError("The picture is damaged or cut off: save or copy it once more.") from None
    ink, count = _ink(picture)
    if not ink.any():
        raise PictureError("Nothing is drawn in this picture, or too faintly: use a darker pen.")
    notes = ["It is an animation: its first frame is used."] if animated else []
    if count > 1:
        notes.append(f"{count} digits stand side by side: the first is used; cut the picture to use another.")
    return Drawing(_centred(ink), np.ones((SIZE, SIZE), bool)), notes


def _decode(picture: Image.Image) -> None:
    """Reads the pixels, upright."""
    if picture.format in ("JPEG", "MPO"):
        picture.draft("RGB", (SIDE, SIDE))  # decodes small at once
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)


def _ink(picture: Image.Image) -> tuple[np.ndarray, int]:
    """Ink from 0 to 1, float (H, W), of the first digit, and how many digits there are."""
    from genlab.data.ink import find_ink  # scipy and scikit-image: a second of importing

    if picture.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 255
        wide = np.asarray(picture, float)
        picture = Image.fromarray((255 * (wide / max(wide.max(), 1))).astype(np.uint8))
    clear = picture.has_transparency_data
    picture = picture.convert("RGBA" if clear else "L")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    if not clear:
        return find_ink(np.asarray(picture, float))
    alpha = np.asarray(picture.getchannel("A"), float)
    over = Image.new("RGBA", picture.size, "white")
    over.alpha_composite(picture)
    ink, count = find_ink(np.asarray(over.convert("L"), float))
    return (ink, count) if ink.any() else find_ink(255 - alpha)  # white on nothing: its shape is the ink


def _centred(ink: np.ndarray) -> np.ndarray:
    """uint8 (28, 28)."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(ink.shape)
    width, height = (max(1, round(side * scale)) for side in (ink.shape[1], ink.shape[0]))
    small = Image.fromarray((255 * ink).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BOX if scale <= 1 else Image.Resampling.BILINEAR
    )
    digit = np.asarray(small, float)
    if not digit.any():
        digit = digit + 255.0  # a speck that vanished in the average
    mass = digit.sum()
    centre = [(digit.sum(1 - axis) * (np.arange(digit.shape[axis]) + 0.5)).sum() / mass for axis in (0, 1)]
    top, left = (
        int(np.clip(round(MIDDLE - middle), 0, SIZE - side)) for middle, side in zip(centre, digit.shape, strict=True)
    )
    sheet = np.zeros((SIZE, SIZE), np.uint8)
    sheet[top : top + height, left : left + width] = digit
    return sheet
