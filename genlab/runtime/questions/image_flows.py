"""What a canvas may ask about flows on images. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, Field

from genlab.experiments.image_flows import IMAGE_FLOWS
from genlab.runtime.questions.base import Label, Sample, Seed, View, whole

Part = Annotated[float, Field(ge=0, le=1)]
Picture = Annotated[Base64Bytes, Field(max_length=64_000)]  # ink, then known pixels: uint8, in raster order


class _OfNoise(View):
    """About samples of fixed noise."""

    of = (IMAGE_FLOWS,)

    seed: Seed = 0
    temperature: float = Field(1.0, ge=0, le=2)
    label: Label = None


class FlowSheet(_OfNoise):
    """Samples."""

    name = "flow_sheet"
    view = "genlab.views.image_flows:sheet"


class FlowJourney(_OfNoise):
    """One of them on its way from noise to an image."""

    name = "flow_journey"
    view = "genlab.views.image_flows:journey"

    sample: Sample = 0


class FlowManifold(_OfNoise):
    """Images between four samples or drawings."""

    name = "flow_manifold"
    view = "genlab.views.image_flows:manifold"

    corners: Annotated[tuple[Sample | Picture, ...], Field(min_length=4, max_length=4)]

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        corners = [one if isinstance(one, int) else whole(one, experiment) for one in self.corners]
        return super().seen(experiment) | {"corners": corners}


class FlowBetween(FlowManifold):
    """One image of them."""

    name = "flow_between"
    view = "genlab.views.image_flows:between"

    down: Part
    right: Part


class FlowMirrored(View):
    """A drawing there and back."""

    name = "flow_mirrored"
    view = "genlab.views.image_flows:mirrored"
    of = (IMAGE_FLOWS,)

    drawing: Picture
    seed: Seed = 0
    away: float = Field(0.3, ge=0, le=1.6)
    anew: Literal["all", "coarsest", "finer"] = "all"

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {"drawing": whole(self.drawing, experiment)}
