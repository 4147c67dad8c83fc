"""What the data of an experiment are: one of its two parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from genlab.data import line, own_sequences, toy
from genlab.data.entropy import PLANE
from genlab.declaration import choice
from genlab.experiments.base import Experiment, Line, Reference, Unit, batch_field

IMAGES: dict[str, dict[str, tuple[int, ...]]] = {  # what each data set exists in, the usual value first
    "digits": {"size": (8,), "levels": (17,)},
    "mnist": {"size": (28, 14), "levels": (256, 16, 2)},
    "fashion": {"size": (28, 14), "levels": (256, 16, 2)},
}
MNIST: dict[str, Any] = {"dataset": "mnist", "size": 28}

# Published results by (data set, size, levels): never across binarisations, sizes or numbers of levels.
_PUBLISHED = {
    ("mnist", 28, 2): Reference(81.45 / (784 * math.log(2)), "81.45 nats, PixelCNN, public reproduction"),
    ("mnist", 28, 256): Reference(0.808, "0.808, gated PixelCNN, public notebook"),
}


class OnImages(Experiment):
    """Grey images: 8×8 digits, MNIST or Fashion-MNIST."""

    things: ClassVar[str] = "images"
    loader: ClassVar[str] = "genlab.data.images:load"
    beside: ClassVar[str] = "genlab.views.beside:OnImages"
    data_fields: ClassVar[tuple[str, ...]] = ("dataset", "size", "levels")
    likelihood_unit: ClassVar[Unit] = Unit("bits/dim", math.log(2))
    convolves: ClassVar[bool] = True
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels")

    batch_size: int = batch_field(32, "Images", 512)
    dataset: Literal["digits", "mnist", "fashion"] = choice(
        "digits",
        "data",
        "digits: 1797 real 8×8 digits, no download. MNIST and Fashion-MNIST: 60 000 images each.",
        labels={"digits": "8×8 digits", "mnist": "MNIST", "fashion": "Fashion-MNIST"},
    )
    size: Literal[8, 14, 28] = choice(
        8,
        "size",
        "Height and width in pixels; the digits have 8×8, MNIST and Fashion-MNIST 28×28 or 14×14.",
        labels={8: "8×8", 14: "14×14", 28: "28×28"},
    )
    levels: Literal[2, 16, 17, 256] = choice(
        17, "grey levels", "Values a pixel can take; 2 means binarised by sampling, fresh in training."
    )

    @classmethod
    def exists(cls, dataset: str) -> dict[str, list[int]]:
        """Sizes and levels in which a data set exists and this experiment can have it, the usual value first."""
        return {name: [v for v in values if v in (cls.options(name) or ())] for name, values in IMAGES[dataset].items()}

    @model_validator(mode="after")
    def _data_exist(self) -> Self:
        exists = self.exists(self.dataset)
        if self.size not in exists["size"] or self.levels not in exists["levels"]:
            raise ValueError(
                "the digits exist in 8×8 with 17 levels, MNIST and Fashion-MNIST in 28×28 or 14×14 "
                "with 256, 16 or 2 levels"
            )
        return self

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new data set brings its usual size and levels unless they are given too."""
        dataset, _ = self.read("dataset", values.get("dataset", self.dataset), self.dataset)
        exists = self.exists(dataset)
        usual = {name: options[0] for name, options in exists.items() if getattr(self, name) not in options}
        return {**usual, **values}

    def possible(self, name: str) -> list[Any] | None:
        """As in ``Declaration``; only sizes and levels in which the data set exists."""
        exists = self.exists(self.dataset)
        return list(exists[name]) if name in exists else super().possible(name)

    @property
    def downloads(self) -> bool:
        """As in ``Experiment``."""
        return self.dataset != "digits"

    def published_likelihood(self) -> Reference | None:
        """As in ``Experiment``."""
        return _PUBLISHED.get((self.dataset, self.size, self.levels))

    def likelihood_lines(self) -> list[Line]:
        """As in ``Experiment``: what is reached without learning, and what was published."""
        uniform, published = math.log2(self.levels), self.published_likelihood()
        found = [Line(uniform, f"uniform: log₂ {self.levels} = {uniform:.2f}", above=True)]
        if published:
            whose = published.label.partition(", ")[2]
            found.append(Line(published.bits_per_dim, f"published: {published.bits_per_dim:.3f}, {whose}"))
        return found


