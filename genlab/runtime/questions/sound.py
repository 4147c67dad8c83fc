"""What a canvas may ask about models of sound. Torch-free."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Any

from pydantic import Base64Bytes, Field

from genlab.data.tones import CLASSES, RATE
from genlab.experiments.sound import SOUND
from genlab.runtime.questions.base import About, Seed
from genlab.runtime.visitors import Source

LENGTH = RATE  # samples of a sound: a second
BEGIN = LENGTH // 2  # the most of them that can be given


class _Sound(About):
    """A sound that a model writes."""

    of = (SOUND,)

    label: int = Field(0, ge=0, lt=CLASSES)
    seed: Seed = 0
    temperature: float = Field(1.0, ge=0.1, le=2.0)
    begin: Annotated[Base64Bytes, Field(max_length=BEGIN)] = b""  # its first levels, where they are given

    def state(self) -> Hashable:
        """The sound under way."""
        return self.source, self.label, self.seed, self.temperature, self.begin

    def asked(self) -> dict[str, Any]:
        """As ``genlab.runtime.hearing`` takes it."""
        return {"label": self.label, "seed": self.seed, "temperature": self.temperature, "begin": self.begin}


class Tone(_Sound):
    """A sound, so far as it is written."""

    name = "tone"
    answer = "genlab.runtime.hearing:tone"
    sliced = True

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.asked(), start, budget), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """As in ``Question``."""
        return None if meta["complete"] else int(meta["end"])


class ToneInside(_Sound):
    """What a model computed for one sample of a sound."""

    name = "tone_inside"
    answer = "genlab.runtime.hearing:inside"

    t: int = Field(ge=0, lt=LENGTH)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.asked(), self.t), {}
