"""What is ink in a picture of a digit, whatever the light, the paper and the pen. Torch-free.

The paper is what a closing leaves of the picture (J. Serra, *Image Analysis and Mathematical Morphology*, 1982): the
light of a lamp and the edge of a shadow are wider than a pen, and stay. How wide the pen is follows from the middle of
its strokes (T. Y. Zhang and C. Y. Suen, *A fast parallel algorithm for thinning digital patterns*, 1984).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.measure import label, regionprops
from skimage.morphology import reconstruction, skeletonize

SHADE = 0.15  # of the range of a picture: pixels that differ less are of one shade, as those of a margin are
MARGIN = 0.25  # of the digit: so much of it stays, that there is paper to compare with
SMALL = 160  # pixels of the longer side to which a picture is reduced where its paper is looked for
WIDEST = 0.4  # of the longer side: a stroke is narrower
BLACK = 16  # grey levels: added before ratios and logarithms, lest they enlarge the noise of black
GRAIN = 16  # grey levels: what differs less from the paper is its grain
FAINT, SURE, LINE = 0.2, 0.5, 0.15  # of the ink's darkness: the edge of a stroke, its middle, a line of the paper
THIN, PEN = 1.4, 2.4  # pixels where the digit has 20: one of MNIST's in a hundred is thinner; what such a one becomes
SPECK = 0.15  # of the largest part's size: what is smaller is dirt
SHARED, TALL = 0.3, 0.5  # of columns: with fewer in common, parts are two digits, if both are so much of the taller


def find_ink(grey: np.ndarray) -> tuple[np.ndarray, int]:
    """The ink of one digit, and how many digits stand side by side, of which it is the first.

    Arguments:
        grey: float (H, W), from 0 to 255: dark on light or light on dark.

    Returns:
        Ink from 0 to 1, float (h, w), all 0 where nothing is drawn.
    """
    ink = _unlined(_from_paper(_unframed(grey)))
    even = ndimage.gaussian_filter(ink, max(ink.shape) / 600)  # a line may fall between two pixels
    if even.max() < GRAIN:
        return np.zeros_like(ink), 0
    dark = float(np.median(even[even > even.max() / 2]))
    sure, ink = even > SURE * dark, np.clip(ink / dark, 0, 1)
    near = ndimage.binary_dilation(sure, np.ones((3, 3)), max(1, round(max(ink.shape) / 300)))
    digit, count = _first(near)
    return _thickened(np.where(digit & (ink > FAINT), ink, 0), digit, sure), count


def _unframed(grey: np.ndarray) -> np.ndarray:
    """What frames, and margins of one shade, stand around; with some of the margin."""
    shade, inside, kept = SHADE * np.ptp(grey), grey, grey
    while np.ptp(_edge(inside)) <= shade:
        around = inside[0, 0]
        other = np.abs(inside - around) > shade
        if not other.any():
            return grey
        rows, columns = _extent(other)
        some = round(MARGIN * max(rows.stop - rows.start, columns.stop - columns.start))
        wider = inside[tuple(slice(max(part.start - some, 0), part.stop + some) for part in (rows, columns))]
        inside = inside[rows, columns]
        margin = (np.abs(_edge(inside) - around) <= shade).mean() > 0.1  # else it was a frame
        kept = wider if margin else inside
    return kept


def _edge(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array[0], array[-1], array[:, 0], array[:, -1]])


def _extent(mask: np.ndarray) -> tuple[slice, slice]:
    """The rows and the columns in which something is True."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _from_paper(grey: np.ndarray) -> np.ndarray:
    """How far each pixel is from the paper around it, as if the light were the same everywhere: grey levels, from 0."""
    side = max(grey.shape)
    height, width = (max(3, round(n * min(1, SMALL / side))) for n in grey.shape)
    small = _resized(grey, height, width, Image.Resampling.BOX)
    sign = 1 if _is_dark(small) else -1
    light, widest = sign * small, round(WIDEST * max(small.shape)) | 1
    # Without strokes, and without what is wider but surrounded by paper.
    around = np.pad(light, 2 * widest, "edge")
    closed = ndimage.grey_closing(around, (widest, widest))[2 * widest : -2 * widest, 2 * widest : -2 * widest]
    lid = np.pad(np.full((height - 2, width - 2), light.max()), 1, constant_values=-np.inf)
    filled = reconstruction(np.maximum(lid, light), light, "erosion")
    paper = ndimage.minimum_filter(np.maximum(closed, filled), 3)  # the edge of a shadow or a table is not ink
    paper = _resized(sign * paper, grey.shape[0], grey.shape[1], Image.Resampling.BILINEAR)
    return np.maximum(sign * (1 - (grey + BLACK) / (paper + BLACK)), 0) * (np.median(paper) + BLACK)


