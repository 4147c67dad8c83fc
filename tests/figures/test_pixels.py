"""What is seen inside a model of images: colours, and numbers in words that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.figures import pixels
from genlab.figures.colours import DARK, LIGHT, MAGNITUDE
from genlab.figures.maps import rgba
from genlab.figures.pixels import influence
from genlab.views.pack import unpack


def test_influence_leaves_the_unseen_empty_and_marks_what_was_missed() -> None:
    values = np.array([[[1.0, 1e-4], [0.0, 0.0]]])
    missed = np.array([[[False, False], [True, False]]])
    shown = influence(values, values > 0, missed, ["field"], colours=LIGHT)
    assert tuple(shown.pixels[0, 0, 0]) == rgba(MAGNITUDE[-1])
    assert tuple(shown.pixels[0, 0, 1]) == rgba(MAGNITUDE[0])
    assert tuple(shown.pixels[0, 1, 0][:3]) == rgba(LIGHT.grey)[:3]
    assert shown.pixels[0, 1, 1, 3] == 0
    assert len(shown.legend) == 2


def test_what_is_weaker_than_the_scale_is_still_seen() -> None:
    shown = influence(
        np.array([[[1.0, 1e-9]]]), np.ones((1, 1, 2), bool), np.zeros((1, 1, 2), bool), ["field"], colours=LIGHT
    )
    assert shown.pixels[0, 0, 1, 3] == 255


def test_a_receptive_field_is_counted_before_the_pixel_and_after() -> None:
    field = np.array([[0.5, 0, 1], [0, 0, 0], [0.2, 0, 0]], np.float32)  # of the pixel in the middle
    seen = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 0]], np.uint8)  # one of them has no influence on these images
    figure = pixels.receptive_field({"row": 1, "column": 1}, {"field": field, "seen": seen}, LIGHT)
    assert "**3** of the **4** pixels before it, and **1** of the others" in figure.sentence
    (maps,) = figure.maps
    assert (maps.pixels[0, ..., :3] == rgba(LIGHT.grey)[:3]).all(-1).nonzero() == (np.array([0]), np.array([1]))


def test_a_blind_spot_is_counted_within_reach() -> None:
    past = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], np.uint8)
    one, two = np.array([[1, 0.5, 0], [1, 0, 0], [0, 0, 0]]), past.astype(float)
    meta = {"row": 1, "column": 1, "layers": 1}
    figure = pixels.blind_spot(meta, {"one": one, "two": two, "past": past}, LIGHT)
    assert "Of the 4 earlier pixels within reach of 1 layer, one stack can never use **1**; two" in figure.sentence
    assert "miss **0**" in figure.sentence
    assert figure.maps[0].values.tolist() == [[[1, 1, 2], [1, 0, 0], [0, 0, 0]], [[1, 1, 1], [1, 0, 0], [0, 0, 0]]]
    assert figure.mark == (1, 1)


def test_a_place_is_spelt_in_bits() -> None:
    code = np.zeros((4, 2, 2), np.uint8)
    code[1, 1], code[3, :, 1] = 1, 1
    (maps,) = pixels.position_code({"row": 1, "column": 0}, {"code": code}, LIGHT).maps
    assert list(maps.titles) == ["row, bit 2", "row, bit 1", "column, bit 2", "column, bit 1"]
    assert [note[0] for note in maps.notes] == ["0", "1", "0", "0"]


def test_a_new_pixel_costs_what_is_computed_for_it() -> None:
    arrays = {
        "maps": np.array([[[1, 2], [0, 0]], [[1, 0], [0, 0]]], np.uint8),
        "now": np.array([1, 0], np.int32),
        "full": np.array([4, 4], np.int32),
    }
    meta = {"names": ["first", "last"], "work": 1200, "full_work": 9600}
    figure = pixels.recomputed(meta, arrays, LIGHT)
    assert "**1\u202f200** multiplications" in figure.sentence and "**9\u202f600**, 8 times as many" in figure.sentence
    (maps,) = figure.maps
    assert list(maps.notes) == ["1 of 4 places", "0 of 4 places"] and list(maps.shares) == [0.25, 0]
    assert tuple(maps.pixels[0, 0, 1]) == rgba(LIGHT.now)
    assert "8 times" not in pixels.recomputed(meta | {"work": 0}, arrays, LIGHT).sentence  # nor is 0 divided by


def test_what_is_known_but_not_drawn_yet_is_left_open() -> None:
    arrays = {
        "mask": np.array([[1, 1], [1, 0]], np.uint8),
        "values": np.array([[1, -1], [-1, 0]], np.float32),
    }
    figure = pixels.masks({"row": 1, "column": 1, "drawn": 2}, arrays, LIGHT)
    assert "The **3** pixels before it are known, the other **1** are not." in figure.sentence
    _, values = figure.maps
    assert np.isnan(values.values[0]).tolist() == [[False, False], [True, False]]
    whole = pixels.masks({"row": 1, "column": 1, "drawn": 3}, arrays, LIGHT).maps[1]
    assert whole.values[0].tolist() == [[1, -1], [-1, 0]]


def test_pieces_of_ink_are_averaged_and_sorted() -> None:
    def drawn(*pieces: int) -> tuple[dict[str, int], dict[str, np.ndarray]]:
        images = np.zeros((4, 2, 2), np.uint8)
        return {"levels": 4}, {"images": images, "pieces": np.array(pieces, np.int32)}

    figure = pixels.fragments([("without", *drawn(3, 1, 2, 4)), ("with", *drawn(1, 1, 1, 2))], LIGHT)
    assert "**2.5** pieces of ink without the encoding, **1.2** with it" in figure.sentence
    assert list(figure.maps[0].notes) == ["1, 2, 3, 4 pieces", "1, 1, 1, 2 pieces"]


def test_images_on_a_sheet_are_apart() -> None:
    sheet = pixels.montage(np.ones((4, 2, 2)), gap=1)
    assert sheet.shape == (5, 5)
    assert (sheet[2] == 0.15).all() and (sheet[:, 2] == 0.15).all() and sheet[0, 0] == 1


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_figure_is_packed_whole(colours) -> None:
    field = np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)
    figure = pixels.receptive_field({"row": 0, "column": 1}, {"field": field, "seen": field > 0}, colours)
    meta, arrays = unpack(figure.pack(drawn=7))
    assert meta["sentence"] == figure.sentence and meta["drawn"] == 7
    assert meta["groups"][0]["titles"] == ["receptive field"]
    np.testing.assert_array_equal(arrays["pixels0"], figure.maps[0].pixels)
    np.testing.assert_array_equal(arrays["values0"], field[None])


def test_masks_and_paths_are_counted_in_words() -> None:
    masked = np.array([[[1, 1, 1], [1, 0, 0], [0, 0, 0]], [[1, 1, 1], [1, 1, 0], [0, 0, 0]]], np.uint8)
    figure = pixels.kernels({"names": ["vertical 1"]}, {"masked": masked, "read": masked[:1]}, LIGHT)
    assert "Of **9** weights mask A keeps **4**, mask B **5**" in figure.sentence
    single, two = figure.maps
    said = [two.words[int(value)] for value in (single.values[0, 1, 1], single.values[1, 1, 1], single.values[0, 2, 2])]
    assert said == ["the place itself: hidden", "the place itself: read", "zeroed by the mask"]
    image = np.array([[1, 1, 0], [2, 0, 0], [0, 0, 0]], np.uint8)
    names = ["vertical 1", "horizontal 1", "final 1"]
    path = {"image": image, "maps": np.ones((3, 3, 3), np.uint8)}
    figure = pixels.prediction_path({"row": 1, "column": 1, "names": names}, path, LIGHT)
    assert [int(value) for value in figure.maps[0].values[0].ravel()[:4]] == [1, 1, 4, 2]
    assert figure.sentence.split("**")[1::2] == ["2", "1", "1"]
