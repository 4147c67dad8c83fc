"""What a canvas may ask about the inside of flows on images. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from genlab.experiments.image_flows import IMAGE_FLOWS
from genlab.runtime.questions.base import AsFigure, Seed

Class = Annotated[int, Field(ge=0, le=9)]
Shown = Literal["sample", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]


class ImageCoupling(AsFigure):
    """What a coupling keeps and changes of one image; counted from 1, from the side of the data."""

    name = "image_coupling"
    view = "genlab.views.image_layers:coupling"
    figure = "genlab.figures.image_flows:coupling"
    of = (IMAGE_FLOWS,)

    layer: int = Field(ge=1, le=96)
    image: Shown = "sample"

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``, which counts from 0."""
        return super().seen(experiment) | {"layer": self.layer - 1}


class ChannelMixing(AsFigure):
    """The matrix that mixes channels in a step; counted from 1, from the side of the data."""

    name = "channel_mixing"
    view = "genlab.views.image_layers:mixing"
    figure = "genlab.figures.image_flows:mixing"
    of = (IMAGE_FLOWS,)

    step: int = Field(ge=1, le=96)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``, which counts from 0."""
        return {"step": self.step - 1}


class ClassDirection(AsFigure):
    """The way from class b to class a."""

    name = "class_direction"
    view = "genlab.views.image_layers:direction"
    figure = "genlab.figures.image_flows:direction"
    of = (IMAGE_FLOWS,)

    a: Class
    b: Class
    seed: Seed = 0
