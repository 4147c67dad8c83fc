"""What is saved of a training, and what is refused to be loaded."""

from __future__ import annotations

import io
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from genlab.catalog import FAMILIES, experiment
from genlab.errors import CheckpointError
from genlab.ui.training import keep
from genlab.views.pack import pack


def test_a_picture_is_white_paper_with_black_ink():
    samples = np.zeros((16, 8, 8), np.uint8)
    samples[0] = 16
    picture = np.asarray(Image.open(io.BytesIO(keep.sheet(samples, levels=17))))
    assert picture.shape == (35 * keep.ZOOM, 35 * keep.ZOOM)
    assert (picture[: 8 * keep.ZOOM, : 8 * keep.ZOOM] == 0).all()
    assert (picture[9 * keep.ZOOM :] == 255).all()


def test_film_and_curve_come_back_as_they_were():
    frames = [SimpleNamespace(step=s, picture=pack({}, samples=np.full((16, 8, 8), s, np.uint8))) for s in (0, 3)]
    job = SimpleNamespace(
        experiment=experiment("pixelcnn-digits"), frames=frames, curve=[(1, 4.0, None), (2, None, 3.5)], judged=[[]]
    )
    with np.load(io.BytesIO(keep.archive(job))) as archive:
        assert archive["steps"].tolist() == [0, 3]
        assert archive["samples"].shape == (2, 16, 8, 8)
    assert keep.table(job).splitlines() == ["step,train_bits_per_dim,held_out_bits_per_dim", "1,4.0,", "2,,3.5"]


def test_the_curve_of_a_game_has_what_its_samples_were_worth():
    names = "good samples", "JS divergence, nats"
    judged = [[(step, dict(zip(names, values, strict=True))) for step, values in ((1, (0.5, 0.25)), (4, (1, 0)))]]
    job = SimpleNamespace(experiment=experiment("gan-2d"), curve=[(1, 1.5, 0.75), (3, 1.25, 1.0)], judged=judged)
    assert keep.table(job).splitlines() == [
        "step,D_loss,G_loss,good_samples,JS_divergence_nats",
        "1,1.5,0.75,,",
        "1,,,0.5,0.25",
        "3,1.25,1.0,,",
        "4,,,1,0",
    ]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "safetensors"),
        (b"GIF89a" * 99, "safetensors"),
        (pickle.dumps({"weights": 1}), "pickle"),
        (b"\0" * (32 * 2**20 + 1), "32 MB"),
    ],
)
def test_a_bad_file_gets_one_sentence(data, word):
    with pytest.raises(CheckpointError, match=word) as error:
        keep.check(FAMILIES["pixelcnn"], data)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)
