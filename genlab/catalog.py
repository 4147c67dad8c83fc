"""The one list of what there is: topics and model families, each with its page, and the shipped checkpoints.

Torch-free.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genlab.experiment import (
    DCGANExperiment,
    Experiment,
    GatedPixelCNNExperiment,
    IAFExperiment,
    LineExperiment,
    MAFExperiment,
    MaskedLeNetExperiment,
    NICEExperiment,
    NVPExperiment,
    PixelCNNExperiment,
    PixelExperiment,
    PlanarExperiment,
    PlaneGANExperiment,
    RadialExperiment,
    RealNVPExperiment,
    SplineExperiment,
    VanillaGANExperiment,
)

CHECKPOINTS = Path(__file__).parent.parent / "checkpoints"


@dataclass(frozen=True)
class Topic:
    """What has a page of its own, and where it comes from."""

    name: str
    title: str
    sentence: str  # what it is, in one sentence that a newcomer understands
    section: str  # of the navigation
    source: str
    icon: str  # a Material symbol, for the navigation

    @property
    def page(self) -> str:
        """Name of the page's file and path in its address."""
        return self.title.lower().replace(" ", "_")


@dataclass(frozen=True)
class Family(Topic):
    """A kind of model, and where its code is."""

    model: str  # dotted path of the class, "module:name"
    experiment: type[Experiment]


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


