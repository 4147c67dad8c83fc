"""Which models are compared: one of each family, on the same data, for the same seconds. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

from pydantic import model_validator

from genlab.catalog import FAMILIES, entries, entry
from genlab.declaration import Declaration, choice, number
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.experiments.data import OnImages, OnPlane

NONE = "none"


@dataclass(frozen=True)
class Principle:
    """A family of models, as the comparison tells of it.

    Attributes:
        z: what a sample is made of.
        encoder: what leads back from a datum to its z.
        entries: of the catalogue: what stands for it on the plane, and on 8×8 digits, the usual one first.
    """

    title: str
    z: str
    encoder: str
    plane: tuple[str, ...]
    digits: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Its entries, whatever the data."""
        return self.plane + self.digits


PRINCIPLES: dict[str, Principle] = {
    "gan": Principle(
        "GAN",
        "normal noise, of any dimension",
        "none",
        ("gan-2d",),
        ("gan-digits", "dcgan-digits"),
    ),
    "vae": Principle(
        "VAE",
        "normal noise, of any dimension",
        "a distribution q(z | x)",
        ("vae-2d",),
        ("vae-digits", "flow-posterior-digits", "fvae-digits"),
    ),
    "flow": Principle(
        "Flow",
        "normal noise, of as many dimensions as x",
        "exact: z = f(x)",
        ("spline-2d", "realnvp-2d", "maf-2d", "iaf-2d", "nice-2d", "nvp-2d", "planar-2d", "radial-2d"),
        ("realnvp-digits", "glow-digits"),
    ),
    "autoregression": Principle(
        "Autoregression",
        "none: a uniform number for each value of x",
        "none",
        ("grid-2d",),
        ("pixelcnn-digits", "gated-pixelcnn-digits", "made-digits", "nade-digits", "row-lstm-digits"),
    ),
}

_OF = {
    entry(name).experiment.model_dump()["family"]: key
    for key, principle in PRINCIPLES.items()
    for name in principle.all
}


def principle_of(experiment: Experiment) -> str:
    """Which of the four families a model belongs to, by key; "" for one that is not compared."""
    return _OF.get(experiment.model_dump()["family"], "")


JUDGES = {  # what samples are judged by, of points and of images; ``genlab.views.beside`` does it
    "points": "what is known of the density: of 10 000 samples, how many lie where data lie, how much of the data they "
    "reach, and how far their histogram on a 32×32 grid is from that of fresh data",
    "images": "a small classifier of 8×8 digits, trained for this: the Fréchet distance in its 64 features between "
    "1000 samples and the 600 images that are held out, in multiples of that of 1000 training images; and how evenly "
    "the samples are spread over the ten classes",
}


def short(experiment: Experiment) -> str:
    """The title of its family, where the data are known, and whether it is told the class."""
    title = FAMILIES[experiment.model_dump()["family"]].title
    told = ", by class" if getattr(experiment, "conditional", False) else ""
    return title.removesuffix(" on the plane").removesuffix(" on images") + told


SIZES: dict[str, float] = {"small": 0.5, "usual": 1.0, "large": 2.0}
WIDTHS = ("hidden", "channels", "depth")  # what a size multiplies: the first of these that a model has


class Lane(NamedTuple):
    """One of those that are compared.

    Attributes:
        principle: its key.
        experiment: what is trained.
        shipped: name of an entry whose weights have learnt these data with these settings, or "".
    """

    principle: str
    experiment: Experiment
    shipped: str


def _entrant(principle: str) -> Any:
    names = PRINCIPLES[principle].all
    titles = {name: short(entry(name).experiment) for name in names}
    return choice(
        PRINCIPLES[principle].plane[0],
        PRINCIPLES[principle].title,
        "Which model stands for this family, with its usual settings; or none.",
        labels={**titles, NONE: "none"},
    )


