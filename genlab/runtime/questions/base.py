"""What every question is. Torch-free.

A kind of model adds its own by declaring subclasses of ``Question``, anywhere: a subclass with a ``name`` can be asked
for as soon as its module is imported.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from genlab.data.drawing import Drawing
from genlab.declaration import sentence
from genlab.errors import GenlabError
from genlab.experiments.base import Kind
from genlab.runtime.visitors import Source

QUESTIONS: dict[str, type[Question]] = {}

Seed = Annotated[int, Field(ge=0, le=9999)]
Label = Annotated[int, Field(ge=0, le=9)] | None
Sample = Annotated[int, Field(ge=0, le=15)]


class Question(BaseModel):
    """A question that needs no model.

    Attributes:
        name: by which it is asked for; a class without one only serves as a base.
        answer: dotted path of what answers in the compute process; it returns a block of ``genlab.views.pack``.
        sliced: True where ``answer`` takes a ``budget`` of seconds and gives one piece at a time.
        replaces: True where each piece holds all that the pieces before it held.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: ClassVar[str] = ""
    answer: ClassVar[str]
    sliced: ClassVar[bool] = False
    replaces: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if cls.__dict__.get("name") and (known := QUESTIONS.setdefault(cls.name, cls)) is not cls:
            raise TypeError(f"a question {cls.name!r} is declared in {known.__module__} already")

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What ``answer`` is called with.

        Arguments:
            source: the model asked about, where there is one.
            start: where the piece begins: 0, then what ``after`` said.
            budget: seconds for a piece.

        Raises:
            GenlabError: the question does not fit the model.
        """
        return (), {}

    def after(self, meta: Mapping[str, Any], start: int, source: Source | None) -> int | None:
        """Where the next piece begins, by the words of the one that began at ``start``; None when that was the last."""
        return None

    def state(self) -> Hashable:
        """What of it a process keeps: questions of the same state are best answered by the same process."""
        return None


class About(Question):
    """A question about a model.

    Attributes:
        of: the kinds of experiments that its model may come from; () for all.
        source: a catalogue name, or a digest of the visitor's own.
    """

    of: ClassVar[tuple[Kind, ...]] = ()

    source: str = Field(max_length=64)

    def check(self, source: Source) -> None:
        """Raises GenlabError where it makes no sense to ask this of a model."""
        if self.of and source.experiment.kind not in self.of:
            raise GenlabError("This cannot be asked of this kind of model.")

    def state(self) -> Hashable:
        """The model."""
        return self.source


class View(About):
    """A view of a model.

    Attributes:
        view: dotted path of a function of ``genlab.views``; what it is called with are the other fields.
    """

    view: ClassVar[str]
    answer = "genlab.runtime.answers:view"

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.view), self.seen(source.experiment.model_dump())

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """The view's arguments; ``experiment`` is the model's, as a dictionary."""
        return self.model_dump(exclude={"source"})


class OfData(View):
    """A view of a model of points beside its data."""

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return {"dataset": experiment["dataset"], "table": experiment["table"]}


class AsFigure(View):
    """A view of a model as a figure; what the view is called with are the fields but ``dark``.

    Attributes:
        figure: dotted path of a function of ``genlab.figures``, which takes words, arrays and colours.
    """

    figure: ClassVar[str]
    answer = "genlab.runtime.inside:look"

    dark: bool = False  # the visitor's theme

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, self.view, self.figure, self.dark), self.seen(source.experiment.model_dump())

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return self.model_dump(exclude={"source", "dark"})


def read(message: Mapping[str, Any]) -> Question:
    """The question that a message asks. Raises GenlabError, in one sentence."""
    values = {name: value for name, value in message.items() if name != "name"}
    kind = QUESTIONS.get(str(message.get("name")))
    if kind is None:
        raise GenlabError(f"There is no question {str(message.get('name'))[:40]!r}.")
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise GenlabError(f"This cannot be asked: {sentence(error)[:200].rstrip('.')}.") from error


def given(drawing: bytes, experiment: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Levels and known pixels of a drawing (ink, then known pixels), on the own grid of an experiment's model.

    Raises:
        GenlabError: it has another size.
    """
    size = experiment["size"]
    if len(drawing) != 2 * size**2:
        raise GenlabError(f"A drawing for this model has {size}×{size} pixels.")
    ink, known = np.frombuffer(drawing, np.uint8).reshape(2, size, size)
    drawn = Drawing(ink, known.astype(bool))
    return drawn.levels(experiment["levels"]).astype(np.uint8).tobytes(), drawn.known.astype(np.uint8).tobytes()


def whole(drawing: bytes, experiment: Mapping[str, Any]) -> bytes:
    """Levels of a drawing for a model that takes whole images. Raises as ``given``, and for an unknown pixel."""
    levels, known = given(drawing, experiment)
    if 0 in known:
        raise GenlabError("This model takes whole images: no pixel can be unknown.")
    return levels