TOPICS: dict[str, Topic] = {  # in the order of the navigation
    topic.name: topic
    for topic in (
        Family(
            "masked-lenet",
            "Masked pixels",
            "A plain convolutional network looks at the pixels known so far and guesses the next one.",
            "Pixels",
            "Fleuret, Deep learning, lecture 10.1; Larochelle and Murray 2011",
            "apps",
            "genlab.models.masked_lenet:MaskedLeNet",
            MaskedLeNetExperiment,
        ),
        Family(
            "pixelcnn",
            "PixelCNN",
            "Two stacks of causal convolutions predict every pixel from those before it that they can reach.",
            "Pixels",
            "Fleuret, Deep learning, lecture 10.2; van den Oord et al. 2016a",
            "grid_on",
            "genlab.models.pixelcnn:PixelCNN",
            PixelCNNExperiment,
        ),
        Family(
            "gated-pixelcnn",
            "Gated PixelCNN",
            "A deeper PixelCNN with gates, residual connections and dilations that can be told which digit to draw.",
            "Pixels",
            "van den Oord et al. 2016b, Conditional image generation with PixelCNN decoders",
            "layers",
            "genlab.models.gated_pixelcnn:GatedPixelCNN",
            GatedPixelCNNExperiment,
        ),
        Topic(
            "determinant",
            "Determinant",
            "By what factor does a map change areas? Drag the columns of a matrix and see.",
            "Flows",
            "Fleuret, Deep learning, lecture 10.3; Weng 2018, Flow-based deep generative models",
            "crop_rotate",
        ),
        Family(
            "piecewise",
            "Change of variables",
            "A map stretches the line; the density thins out where it stretches. The simplest normalizing flow.",
            "Flows",
            "Fleuret, Deep learning, lecture 10.3",
            "show_chart",
            "genlab.models.piecewise:PiecewiseLinear",
            LineExperiment,
        ),
        Family(
            "nice",
            "NICE",
            "Additive couplings: half of the coordinates slide by what the other half says, and no area changes.",
            "Flows",
            "Dinh, Krueger and Bengio 2014, NICE",
            "swap_horiz",
            "genlab.models.nice:NICE",
            NICEExperiment,
        ),
        Family(
            "nvp",
            "NVP",
            "The lecture's non-volume-preserving network: four masked couplings that can stretch too.",
            "Flows",
            "Fleuret, Deep learning, lecture 10.3",
            "open_in_full",
            "genlab.models.nvp:NVP",
            NVPExperiment,
        ),
        Family(
            "realnvp",
            "Real NVP",
            "Eight affine couplings with deeper networks bend noise into almost anything in half a minute.",
            "Flows",
            "Dinh, Sohl-Dickstein and Bengio 2017, Density estimation using Real NVP",
            "waves",
            "genlab.models.realnvp:RealNVP",
            RealNVPExperiment,
        ),
        Family(
            "planar",
            "Planar flow",
            "Each layer pushes the plane along one direction, across one line.",
            "Flows",
            "Rezende and Mohamed 2015, Variational inference with normalizing flows",
            "horizontal_rule",
            "genlab.models.planar:Planar",
            PlanarExperiment,
        ),
        Family(
            "radial",
            "Radial flow",
            "Each layer pulls the plane towards one point, or pushes it away.",
            "Flows",
            "Rezende and Mohamed 2015, Variational inference with normalizing flows",
            "adjust",
            "genlab.models.radial:Radial",
            RadialExperiment,
        ),
        Family(
            "spline",
            "Spline flow",
            "Couplings whose curves are smooth splines: the sharpest of the flows here.",
            "Flows",
            "Durkan, Bekasov, Murray and Papamakarios 2019, Neural spline flows",
            "timeline",
            "genlab.models.spline:Spline",
            SplineExperiment,
        ),
        Family(
            "maf",
            "MAF",
            "Every coordinate is shifted and scaled by what the earlier ones say: a density in one pass.",
            "Flows",
            "Papamakarios, Pavlakou and Murray 2017, Masked autoregressive flow",
            "stairs",
            "genlab.models.autoregressive_flow:MAF",
            MAFExperiment,
        ),
        Family(
            "iaf",
            "IAF",
            "MAF turned round: samples in one pass, and a density that takes a pass for each coordinate.",
            "Flows",
            "Kingma et al. 2016, Improved variational inference with inverse autoregressive flow",
            "switch_access_shortcut",
            "genlab.models.autoregressive_flow:IAF",
            IAFExperiment,
        ),
        Family(
            "gan-2d",
            "GAN on the plane",
            "One network makes points, another one tells them from real ones: stop their game in the middle of a move.",
            "GAN",
            "Goodfellow et al. 2014, Generative adversarial nets; Kahng et al. 2019, GAN Lab",
            "sports_kabaddi",
            "genlab.models.gan:PlaneGAN",
            PlaneGANExperiment,
        ),
        Family(
            "gan",
            "GAN",
            "The first GAN, two small networks that learn to draw digits by playing against each other.",
            "GAN",
            "Kristiadi 2017, Generative adversarial networks in PyTorch; Goodfellow et al. 2014",
            "swords",
            "genlab.models.gan:VanillaGAN",
            VanillaGANExperiment,
        ),
        Family(
            "dcgan",
            "DCGAN",
            "The same game with convolutions: cleaner digits, and walks from one to another.",
            "GAN",
            "Radford, Metz and Chintala 2016, Deep convolutional generative adversarial networks",
            "filter_none",
            "genlab.models.gan:DCGAN",
            DCGANExperiment,
        ),
    )
}
FAMILIES = {name: topic for name, topic in TOPICS.items() if isinstance(topic, Family)}

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
        Entry("piecewise-1d", "two bumps", LineExperiment()),
        Entry("nice-2d", "two moons", NICEExperiment()),
        Entry("nvp-2d", "two moons", NVPExperiment()),
        Entry("realnvp-2d", "pinwheel", RealNVPExperiment(dataset="pinwheel")),
        Entry("planar-2d", "rings", PlanarExperiment(dataset="rings")),
        Entry("radial-2d", "eight Gaussians", RadialExperiment(dataset="gaussians")),
        Entry("spline-2d", "checkerboard", SplineExperiment(dataset="checkerboard")),
        Entry("maf-2d", "two moons", MAFExperiment()),
        Entry("iaf-2d", "spirals", IAFExperiment(dataset="spirals")),
        Entry("gan-2d", "eight Gaussians", PlaneGANExperiment(dataset="gaussians")),
        Entry("gan-mnist", "MNIST", VanillaGANExperiment(**_MNIST, levels=256)),
        Entry("gan-digits", "8×8 digits", VanillaGANExperiment()),
        Entry(
            "dcgan-mnist",
            "MNIST, by class",
            DCGANExperiment(**_MNIST, levels=256, channels=32, conditional=True, steps=20_000),
        ),
        Entry("dcgan-digits", "8×8 digits", DCGANExperiment()),
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
    """What a training of a family begins with: an entry whose data need no download."""
    return next(
        e.experiment for e in entries(family) if e.experiment.model_dump()["dataset"] not in ("mnist", "fashion")
    )


def reference(experiment: Experiment) -> Reference | None:
    """A published result on the same data, or None."""
    if not isinstance(experiment, PixelExperiment):
        return None
    return _REFERENCES.get((experiment.dataset, experiment.size, experiment.levels))
