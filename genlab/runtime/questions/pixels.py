"""What a canvas may ask about images that are written pixel by pixel. Torch-free."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, Field

from genlab.data.drawing import examples
from genlab.errors import GenlabError
from genlab.experiments.pixels import PIXELS, Adaptive, Fixed
from genlab.runtime.questions.base import About, Label, Sample, Seed, given
from genlab.runtime.visitors import Source


class _Images(About):
    """Images that a model writes, all at a time; the last three fields are for a model that takes any order."""

    of = (PIXELS,)
    sliced = True

    n: int = Field(1, ge=1, le=16)
    seed: Seed = 0
    temperature: float = Field(1.0, ge=0.1, le=2.0)
    label: Label = None
    drawing: Base64Bytes | None = Field(None, max_length=64_000)  # ink, then known pixels: uint8, in raster order
    order: Fixed | Adaptive | None = None
    path: tuple[Annotated[int, Field(ge=0, lt=28**2)], ...] = Field((), max_length=28**2)
    together: Literal[1, 4, 16, 64] = 1

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        if self.order and not getattr(source.experiment, "any_order", False):
            raise GenlabError("This model writes in an order of its own.")

    def state(self) -> Hashable:
        """The images under way."""
        return self.source, self.n, self.seed, self.temperature, self.label, self.drawing  # a path goes on from another

    def settings(self, source: Source) -> dict[str, Any]:
        """As ``genlab.runtime.pixels.trace`` takes them."""
        settings: dict[str, Any] = self.model_dump(include={"n", "seed", "temperature", "label"})
        if self.drawing is not None:
            settings["given"] = _given(self.drawing, source)
        if self.order is not None:
            settings["visiting"] = self.order, self.path, self.together
        return settings


class Trace(_Images):
    """How images are written, pixel by pixel; with ``only``, one of them."""

    name = "trace"
    answer = "genlab.runtime.pixels:trace"

    focus: Sample = 0
    only: Sample | None = None

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        if max(self.focus, self.only or 0) >= self.n:
            raise GenlabError(f"There is no such image: {self.n} are drawn.")
        settings = self.settings(source) | {"focus": self.focus}
        if self.only is not None:
            settings["only"] = self.only
        return (source.weights, settings, start, budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        return None if meta["complete"] else int(meta["end"])


class Completions(_Images):
    """What a model makes of the rest of a drawing, so far as it is written, and how likely each whole is."""

    name = "completions"
    answer = "genlab.runtime.pixels:completions"
    replaces = True

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.settings(source), budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        return start + 1 if meta["log_prob"] is None else None


class Expected(About):
    """What a model of any order expects of every unknown pixel of a drawing, and how unsure it is."""

    name = "expected"
    answer = "genlab.runtime.pixels:expected"
    of = (PIXELS,)

    drawing: Base64Bytes = Field(max_length=64_000)
    temperature: float = Field(1.0, ge=0.1, le=2.0)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, _given(self.drawing, source), self.temperature), {}


class Particles(Completions):
    """The same with all known pixels heard, also those behind unknown ones."""

    name = "particles"
    answer = "genlab.runtime.particles:completions"

    drawing: Base64Bytes = Field(max_length=64_000)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.settings(source), start, budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        return int(meta["made"]) if meta["log_prob"] is None else None


class ParticleTrace(Trace):
    """How one of the completions was written that particles gave."""

    name = "particle_trace"
    answer = "genlab.runtime.particles:trace"

    drawing: Base64Bytes = Field(max_length=64_000)
    only: Sample = 0


class Score(About):
    """How likely a drawing is, and the examples beside it, so far as these are scored."""

    name = "score"
    answer = "genlab.runtime.pixels:score"
    of = (PIXELS,)
    sliced = True
    replaces = True

    drawing: Base64Bytes = Field(max_length=64_000)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, _given(self.drawing, source), budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        assert source
        return start + 1 if len(meta["others"]) < len(examples(source.experiment.model_dump()["size"])) else None


def _given(drawing: bytes, source: Source) -> tuple[bytes, bytes]:
    """Levels and known pixels of a drawing. Raises GenlabError."""
    return given(drawing, source.experiment.model_dump())
