"""Uploads: good pictures become digits as MNIST's are, bad ones get a sentence."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from genlab.data.drawing import examples
from genlab.data.pictures import PictureError, from_picture


def file(picture, kind="PNG", **options) -> bytes:
    buffer = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(buffer, kind, **options)
    return buffer.getvalue()


def enlarged(ink, times=9):
    return ink.repeat(times, 0).repeat(times, 1)


def apart(drawing, ink):
    """Mean difference, of 255, at the best of nine places: a centre of mass may be rounded either way."""
    shifts = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
    return min(np.abs(np.roll(drawing.ink.astype(float), shift, (0, 1)) - ink).mean() for shift in shifts)


def header(width, height) -> bytes:
    """A PNG that says its size and holds no pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


# Centred once; from then on nothing may move it.
INK = from_picture(file(255 - examples(28)["3"].ink))[0].ink
ON_PAPER, BLACK = Image.fromarray(enlarged(255 - INK)), np.zeros((*INK.shape, 4), np.uint8)
CLEAR = BLACK + np.stack([np.zeros_like(INK)] * 3 + [INK], -1)
CLEAR_WHITE = CLEAR.copy()
CLEAR_WHITE[..., :3] = 255
MOVING = file(ON_PAPER, "GIF", save_all=True, append_images=[ON_PAPER.rotate(90)])
SECOND = MOVING.rindex(b"\x21\xf9\x04")  # the block that begins its second frame
ROTATED = Image.Exif()
ROTATED[0x0112] = 6  # the camera lay on its side

GOOD = {
    "small": file(255 - INK),
    "enlarged": file(ON_PAPER),
    "white on black": file(enlarged(INK)),
    "grey on grey": file((90 + enlarged(255 - INK) * 0.4).astype(np.uint8)),
    "jpeg": file(ON_PAPER, "JPEG", quality=80),
    "cmyk": file(ON_PAPER.convert("CMYK"), "JPEG", quality=95),
    "webp": file(ON_PAPER, "WEBP", lossless=True),
    "bmp": file(ON_PAPER.convert("RGB"), "BMP"),
    "palette": file(ON_PAPER.convert("P")),
    "one bit": file(ON_PAPER.convert("1")),
    "16 bits": file(enlarged(255 - INK).astype(np.uint16) * 257),
    "transparent": file(CLEAR),
    "white on nothing": file(CLEAR_WHITE),
    "large": file(ON_PAPER.resize((2800, 2800), 0)),
    "in a corner": file(np.pad(enlarged(255 - INK), ((0, 400), (300, 0)), constant_values=255)),
    "a phone's, its small copy with it": file(
        ON_PAPER.convert("RGB"), "MPO", save_all=True, append_images=[ON_PAPER.convert("RGB").resize((90, 90))]
    ),
    "turned by the camera": file(ON_PAPER.rotate(90, expand=True), "JPEG", quality=95, exif=ROTATED),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_digit_comes_back_as_it_was(name):
    drawing, notes = from_picture(GOOD[name])
    assert drawing.known.all() and notes == []
    assert apart(drawing, INK) < 5


def test_it_is_scaled_and_centred_as_mnist_is():
    picture = np.full((300, 200), 255, np.uint8)
    picture[20:220, 60:80] = 0  # a stroke, ten times as high as wide
    ink = from_picture(file(picture))[0].ink.astype(float)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert (len(rows), len(columns)) == (20, 2)
    places = np.arange(28) + 0.5
    for axis in (0, 1):
        assert abs((ink.sum(1 - axis) * places).sum() / ink.sum() - 14.5) <= 0.5


def test_shadows_and_grain_of_the_paper_are_no_ink():
    random = np.random.RandomState(0)
    light = np.linspace(230, 215, 252)[None] + random.normal(0, 2, (252, 252))
    photo = np.clip(light * (1 - enlarged(INK) / 300), 0, 255).astype(np.uint8)
    drawing, _ = from_picture(file(photo, "JPEG", quality=85))
    assert apart(drawing, INK) < 10
    assert not drawing.ink[:3].any()


def test_of_an_animation_the_first_frame_is_taken_and_said():
    frames = [Image.fromarray(enlarged(255 - ink)) for ink in (INK, INK.T, INK[::-1])]
    drawing, notes = from_picture(file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert notes == ["It is an animation: its first frame is used."]
    assert apart(drawing, INK) < 5


BAD = {
    "a PDF named .png": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "no picture that can be read"),
    "nothing": (b"", "no picture that can be read"),
    "a text": (b"hello", "no picture that can be read"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "no picture that can be read"),
    "tiff": (file(ON_PAPER, "TIFF"), "no picture that can be read"),
    "10,000 × 10,000": (file(Image.new("1", (10_000, 10_000))), "10000×10000 pixels, more than 50 million"),
    "20,000 × 20,000": (header(20_000, 20_000), "more than 50 million"),
    "1 × 1": (file(np.zeros((1, 1), np.uint8)), "only 1×1 pixels"),
    "truncated jpeg": (GOOD["jpeg"][: len(GOOD["jpeg"]) // 2], "damaged or cut off"),
    "truncated png": (GOOD["enlarged"][: len(GOOD["enlarged"]) // 2], "damaged or cut off"),
    "truncated gif": (file(ON_PAPER, "GIF")[:900], "damaged or cut off"),
    "gif with a damaged second frame": (
        MOVING[: SECOND + 2] + b"\x01\x00\x00" + MOVING[SECOND + 8 :],
        "damaged or cut off",
    ),
    "blank": (file(np.full((50, 50), 200, np.uint8)), "Nothing is drawn"),
    "clear": (file(np.zeros((50, 50, 4), np.uint8)), "Nothing is drawn"),
    "too many bytes": (bytes(11_000_000), "11 MB; pictures up to 10 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_gets_a_sentence_at_once(name):
    data, words = BAD[name]
    start = time.process_time()
    with pytest.raises(PictureError, match=words) as caught:
        from_picture(data)
    assert str(caught.value).endswith(".")
    assert time.process_time() - start < 2
