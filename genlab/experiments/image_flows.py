"""Normalizing flows on images."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from genlab.declaration import choice, number
from genlab.experiments.base import Kind, Reference, muon_field, rate_field, steps_field
from genlab.experiments.data import MNIST, OnImages
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

IMAGE_FLOWS = Kind(
    name="image-flows",
    task="genlab.tasks.image_flows:ImageFlows",
    canvas="images",
    panels={
        "watch": "genlab.ui.image_flows.watch:watch",
        "draw": "genlab.ui.image_flows.draw:draw",
        "look": "genlab.ui.image_flows.look:look",
    },
    arrive="genlab.ui.shell.drawing:arrive",
    beside="family",
    beside_help="A second flow that learns the same images in the same seconds, with its usual settings.",
    terms=("layer", "latent block", "dequantisation", "step", "held-out", "kept"),
)


class ImageFlowExperiment(OnImages, ByLikelihood):
    """A normalizing flow on grey images."""

    kind: ClassVar[Kind] = IMAGE_FLOWS
    published_bits: ClassVar[float]  # of MNIST in 28×28 with 256 levels
    publisher: ClassVar[str]

    warm_up: int = number(100, "warm-up", "Steps over which the learning rate rises at the beginning.", 0, 10_000)
    muon: bool = muon_field("the couplings between hidden channels")

    @property
    def rises(self) -> int:
        """As in ``Experiment``."""
        return self.warm_up

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return "Press train: noise goes through the layers the other way round, and turns into digits."

    def published_likelihood(self) -> Reference | None:
        """As in ``Experiment``, of flows."""
        same = (self.dataset, self.size, self.levels) == ("mnist", 28, 256)
        return Reference(self.published_bits, f"{self.published_bits:.2f}, {self.publisher}") if same else None


class RealNVPImagesExperiment(ImageFlowExperiment):
    """Real NVP: checkerboards, a squeeze, halves of the channels, scales."""

    family: Literal["realnvp-images"] = "realnvp-images"
    published_bits: ClassVar[float] = 1.06
    publisher: ClassVar[str] = "Real NVP, as Grathwohl et al. 2019 report"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "channels")

    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(2000)
    channels: int = number(
        24, "channels", "Of the couplings' networks on the finest scale; twice as many after each squeeze.", 4, 64
    )


class GlowExperiment(ImageFlowExperiment):
    """Glow: actnorm, an invertible 1×1 convolution and an affine coupling in each step."""

    family: Literal["glow"] = "glow"
    published_bits: ClassVar[float] = 1.05
    publisher: ClassVar[str] = "Glow, as Grathwohl et al. 2019 report"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "channels", "depth", "conditional")

    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(2000)
    channels: int = number(
        32, "channels", "Of the couplings' networks on the finest scale; half as many again after each squeeze.", 4, 96
    )
    depth: int = number(8, "steps K", "Of each scale: actnorm, 1×1 convolution, coupling.", 1, 24)
    conditional: bool = choice(
        False, "class-conditional", "The noise of the coarsest scale has a mean and a scale of its own for each class."
    )


TOPICS: tuple[Topic, ...] = (
    Family(
        "realnvp-images",
        "Real NVP on images",
        "An image and its noise are one and the same, seen from two ends: scale by scale, noise becomes a digit.",
        "Flows",
        "Dinh, Sohl-Dickstein and Bengio 2017, Density estimation using Real NVP",
        "grid_4x4",
        "genlab.models.realnvp_images:RealNVPImages",
        RealNVPImagesExperiment,
        "Try: stop where a block has just joined. Coarse blocks decide which digit it is, fine ones its edges.",
    ),
    Family(
        "glow",
        "Glow",
        "Channels are mixed by learnt matrices between couplings: noise becomes digits of a class, and back.",
        "Flows",
        "Kingma and Dhariwal 2018, Glow",
        "flare",
        "genlab.models.glow:Glow",
        GlowExperiment,
        "Try: lower the temperature. The strokes grow calmer, and all digits of a class more alike.",
    ),
)

_GLOW: dict[str, Any] = {**MNIST, "levels": 256, "channels": 64, "depth": 12, "muon": True, "steps": 9000}
ENTRIES = (
    Entry(
        "realnvp-mnist",
        "MNIST, 256 levels",
        RealNVPImagesExperiment(**MNIST, levels=256, channels=40, muon=True, steps=12_000),
    ),
    Entry("realnvp-digits", "8×8 digits", RealNVPImagesExperiment()),
    Entry("glow-mnist", "MNIST, 256 levels, by class", GlowExperiment(**_GLOW, conditional=True), accuracy=0.865),
    Entry("glow-digits", "8×8 digits, by class", GlowExperiment(conditional=True), accuracy=0.963),
)
