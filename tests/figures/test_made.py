"""What is seen inside a MADE: numbers in words that can be counted by hand."""

from __future__ import annotations

import numpy as np

from genlab.figures import made
from genlab.figures.colours import LIGHT
from genlab.figures.maps import rgba


def test_masks_are_counted() -> None:
    mask = np.array([[0, 1, 2], [0, 0, 2]], np.uint8)
    meta = {"names": ["outputs", "direct"], "shapes": [[2, 3], [2, 3]], "kept": [0.5, 0.5], "lit": [2, 1200]}
    figure = made.masks(meta, {"mask0": mask, "mask1": mask}, LIGHT)
    assert "**2** of outputs, **1\u202f200** of direct" in figure.sentence
    assert [list(maps.notes) for maps in figure.maps] == [["2 × 3, 50 % kept"]] * 2
    assert [len(maps.legend) for maps in figure.maps] == [0, 3]
    assert tuple(figure.maps[0].pixels[0, 1, 2][:3]) == rgba(LIGHT.now)[:3]


def test_both_ways_to_see_are_compared_pixel_by_pixel() -> None:
    arrays = {
        "ways": np.array([[5, 2], [0, 0]], np.float32),
        "gradient": np.array([[1, 0], [0.5, 0]], np.float32),
        "rank": np.array([[1, 2], [3, 4]], np.float32),
    }
    figure = made.connectivity({"row": 1, "column": 1}, arrays, LIGHT)
    assert "number **4**" in figure.sentence and "let **2** pixels" in figure.sentence
    assert "not zero at **2**" in figure.sentence and "same of **2** of 4" in figure.sentence
    by_masks, measured, order = figure.maps
    assert np.array_equal(by_masks.values[0], arrays["ways"]) and np.array_equal(order.values[0], arrays["rank"])
    assert by_masks.pixels[0, 1, 0, 3] and tuple(by_masks.pixels[0, 1, 0][:3]) == rgba(LIGHT.grey)[:3], "missed"
    assert measured.pixels[0, 1, 1, 3] == 0


def test_what_a_sweep_changed_is_red_and_passes_saved_are_counted() -> None:
    arrays = {
        "images": np.array([[[1, 0]], [[1, 0]]], np.uint8),
        "changed": np.array([[[1, 0]], [[0, 0]]], np.uint8),
    }
    meta = {"levels": 2, "index": [1, 9], "passes": 9, "pixels": 64, "same": True, "ms": {"sweeps": 18.0, "steps": 5.0}}
    figure = made.sweeps(meta, arrays, LIGHT)
    assert "**9** passes in place of **64**, **55** saved: the very image" in figure.sentence
    assert "18.0 ms, 2.00 each" in figure.sentence and "5.0 ms" in figure.sentence
    (maps,) = figure.maps
    assert list(maps.titles) == ["sweep 1", "sweep 9"]
    assert list(maps.notes) == ["1 changed", "nothing changed"]
    red, green, _, _ = maps.pixels[0, 0, 0]
    assert red > 2 * green
    assert tuple(maps.pixels[1, 0].ravel()) == (0, 0, 0, 255, 255, 255, 255, 255)
    assert "not the image" in made.sweeps(meta | {"same": False}, arrays, LIGHT).sentence