class OnPoints(Experiment):
    """Points of the line or of the plane."""

    things: ClassVar[str] = "points"
    data_fields: ClassVar[tuple[str, ...]] = ("dataset", "table", "seed")
    likelihood_unit: ClassVar[Unit] = Unit("nats", 1.0, "point")

    batch_size: int = batch_field(256, "Points", 4096)
    table: str = ""  # own points or heights, as text: of the data set "own"


class OnPlane(OnPoints):
    """Points of the plane."""

    loader: ClassVar[str] = "genlab.data.plane:load"
    beside: ClassVar[str] = "genlab.views.beside:OnPlane"
    own: ClassVar[str] = "genlab.ui.training.own:PLANE"

    dataset: Literal["moons", "rings", "pinwheel", "checkerboard", "spirals", "gaussians", "letters", "own"] = choice(
        "moons",
        "data",
        "Densities on the plane; your own: what you draw, or the points of a CSV file.",
        labels={"gaussians": "eight Gaussians", "own": "your own", "moons": "two moons"},
    )

    def entropy(self) -> float | None:
        """As in ``Experiment``."""
        return PLANE.get(self.dataset)


class OnLine(OnPoints):
    """Points of the line."""

    loader: ClassVar[str] = "genlab.data.line_points:load"
    own: ClassVar[str] = "genlab.ui.training.own:LINE"

    dataset: Literal["bumps", "uniform", "triangle", "exponential", "steps", "own"] = choice(
        "bumps",
        "density μ",
        "Of the data, on [−4, 4]; your own: drawn by hand.",
        labels={"bumps": "two bumps", "own": "your own"},
    )

    def entropy(self) -> float | None:
        """As in ``Experiment``, by exact sums."""
        return line.entropy(line.shape(self.dataset, self.table))


class OnSequences(Experiment):
    """Sequences of T levels."""

    things: ClassVar[str] = "sequences"
    loader: ClassVar[str] = "genlab.data.sequences:load"
    data_fields: ClassVar[tuple[str, ...]] = ("dataset", "length", "table", "seed")
    own: ClassVar[str] = "genlab.ui.sequences.own:SEQUENCES"
    likelihood_unit: ClassVar[Unit] = Unit("nats", 1.0, "place")
    architecture_fields: ClassVar[tuple[str, ...]] = ("length", "levels")

    batch_size: int = batch_field(64, "Sequences", 1024)
    dataset: Literal["lines", "forks", "own"] = choice(
        "lines",
        "data",
        "Two lines: two straight pieces that meet in the middle of the levels, at a random place, slopes uniform in "
        "[−1, 1]. Forks: a height that jumps once, up or down alike. Your own: a curve, a table or a text.",
        labels={"lines": "two lines", "own": "your own"},
    )
    length: Literal[16, 32, 64] = choice(
        32, "length T", "Places of a sequence. Toy sequences have 16 or 32, of 2T levels each; own ones are cut."
    )
    table: str = ""  # own sequences, as text: of the data set "own"

    @model_validator(mode="after")
    def _law_exists(self) -> Self:
        if self.dataset != "own" and self.length not in toy.LENGTHS:
            raise ValueError("toy sequences have 16 or 32 places; only own ones can have 64")
        return self

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Toy sequences bring a length that they have, unless one is given too."""
        dataset, _ = self.read("dataset", values.get("dataset", self.dataset), self.dataset)
        return {"length": 32, **values} if dataset != "own" and self.length not in toy.LENGTHS else dict(values)

    def possible(self, name: str) -> list[Any] | None:
        """As in ``Declaration``; only lengths that the data have."""
        return list(toy.LENGTHS) if name == "length" and self.dataset != "own" else super().possible(name)

    @property
    def levels(self) -> int:
        """Values that a place can take. Raises GenlabError for own data that cannot be read."""
        return own_sequences.decode(self.table).levels if self.dataset == "own" else 2 * self.length

    @property
    def judged(self) -> bool:
        """As in ``Experiment``: two straight pieces are the law of the toys."""
        return self.dataset != "own"

    def entropy(self) -> float | None:
        """As in ``Experiment``, exactly: by enumeration."""
        return None if self.dataset == "own" else toy.entropy(self.dataset, self.length)

    def likelihood_lines(self) -> list[Line]:
        """As in ``Experiment``: what is reached without learning, and what the law itself would reach."""
        uniform, floor = math.log(self.levels), self.entropy()
        found = [Line(uniform, f"uniform: log {self.levels} = {uniform:.2f}", above=True)]
        if floor is not None:
            found.append(Line(floor, f"entropy of the data: {floor:.3f}, perplexity {math.exp(floor):.3f}"))
        return found
