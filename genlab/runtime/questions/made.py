"""What a canvas may ask about MADE. Torch-free."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from genlab.errors import GenlabError
from genlab.experiments.pixels import MADEExperiment
from genlab.runtime.questions.base import AsFigure, Seed
from genlab.runtime.questions.pixels_inside import AtPixel
from genlab.runtime.visitors import Source


def _check(source: Source) -> None:
    """Raises GenlabError for another family."""
    if not isinstance(source.experiment, MADEExperiment):
        raise GenlabError("This cannot be asked of this kind of model: it is no MADE.")


class _OfMember(AtPixel):
    """About one pixel, to one of the members that share the weights."""

    member: int = Field(0, ge=0, lt=256)

    def check(self, source: Source) -> None:
        """As in ``About``."""
        _check(source)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return super().seen(experiment) | {"member": self.member}


class MadeMasks(_OfMember):
    """The masks of every layer."""

    name = "made_masks"
    view = "genlab.views.made:masks"
    figure = "genlab.figures.made:masks"


class MadeConnectivity(_OfMember):
    """What reaches one output."""

    name = "made_connectivity"
    view = "genlab.views.made:connectivity"
    figure = "genlab.figures.made:connectivity"


class MadeSweeps(AsFigure):
    """One image, sweep by sweep."""

    name = "made_sweeps"
    view = "genlab.views.made:sweeps"
    figure = "genlab.figures.made:sweeps"

    seed: Seed = 0

    def check(self, source: Source) -> None:
        """As in ``About``."""
        _check(source)