def _resized(array: np.ndarray, height: int, width: int, how: Image.Resampling) -> np.ndarray:
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize((width, height), how), float)


def _is_dark(grey: np.ndarray) -> bool:
    """Whether the ink is darker than the paper: what stands out most from a smooth light, a quadratic, is."""
    light = np.log(np.pad(grey, round(max(grey.shape) / 5), "edge") + BLACK)
    y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in light.shape), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1).reshape(-1, 6)
    rest = light.ravel() - terms @ np.linalg.lstsq(terms, light.ravel(), rcond=None)[0]
    return bool(((rest - np.median(rest)) ** 3).sum() < 0)


def _unlined(ink: np.ndarray) -> np.ndarray:
    """Without the rows and columns that are lines of the paper, three or more."""
    for axis in (0, 1):
        lines = np.percentile(ink, 10, 1 - axis) > LINE * ink.max()
        if (np.diff(lines.astype(int)) > 0).sum() >= 3 and lines.mean() < 0.4:
            ink = np.delete(ink, np.flatnonzero(lines), axis)
    return ink


def _first(ink: np.ndarray) -> tuple[np.ndarray, int]:
    """Where the first digit is, without the dirt around it; and how many digits there are."""
    parts = label(ink)
    found = sorted(regionprops(parts), key=lambda part: part.bbox[1])
    inner = [part for part in found if part.label not in _edge(parts)]
    if max(map(_size, inner), default=0) > 0.2 * max(ink.shape):
        found = inner  # what reaches the edge is a table, or a thumb
    digits: list[list[Any]] = []
    least = SPECK * max(map(_size, found))
    for part in found:
        if _size(part) > least:
            if digits and _overlap(digits[-1], part) > SHARED:
                digits[-1].append(part)
            else:
                digits.append([part])
    heights = [max(part.bbox[2] for part in digit) - min(part.bbox[0] for part in digit) for digit in digits]
    tall = [digit for digit, height in zip(digits, heights, strict=True) if height > TALL * max(heights)]
    kept = tall[:1] if len(tall) > 1 else digits
    return ink & np.isin(parts, [part.label for digit in kept for part in digit]), len(tall)


def _size(part: Any) -> int:
    return max(part.image.shape)


def _overlap(digit: list[Any], part: Any) -> float:
    """The share of the narrower's columns in which both are. The part begins no further left than the digit."""
    (_, left, _, right), start, end = part.bbox, digit[0].bbox[1], max(other.bbox[3] for other in digit)
    return (min(right, end) - left) / min(right - left, end - start)


def _thickened(ink: np.ndarray, digit: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """With strokes as wide as MNIST's, where they are thinner."""
    sure = sure & digit
    unit = max(side.stop - side.start for side in _extent(sure)) / 20
    width = ink.sum() / skeletonize(np.pad(digit, 1)).sum()
    if width >= THIN * unit:
        return ink
    more = (PEN * unit - width) / 2
    return np.clip(more + 1.5 - ndimage.distance_transform_edt(~np.pad(sure, int(more) + 2)), 0, 1)
