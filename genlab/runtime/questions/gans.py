"""What a canvas may ask about GANs. Torch-free."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from genlab.experiments.gans import IMAGE_GANS, PLANE_GANS
from genlab.experiments.principles import LossName
from genlab.runtime.questions.base import About, Label, OfData, Sample, Seed, View
from genlab.runtime.visitors import Source

Move = tuple[Literal["v", "z"], Annotated[int, Field(ge=0, le=255)], Annotated[float, Field(ge=-3, le=3)]]
Moves = Annotated[tuple[Move, ...], Field(max_length=30)]
Loss = LossName | None


class Standing(OfData):
    """How good a generator on the plane is."""

    name = "standing"
    view = "genlab.views.game:standing"
    of = (PLANE_GANS,)


class _Noise(View):
    """A view of the noise of a GAN on images."""

    of = (IMAGE_GANS,)

    seed: Seed = 0
    label: Label = None


class Sheet(_Noise):
    """Samples, and what D says of each."""

    name = "sheet"
    view = "genlab.views.latent:sheet"

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {"loss": experiment["loss"]}


class Walk(_Noise):
    """The way from a sample, or a place near it, to another sample."""

    name = "walk"
    view = "genlab.views.latent:walk"

    a: Sample = 0
    b: Sample = 1
    moves: Moves = ()

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {"loss": experiment["loss"]}


class Directions(_Noise):
    """Rows of images on straight lines through A."""

    name = "directions"
    view = "genlab.views.latent:directions"

    a: Sample = 0
    moves: Moves = ()
    kind: Literal["change", "single"] = "change"


class Judged(View):
    """How far samples are from real images."""

    name = "judged"
    view = "genlab.views.judged:judged"
    of = (IMAGE_GANS,)


class _Inside(View):
    """A view of both players on one batch; for the loss that they were trained for, unless another is named."""

    of = (PLANE_GANS, IMAGE_GANS)

    loss: Loss = None
    seed: Seed = 0
    data: bool = True  # False: noise only

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        view, seen = super().arguments(source, start, budget)
        assert source
        return view, seen | {"experiment": source.experiment}

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return {"loss": self.loss or experiment["loss"], "seed": self.seed, "data": self.data}


class Layers(_Inside):
    """Every layer, its values and its gradients."""

    name = "layers"
    view = "genlab.views.inside:layers"


class Verdicts(_Inside):
    """What D says of real and of made data."""

    name = "verdicts"
    view = "genlab.views.inside:verdicts"


class Saturation(_Inside):
    """Where a loss has no slope left."""

    name = "saturation"
    view = "genlab.views.inside:saturation"

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``: all losses are compared."""
        return {"seed": self.seed, "data": self.data}


class SlowRound(About):
    """One round of a game on the plane, move by move."""

    name = "slow_round"
    answer = "genlab.runtime.gans:slow_round"
    of = (PLANE_GANS,)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights,), {}
