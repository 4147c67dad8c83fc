"""The one list of what there is: model families, their pages, and the shipped checkpoints. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genlab.experiment import (
    Experiment,
    GatedPixelCNNExperiment,
    ImageExperiment,
    MaskedLeNetExperiment,
    PixelCNNExperiment,
)

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"


@dataclass(frozen=True)
class Family:
    """A kind of model: where its code is, the page that shows it, and where it comes from."""

    name: str
    title: str
    sentence: str  # what it is, in one sentence that a newcomer understands
    section: str  # of the navigation
    model: str  # dotted path of the class, "module:name"
    experiment: type[Experiment]
    source: str
    icon: str  # a Material symbol, for the navigation

    @property
    def page(self) -> str:
        """Name of the page's file and path in its address."""
        return self.title.lower().replace(" ", "_")


@dataclass(frozen=True)
class Entry:
    """An experiment with a name, and perhaps a shipped checkpoint."""

    name: str
    title: str
    experiment: Experiment
    accuracy: float | None = None  # of the shipped weights' class posterior, on all test images (checkpoints/README.md)

    @property
    def checkpoint(self) -> Path:
        """Where the shipped weights are; the file exists where ``shipped`` says so."""
        return CHECKPOINTS / f"{self.name}.safetensors"

    @property
    def shipped(self) -> bool:
        """True where weights come with the project."""
        return self.checkpoint.exists()


@dataclass(frozen=True)
class Reference:
    """A published result to compare with."""

    bits_per_dim: float
    label: str


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "masked-lenet",
            "Masked pixels",
            "A plain convolutional network looks at the pixels known so far and guesses the next one.",
            "Pixels",
            "genlab.models.masked_lenet:MaskedLeNet",
            MaskedLeNetExperiment,
            "Fleuret, Deep learning, lecture 10.1; Larochelle and Murray 2011",
            "apps",
        ),
        Family(
            "pixelcnn",
            "PixelCNN",
            "Two stacks of causal convolutions predict every pixel from those before it that they can reach.",
            "Pixels",
            "genlab.models.pixelcnn:PixelCNN",
            PixelCNNExperiment,
            "Fleuret, Deep learning, lecture 10.2; van den Oord et al. 2016a",
            "grid_on",
        ),
        Family(
            "gated-pixelcnn",
            "Gated PixelCNN",
            "A deeper PixelCNN with gates, residual connections and dilations that can be told which digit to draw.",
            "Pixels",
            "genlab.models.gated_pixelcnn:GatedPixelCNN",
            GatedPixelCNNExperiment,
            "van den Oord et al. 2016b, Conditional image generation with PixelCNN decoders",
            "layers",
        ),
    )
}

_MNIST: dict[str, Any] = {"dataset": "mnist", "size": 28}
_LARGE: dict[str, Any] = {"channels": 32, "layers": 6, "conditional": True, "batch_size": 16}

CATALOG = {  # of each family the best first: its page opens on it
    entry.name: entry
    for entry in (
        Entry(
            "masked-lenet-mnist",
            "MNIST, 256 levels",
            MaskedLeNetExperiment(**_MNIST, levels=256, learning_rate=1e-3, steps=8000),
        ),
        Entry("masked-lenet-digits", "8×8 digits, 17 levels", MaskedLeNetExperiment()),
        Entry("pixelcnn-mnist", "MNIST, 256 levels", PixelCNNExperiment(**_MNIST, levels=256, steps=10000)),
        Entry(
            "pixelcnn-noposition-mnist",
            "MNIST, 256 levels, no positional encoding",
            PixelCNNExperiment(**_MNIST, levels=256, position=False, steps=10000),
        ),
        Entry("pixelcnn-digits", "8×8 digits, 17 levels", PixelCNNExperiment()),
        Entry(
            "gated-pixelcnn-mnist",
            "MNIST, 256 levels, by class",
            GatedPixelCNNExperiment(**_MNIST, levels=256, **_LARGE, steps=12000),
            accuracy=0.898,
        ),
        Entry(
            "gated-pixelcnn-mnist-binary",
            "MNIST, binary, by class",
            GatedPixelCNNExperiment(**_MNIST, levels=2, **_LARGE, steps=3600),
            accuracy=0.977,
        ),
        Entry(
            "gated-pixelcnn-mnist14",
            "MNIST 14×14, 16 levels, by class",
            GatedPixelCNNExperiment(dataset="mnist", size=14, levels=16, **_LARGE, steps=1500),
            accuracy=0.968,
        ),
        Entry(
            "gated-pixelcnn-digits",
            "8×8 digits, 17 levels, by class",
            GatedPixelCNNExperiment(conditional=True),
            accuracy=0.987,
        ),
    )
}

# Published results by (data set, size, levels): never across binarisations, sizes or numbers of levels.
_REFERENCES = {
    ("mnist", 28, 2): Reference(81.45 / (784 * 0.6931471805599453), "81.45 nats, PixelCNN, public reproduction"),
    ("mnist", 28, 256): Reference(0.808, "0.808, gated PixelCNN, public notebook"),
}


def experiment(name: str, **changes: Any) -> Experiment:
    """The experiment of a catalogue entry, with changes.

    Raises:
        KeyError: no such entry.
        ValueError: a value outside what its field allows.
    """
    return entry(name).experiment.replaced(**changes)


def entry(name: str) -> Entry:
    """The entry of that name. Raises KeyError with the names there are."""
    if name not in CATALOG:
        raise KeyError(f"no {name!r} in the catalogue; there are {', '.join(CATALOG)}")
    return CATALOG[name]


def entries(family: str, *, shipped: bool = False) -> list[Entry]:
    """The entries of a family, only those with weights if ``shipped``."""
    return [e for e in CATALOG.values() if e.experiment.model_dump()["family"] == family and (e.shipped or not shipped)]


def beginning(family: str) -> Experiment:
    """What a training of a family begins with: its entry on the 8×8 digits, which need no download."""
    return next(e.experiment for e in entries(family) if e.experiment.model_dump()["dataset"] == "digits")


def reference(experiment: Experiment) -> Reference | None:
    """A published result on the same data, or None."""
    if not isinstance(experiment, ImageExperiment):
        return None
    return _REFERENCES.get((experiment.dataset, experiment.size, experiment.levels))
