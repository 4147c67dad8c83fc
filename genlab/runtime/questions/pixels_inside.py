"""What a canvas may ask about the inside of models that write images pixel by pixel. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from genlab.errors import GenlabError
from genlab.experiments.pixels import PIXELS
from genlab.runtime.questions.base import AsFigure, Question, Seed
from genlab.runtime.visitors import Source

# Of the catalogue, by what tells them apart.
FRAGMENTS = {"without positional encoding": "pixelcnn-noposition-mnist", "with positional encoding": "pixelcnn-mnist"}


class AtPixel(AsFigure):
    """About one pixel of a model's images."""

    of = (PIXELS,)

    row: int = Field(ge=0, lt=28)
    column: int = Field(ge=0, lt=28)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return {"position": self.position(experiment["size"])}

    def position(self, size: int) -> int:
        """Of the pixel in raster order. Raises GenlabError outside the image."""
        if max(self.row, self.column) >= size:
            raise GenlabError(f"There is no such pixel: images of this model have {size}×{size}.")
        return self.row * size + self.column


class Recomputed(AtPixel):
    """What a new pixel costs."""

    name = "recomputed"
    view = "genlab.views.pixels:recomputed"
    figure = "genlab.figures.pixels:recomputed"


class PredictionPath(AtPixel):
    """How pixels reach a prediction, layer by layer."""

    name = "prediction_path"
    view = "genlab.views.pixels:prediction_path"
    figure = "genlab.figures.pixels:prediction_path"


class Heard(AtPixel):
    """What moves a prediction of a model that takes any order."""

    name = "heard"
    view = "genlab.views.any_order:heard"
    figure = "genlab.figures.pixels:heard"


class Attention(AtPixel):
    """What a pixel attends to."""

    name = "attention"
    view = "genlab.views.pixels:attention"
    figure = "genlab.figures.pixels:attention"


class Kernels(AsFigure):
    """What kernels read."""

    name = "kernels"
    view = "genlab.views.pixels:kernels"
    figure = "genlab.figures.pixels:kernels"
    of = (PIXELS,)


class PositionCode(AtPixel):
    """The channels that spell a pixel's place."""

    name = "position_code"
    view = "genlab.views.pixels:position_code"
    figure = "genlab.figures.pixels:position_code"


class _OnDrawn(AtPixel):
    """On images that the model draws itself, so far as these are drawn."""

    sliced = True
    replaces = True

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.dark, self.position(source.experiment.model_dump()["size"]), budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        assert source
        return start + 1 if meta["drawn"] < self.position(source.experiment.model_dump()["size"]) else None


class ReceptiveField(_OnDrawn):
    """What moves the prediction."""

    name = "receptive_field"
    answer = "genlab.runtime.inside:receptive_field"


class Masks(_OnDrawn):
    """What a masked network is given."""

    name = "masks"
    answer = "genlab.runtime.inside:masks"


class BlindSpot(AsFigure):
    """What a single stack of masked convolutions cannot see."""

    name = "blind_spot"
    view = "genlab.views.pixels:blind_spot"
    figure = "genlab.figures.pixels:blind_spot"
    of = (PIXELS,)

    layers: int = Field(4, ge=1, le=8)


class Triangle(AsFigure):
    """What a Row LSTM sees, and what two stacks see."""

    name = "triangle"
    view = "genlab.views.pixels:triangle"
    figure = "genlab.figures.pixels:triangle"
    of = (PIXELS,)

    layers: int = Field(1, ge=1, le=4)


class Fragments(Question):
    """What models without and with the positional encoding make of the same random numbers."""

    name = "fragments"
    answer = "genlab.runtime.inside:fragments"

    sample: Seed = 0  # as links call the seed of the numbers
    dark: bool = False

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        return (FRAGMENTS, self.dark, self.sample), {}
