"""Every question that a canvas can ask, asked of a real model."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

import numpy as np
import pytest

from genlab.catalog import CATALOG
from genlab.data.drawing import examples
from genlab.errors import GenlabError
from genlab.experiments.compare import GridExperiment
from genlab.experiments.flows import RealNVPExperiment
from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime.questions import QUESTIONS, About, Question, read
from genlab.runtime.rpc import resolve
from genlab.runtime.visitors import Visitors
from genlab.views.pack import unpack

HALF = examples(8)["7"].halved()
DRAWING = base64.b64encode(HALF.ink.tobytes() + HALF.known.astype(np.uint8).tobytes()).decode()
WHOLE = base64.b64encode(HALF.ink.tobytes() + np.ones_like(HALF.ink).tobytes()).decode()
AHEAD = base64.b64encode(HALF.ink[::-1].tobytes() + HALF.known[::-1].astype(np.uint8).tobytes()).decode()
PIXELS, GATED, LENET = "pixelcnn-digits", "gated-pixelcnn-digits", "masked-lenet-digits"
ANY = "order-agnostic-digits"
ASKED: list[dict[str, Any]] = [
    {"name": "trace", "source": PIXELS, "seed": 4},
    {"name": "trace", "source": GATED, "n": 16, "focus": 15, "label": 3, "temperature": 0.5},
    {"name": "trace", "source": GATED, "n": 12, "drawing": DRAWING, "only": 11},
    {"name": "completions", "source": GATED, "n": 12, "drawing": DRAWING},
    {"name": "trace", "source": ANY, "n": 2, "drawing": DRAWING, "order": "certain", "path": [0, 9], "together": 4},
    {"name": "completions", "source": ANY, "n": 12, "drawing": DRAWING, "order": "random", "together": 16},
    {"name": "expected", "source": ANY, "drawing": DRAWING},
    {"name": "heard", "source": ANY, "row": 2, "column": 4},
    {"name": "attention", "source": "gated-pixelcnn-mnist-binary", "row": 2, "column": 4},
    {"name": "particles", "source": GATED, "n": 12, "drawing": AHEAD},
    {"name": "particle_trace", "source": GATED, "n": 12, "drawing": AHEAD, "only": 11},
    {"name": "score", "source": GATED, "drawing": DRAWING},
    {"name": "receptive_field", "source": PIXELS, "row": 2, "column": 4},
    {"name": "recomputed", "source": PIXELS, "row": 7, "column": 7, "dark": True},
    {"name": "masks", "source": LENET, "row": 2, "column": 4},
    {"name": "position_code", "source": PIXELS, "row": 0, "column": 0},
    {"name": "prediction_path", "source": GATED, "row": 3, "column": 5},
    {"name": "kernels", "source": PIXELS, "dark": True},
    {"name": "blind_spot", "source": PIXELS, "layers": 2},
    {"name": "prediction_path", "source": PIXELS, "row": 2, "column": 4},
    {"name": "kernels", "source": GATED},
    {"name": "fragments", "sample": 1},
    {"name": "made_masks", "source": "made-digits", "row": 2, "column": 4, "member": 7},
    {"name": "made_connectivity", "source": "made-digits", "row": 2, "column": 4, "dark": True},
    {"name": "made_sweeps", "source": "made-digits", "seed": 5},
    {"name": "hidden_vector", "source": "nade-digits", "row": 2, "column": 4},
    {"name": "triangle", "source": "row-lstm-digits", "layers": 2},
    {"name": "warp", "source": "nvp-2d"},
    {"name": "numbers", "source": "nvp-2d"},
    {"name": "layer_fields", "source": "nvp-2d", "layer": 4},
    {"name": "layer_numbers", "source": "spline-2d", "layer": 4},
    {"name": "line", "source": "piecewise-1d"},
    {"name": "standing", "source": "gan-2d"},
    {"name": "slow_round", "source": "gan-2d"},
    {"name": "sheet", "source": "gan-digits", "seed": 2},
    {"name": "walk", "source": "gan-digits", "a": 2, "b": 5, "moves": [["v", 0, 1.5], ["z", 3, -2]]},
    {"name": "directions", "source": "gan-digits", "kind": "single"},
    {"name": "judged", "source": "gan-mnist"},
    {"name": "layers", "source": "gan-digits"},
    {"name": "verdicts", "source": "gan-digits", "loss": "hinge", "data": False},
    {"name": "saturation", "source": "gan-2d"},
    {"name": "first_picture", "lanes": [RealNVPExperiment().model_dump()]},
    {
        "name": "first_picture",
        "lanes": [PixelCNNExperiment().model_dump(), PixelCNNExperiment(position=False).model_dump()],
    },
    {"name": "coupling_example"},
    {"name": "written", "source": "gated-toy", "seed": 3, "n": 3, "known": [40, 39, None, 37] + 28 * [None]},
    {"name": "reach", "source": "netto1d-dilated-toy"},
    {"name": "reach_map", "source": "gated-toy"},
    {"name": "poke", "source": "netto1d-toy", "place": 7, "hide": "leak"},
    {"name": "needs", "source": "masked-net-toy", "place": 7},
    {"name": "posteriors", "source": "gaussian-forks", "sequence": 32 * [20]},
    {"name": "tone", "source": "wavenet-tones", "label": 20, "begin": base64.b64encode(bytes([128, 130])).decode()},
    {"name": "tone_inside", "source": "wavenet-tones", "label": 20, "t": 700},
    {"name": "latent_plane", "source": "fvae-digits"},
    {"name": "latent_decoded", "source": "vae-digits", "points": [[0.5, -1], [2, 2]]},
    {"name": "latent_passage", "source": "vae-digits", "a": 3, "b": 40},
    {"name": "latent_samples", "source": "flow-posterior-digits", "seed": 3},
    {"name": "latent_reconstructed", "source": "vae-digits", "drawing": WHOLE},
    {"name": "latent_bent", "source": "flow-posterior-digits", "image": 7},
    {"name": "flow_sheet", "source": "glow-digits", "label": 7, "temperature": 0.7},
    {"name": "flow_journey", "source": "realnvp-digits", "sample": 3},
    {"name": "flow_manifold", "source": "glow-digits", "corners": [0, WHOLE, 3, 15]},
    {"name": "flow_between", "source": "realnvp-digits", "corners": [0, 1, WHOLE, 3], "down": 0.3, "right": 1},
    {"name": "flow_mirrored", "source": "glow-digits", "drawing": WHOLE, "away": 1},
    {"name": "image_coupling", "source": "realnvp-digits", "layer": 16, "image": "7"},
    {"name": "channel_mixing", "source": "glow-digits", "step": 16},
    {"name": "class_direction", "source": "glow-digits", "a": 4, "b": 9, "seed": 3, "dark": True},
    {"name": "beside", "source": "gan-2d"},
    {"name": "measured", "source": "dcgan-digits"},
    {"name": "beginning", "experiment": GridExperiment().model_dump()},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["name"])
def test_a_question_is_answered(asked: dict[str, Any]) -> None:
    question = read(asked)
    source = Visitors().source("ada", asked["source"]) if "source" in asked else None
    if isinstance(question, About):
        assert source
        question.check(source)
    start: int | None = 0
    pieces = 0
    while start is not None:
        args, kwargs = question.arguments(source, start, 0.02)
        meta, arrays = unpack(resolve(question.answer)(*args, **kwargs))
        assert arrays or meta
        start, pieces = question.after(meta, start, source), pieces + 1
        assert question.sliced or start is None
    assert pieces < 70
    hash((question.state(), question.name))


def test_every_question_was_asked() -> None:
    ours = {name for name, kind in QUESTIONS.items() if kind.__module__.startswith("genlab.")}
    assert ours == {asked["name"] for asked in ASKED}


def test_the_same_question_is_the_same_however_it_is_said() -> None:
    one = read({"name": "trace", "source": PIXELS, "temperature": 1})
    other = read({"temperature": 1.0, "source": PIXELS, "name": "trace", "seed": 0})
    assert one.model_dump_json() == other.model_dump_json()
    assert one.model_dump_json() != read({"name": "trace", "source": PIXELS, "seed": 1}).model_dump_json()


@pytest.mark.parametrize("name", ["receptive_field", "recomputed", "masks", "position_code", "prediction_path"])
@pytest.mark.parametrize(
    ("pixel", "sentence"),
    [
        ({"row": 8, "column": 0}, "images of this model have 8×8"),
        ({"row": 0, "column": 27}, "images of this model have 8×8"),
        ({"row": -1, "column": 0}, "greater than or equal to 0"),
        ({"row": 0, "column": 28}, "less than 28"),
        ({"row": 3}, "column"),
        ({"row": 3, "column": 3, "position": 9}, "position"),
    ],
)
def test_a_pixel_that_is_not_there_is_refused(name: str, pixel: dict[str, int], sentence: str) -> None:
    model = LENET if name == "masks" else PIXELS
    with pytest.raises(GenlabError, match=sentence):
        read({"name": name, "source": model, **pixel}).arguments(Visitors().source("ada", model), 0, 0.02)


@pytest.mark.parametrize("layer", [0, 5])
def test_a_layer_that_is_not_there_is_refused(layer: int) -> None:
    def ask() -> None:
        question = read({"name": "layer_fields", "source": "nvp-2d", "layer": layer})
        args, kwargs = question.arguments(Visitors().source("ada", "nvp-2d"), 0, 0.02)
        resolve(question.answer)(*args, **kwargs)

    with pytest.raises(GenlabError, match="layer"):
        ask()


def test_a_kind_adds_its_questions_by_declaring_them() -> None:
    class Weather(Question):
        name: ClassVar[str] = "weather of this test"
        answer: ClassVar[str] = "nowhere:nothing"

        town: str

    assert read({"name": "weather of this test", "town": "Paris"}) == Weather(town="Paris")
    with pytest.raises(TypeError, match="declared in"):

        class Again(Question):
            name: ClassVar[str] = "weather of this test"

    del QUESTIONS["weather of this test"]


def test_a_question_is_not_asked_of_a_model_of_another_kind() -> None:
    for asked in ASKED:
        if "source" not in asked:
            continue
        wrong = "piecewise-1d" if asked["source"] != "piecewise-1d" else PIXELS
        question = read({**asked, "source": wrong})
        assert isinstance(question, About)
        with pytest.raises(GenlabError, match="this kind of model"):
            question.check(Visitors().source("ada", wrong))


@pytest.mark.parametrize(
    "experiment",
    [{}, {"family": "nothing"}, {"family": "nvp", "depth": 10**6}, {"family": "nvp", "colour": 1}, {"family": []}],
)
def test_an_experiment_that_does_not_exist_is_refused(experiment: dict[str, Any]) -> None:
    question = read({"name": "first_picture", "lanes": [experiment]})
    with pytest.raises(GenlabError):
        question.arguments(None, 0, 1.0)


def test_the_catalogue_has_the_models_of_these_tests() -> None:
    assert all(CATALOG[asked["source"]].shipped for asked in ASKED if "source" in asked)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"name": "latent_reconstructed", "drawing": DRAWING}, "no pixel can be unknown"),
        ({"name": "latent_reconstructed", "drawing": WHOLE[:40]}, "has 8×8 pixels"),
        ({"name": "latent_decoded", "points": 65 * [[0, 0]]}, "at most 64"),
        ({"name": "latent_decoded", "points": [[1e9, 0]]}, "less than or equal to 100"),
        ({"name": "latent_passage", "a": 0, "b": 500}, "less than or equal to 499"),
    ],
)
def test_what_cannot_be_asked_of_latents_is_refused(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GenlabError, match=sentence):
        read({"source": "vae-digits", **asked}).arguments(Visitors().source("ada", "vae-digits"), 0, 0.02)