class Comparison(Declaration):
    """What is compared."""

    data: Literal["gaussians", "moons", "rings", "pinwheel", "checkerboard", "spirals", "letters", "digits"] = choice(
        "gaussians",
        "data",
        "What all of them learn: a density on the plane, or 1797 real 8×8 digits. Nothing is downloaded.",
        labels={"gaussians": "eight Gaussians", "moons": "two moons", "digits": "8×8 digits"},
    )
    gan: Literal[(*PRINCIPLES["gan"].all, NONE)] = _entrant("gan")  # type: ignore[valid-type]
    vae: Literal[(*PRINCIPLES["vae"].all, NONE)] = _entrant("vae")  # type: ignore[valid-type]
    flow: Literal[(*PRINCIPLES["flow"].all, NONE)] = _entrant("flow")  # type: ignore[valid-type]
    autoregression: Literal[(*PRINCIPLES["autoregression"].all, NONE)] = _entrant("autoregression")  # type: ignore[valid-type]
    seconds: int = number(20, "seconds each", "Of training, for each model. They take turns in one process.", 2, 600)
    size: Literal["small", "usual", "large"] = choice(
        "usual", "size", "Half as wide, as wide, or twice as wide networks as each model usually has."
    )
    seed: int = number(0, "seed", "Of the first weights, the batches, and the noise of the pictures.", 0, 9999)

    @model_validator(mode="after")
    def _entrants_fit(self) -> Self:
        for name, value in self.entrants().items():
            if value not in self._fitting(name):
                raise ValueError(f"{value} learns no {self.label('data', self.data)}")
        return self

    def entrants(self) -> dict[str, str]:
        """Entry of the catalogue, or "none", by principle."""
        return {name: getattr(self, name) for name in PRINCIPLES}

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """New data bring models that can learn them, unless others are named too."""
        data, _ = self.read("data", values.get("data", self.data), self.data)
        fitting = {name: _on(name, data) for name in PRINCIPLES}
        usual = {
            name: fitting[name][0] for name, value in self.entrants().items() if value not in (*fitting[name], NONE)
        }
        return {**usual, **values}

    def possible(self, name: str) -> list[Any] | None:
        """As in ``Declaration``; only models that can learn the data."""
        return self._fitting(name) if name in PRINCIPLES else super().possible(name)

    def _fitting(self, name: str) -> list[str]:
        return [*_on(name, self.data), NONE]

    @property
    def lanes(self) -> list[Lane]:
        """Those that are compared, as they are trained."""
        return [
            _lane(principle, name, self.data, self.size, self.seed)
            for principle, name in self.entrants().items()
            if name != NONE
        ]


def _on(principle: str, data: str) -> tuple[str, ...]:
    return PRINCIPLES[principle].digits if data == "digits" else PRINCIPLES[principle].plane


def _lane(principle: str, name: str, data: str, size: str, seed: int) -> Lane:
    base = on(entry(name).experiment, data).replaced(seed=seed)
    experiment = sized(base, size)
    same = {**experiment.data_arguments(), **experiment.architecture()}
    shipped = [
        e.name
        for e in entries(experiment.model_dump()["family"], shipped=True)
        if {**e.experiment.replaced(seed=seed).data_arguments(), **e.experiment.architecture()} == same
    ]
    return Lane(principle, experiment, next(iter(shipped), ""))


def on(experiment: Experiment, data: str) -> Experiment:
    """The experiment on other data of its sort. Raises GenlabError where it cannot learn these."""
    sort = OnImages if data == "digits" else OnPlane
    if not isinstance(experiment, sort) or data not in (experiment.options("dataset") or ()):
        raise GenlabError(f"{experiment.model_dump()['family']} cannot learn {data!r}: it learns {experiment.things}.")
    return experiment if experiment.data_arguments()["dataset"] == data else experiment.replaced(dataset=data)


def sized(experiment: Experiment, size: str) -> Experiment:
    """The experiment with a network of another width, as far as it may be."""
    field = next((name for name in WIDTHS if name in experiment.architecture_fields), None)
    if field is None or size == "usual":
        return experiment
    low, high = (int(experiment.extra(field)[end]) for end in ("low", "high"))
    return experiment.replaced(**{field: min(high, max(low, round(SIZES[size] * getattr(experiment, field))))})


def together(names: Sequence[str], data: str | None = None, size: str = "usual", seed: int = 0) -> list[Experiment]:
    """Experiments of catalogue entries on the same data: those of the first one, unless others are named.

    Raises:
        GenlabError: no such entry, data that one of them cannot learn, or data on which nothing is compared.
    """
    try:
        found = [entry(name).experiment for name in names]
    except KeyError as error:
        raise GenlabError(f"{error.args[0]}.") from error
    for name, experiment in zip(names, found, strict=True):
        if not experiment.beside:
            raise GenlabError(f"{name} learns {experiment.things}, which are not compared: points and images are.")
    first = data or found[0].data_arguments()["dataset"]
    if first in ("mnist", "fashion"):
        raise GenlabError("Of images only the 8×8 digits are compared: name --dataset digits.")
    return [sized(on(experiment, first).replaced(seed=seed), size) for experiment in found]
