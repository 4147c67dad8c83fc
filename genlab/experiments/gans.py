"""Generative adversarial networks, on the plane and on images."""

from __future__ import annotations

from typing import ClassVar, Literal

from genlab.declaration import choice, number
from genlab.experiments.base import Kind, batch_field, hidden_field, rate_field, steps_field
from genlab.experiments.data import MNIST, OnImages, OnPlane
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByGame

_BESIDE = "The same game for another loss, with the same first weights, noise and data, in the same seconds."
_TERMS = ("step", "move", "round", "held-out")

PLANE_GANS = Kind(
    name="plane-gans",
    task="genlab.tasks.gans:Plane",
    canvas="game",
    panels={"watch": "genlab.ui.gans.watch:plane", "look": "genlab.ui.gans.look:look"},
    beside="loss",
    beside_help=_BESIDE,
    terms=_TERMS,
)
IMAGE_GANS = Kind(
    name="image-gans",
    task="genlab.tasks.gans:Images",
    canvas="images",
    panels={"watch": "genlab.ui.gans.watch:images", "look": "genlab.ui.gans.look:look"},
    beside="loss",
    beside_help=_BESIDE,
    terms=_TERMS,
)


class PlaneGANExperiment(OnPlane, ByGame):
    """A GAN on points of the plane, from noise of two dimensions."""

    kind: ClassVar[Kind] = PLANE_GANS
    clip: ClassVar[float] = 0.2
    penalty: ClassVar[float] = 1.0
    family: Literal["gan-2d"] = "gan-2d"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = batch_field(128, "Points", 4096)
    learning_rate: float = rate_field(1e-3)
    steps: int = steps_field(12_000)
    hidden: int = hidden_field(64)
    depth: int = number(2, "hidden layers", "Of each player.", 1, 4)

    @property
    def judged(self) -> bool:
        """As in ``Experiment``."""
        return True


class ImageGANExperiment(OnImages, ByGame):
    """A GAN on grey images."""

    kind: ClassVar[Kind] = IMAGE_GANS

    latent: int = number(100, "dimensions of z", "Of the noise that the generator starts from.", 1, 256)
    conditional: bool = choice(
        False,
        "class-conditional",
        "Both players are told the class: the generator draws the digit that it is asked for.",
    )

    @property
    def judgeable(self) -> bool:
        """As in ``Experiment``: our classifier knows MNIST in 28×28 with 256 grey levels, and nothing else."""
        return (self.dataset, self.size, self.levels) == ("mnist", 28, 256)


class VanillaGANExperiment(ImageGANExperiment):
    """Fully connected: z → 128 → pixels → 128 → a verdict; Adam with rate 1e-3 and batches of 64."""

    beta1: ClassVar[float] = 0.9
    family: Literal["gan"] = "gan"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "latent", "hidden", "conditional")
    batch_size: int = batch_field(64, "Images", 512)
    learning_rate: float = rate_field(1e-3)
    steps: int = steps_field(20_000)
    hidden: int = hidden_field(128)


class DCGANExperiment(ImageGANExperiment):
    """Convolutional."""

    family: Literal["dcgan"] = "dcgan"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "latent", "channels", "conditional")
    batch_size: int = batch_field(64, "Images", 512)
    learning_rate: float = rate_field(1e-3)
    steps: int = steps_field(4000)
    latent: int = number(64, "dimensions of z", "Of the noise that the generator starts from.", 1, 256)
    channels: int = number(16, "channels", "Feature maps next to the image; twice as many one level deeper.", 4, 128)


TOPICS: tuple[Topic, ...] = (
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

ENTRIES = (
    Entry("gan-2d", "eight Gaussians", PlaneGANExperiment(dataset="gaussians")),
    Entry("gan-mnist", "MNIST", VanillaGANExperiment(**MNIST, levels=256)),
    Entry("gan-digits", "8×8 digits", VanillaGANExperiment()),
    Entry(
        "dcgan-mnist",
        "MNIST, by class",
        DCGANExperiment(**MNIST, levels=256, channels=32, conditional=True, steps=20_000),
    ),
    Entry("dcgan-digits", "8×8 digits", DCGANExperiment()),
)
