"""What a canvas may ask about flows on the line and the plane. Torch-free."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from genlab.experiments.flows import FLOWS, LINE
from genlab.runtime.questions.base import AsFigure, OfData, Question
from genlab.runtime.visitors import Source


class Warp(OfData):
    """Noise that bends into data."""

    name = "warp"
    view = "genlab.views.plane:warp"
    of = (FLOWS,)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``; the points that travel: with more, they hide the density."""
        return super().seen(experiment) | {"count": 700}


class Line(OfData):
    """A map of the line."""

    name = "line"
    view = "genlab.views.line:line"
    of = (LINE,)


class Numbers(OfData):
    """How good a flow is."""

    name = "numbers"
    view = "genlab.views.plane:numbers"
    of = (FLOWS,)


class LayerFields(AsFigure):
    """What one layer of a flow does; counted from 1, from the side of the data, as in f = f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾."""

    name = "layer_fields"
    view = "genlab.views.plane:layer_fields"
    figure = "genlab.figures.flows:layer_fields"
    of = (FLOWS,)

    layer: int = Field(ge=1, le=24)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``, which counts from 0."""
        return {"layer": self.layer - 1}


class LayerNumbers(OfData):
    """What a planar, radial or spline layer is made of, and where the data come to it; as ``LayerFields`` counts."""

    name = "layer_numbers"
    view = "genlab.views.plane:layer_numbers"
    of = (FLOWS,)

    layer: int = Field(ge=1, le=24)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``, which counts from 0."""
        return super().seen(experiment) | {"layer": self.layer - 1}


class CouplingExample(Question):
    """The lecture's coupling in six dimensions."""

    name = "coupling_example"
    answer = "genlab.runtime.flows:coupling_example"

    dark: bool = False

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        return (self.dark,), {}
