"""What a canvas may ask: typed, frozen, and checked before anything computes. Torch-free.

A kind of model adds its own by declaring subclasses of ``Question``, anywhere: a subclass with a ``name`` can be asked
for as soon as its module is imported.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from genlab.catalog import FAMILIES
from genlab.data.drawing import Drawing, examples
from genlab.declaration import sentence
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment, Kind
from genlab.experiments.flows import FLOWS, LINE
from genlab.experiments.gans import IMAGE_GANS, PLANE_GANS
from genlab.experiments.pixels import PIXELS, Adaptive, Fixed
from genlab.experiments.principles import LossName
from genlab.runtime.visitors import Source

QUESTIONS: dict[str, type[Question]] = {}

Seed = Annotated[int, Field(ge=0, le=9999)]
Label = Annotated[int, Field(ge=0, le=9)] | None
Sample = Annotated[int, Field(ge=0, le=15)]
Move = tuple[Literal["v", "z"], Annotated[int, Field(ge=0, le=255)], Annotated[float, Field(ge=-3, le=3)]]
Moves = Annotated[tuple[Move, ...], Field(max_length=30)]
Loss = LossName | None

# Of the catalogue, by what tells them apart.
FRAGMENTS = {"without positional encoding": "pixelcnn-noposition-mnist", "with positional encoding": "pixelcnn-mnist"}


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


# Pixels


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


# Views


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


class _OfData(View):
    """A view of a model of points beside its data."""

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``."""
        return {"dataset": experiment["dataset"], "table": experiment["table"]}


class Warp(_OfData):
    """Noise that bends into data."""

    name = "warp"
    view = "genlab.views.plane:warp"
    of = (FLOWS,)

    def seen(self, experiment: dict[str, Any]) -> dict[str, Any]:
        """As in ``View``; the points that travel: with more, they hide the density."""
        return super().seen(experiment) | {"count": 700}


class Line(_OfData):
    """A map of the line."""

    name = "line"
    view = "genlab.views.line:line"
    of = (LINE,)


class Numbers(_OfData):
    """How good a flow is."""

    name = "numbers"
    view = "genlab.views.plane:numbers"
    of = (FLOWS,)


class Standing(_OfData):
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


# Figures of what is inside


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


class LayerNumbers(_OfData):
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


# What is neither written pixel by pixel nor a view


class SlowRound(About):
    """One round of a game on the plane, move by move."""

    name = "slow_round"
    answer = "genlab.runtime.gans:slow_round"
    of = (PLANE_GANS,)

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights,), {}


class FirstPicture(Question):
    """What a training begins with, and those beside it: one experiment a lane, as dictionaries."""

    name = "first_picture"
    answer = "genlab.runtime.answers:first_picture"

    lanes: Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=4)]

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        return tuple(map(_experiment, self.lanes)), {}


# Side by side with models of other kinds


class Beside(About):
    """A picture of what a model makes, of a kind that all models of such data have."""

    name = "beside"
    answer = "genlab.runtime.beside:picture"

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        if not source.experiment.beside:
            raise GenlabError("This cannot be asked of this kind of model.")

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        assert source
        return (source.weights, source.experiment), {}


class Measured(Beside):
    """Likelihood, samples, times and size of a model."""

    name = "measured"
    answer = "genlab.runtime.beside:measure"


class Beginning(Question):
    """As ``Beside``, of an experiment's model before its first step."""

    name = "beginning"
    answer = "genlab.runtime.beside:beginning"

    experiment: dict[str, Any]

    def arguments(self, source: Source | None, start: int, budget: float) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """As in ``Question``."""
        experiment = _experiment(self.experiment)
        if not experiment.beside:
            raise GenlabError(f"Models of {experiment.things} are not compared.")
        return (experiment,), {}


def _experiment(values: dict[str, Any]) -> Experiment:
    family = FAMILIES.get(str(values.get("family")))
    if family is None:
        raise GenlabError(f"There is no family {str(values.get('family'))[:40]!r}.")
    try:
        return family.experiment.model_validate(values)
    except ValidationError as error:
        raise GenlabError(f"This experiment does not exist: {sentence(error)[:200].rstrip('.')}.") from error
