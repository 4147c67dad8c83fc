"""What a canvas may ask about models with latents. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Base64Bytes, Field

from genlab.experiments.latents import LATENTS
from genlab.runtime.questions.base import Seed, View, whole
from genlab.views.limits import STATIONS

Coordinate = Annotated[float, Field(ge=-100, le=100)]
Axis = Annotated[int, Field(ge=0, le=63)]
Shown = Annotated[int, Field(ge=0, le=499)]


class _Latents(View):
    """A view of a model with latents, beside test images."""

    of = (LATENTS,)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {name: experiment[name] for name in ("dataset", "size", "levels")}


class Plane(_Latents):
    """Test images on the plane of two latents."""

    name = "latent_plane"
    view = "genlab.views.latents:plane"


class Decoded(View):
    """What is drawn at points of the plane."""

    name = "latent_decoded"
    view = "genlab.views.latents:decoded"
    of = (LATENTS,)

    points: Annotated[tuple[tuple[Coordinate, Coordinate], ...], Field(min_length=1, max_length=STATIONS)]
    across: tuple[Axis, Axis] = (0, 1)


class Passage(_Latents):
    """The straight way from one test image to another."""

    name = "latent_passage"
    view = "genlab.views.latents:passage"

    a: Shown
    b: Shown


class Samples(View):
    """Samples of fixed noise."""

    name = "latent_samples"
    view = "genlab.views.latents:made"
    of = (LATENTS,)

    seed: Seed = 0


class Reconstructed(_Latents):
    """What becomes of a drawing."""

    name = "latent_reconstructed"
    view = "genlab.views.latents:reconstructed"

    drawing: Base64Bytes = Field(max_length=64_000)
    seed: Seed = 0

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {"drawing": whole(self.drawing, experiment)}


class Bent(_Latents):
    """The posterior of a test image after each layer of a flow, beside the true one."""

    name = "latent_bent"
    view = "genlab.views.latents:bent"

    image: Shown = 0
