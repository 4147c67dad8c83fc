"""Models with latents, which learn by a lower bound: VAEs, flow posteriors, and a VAE whose prior is a flow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from genlab.declaration import choice, number
from genlab.experiments.base import Kind, Line, Reference, Unit, batch_field, rate_field, steps_field
from genlab.experiments.data import MNIST, OnImages
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByBound

LATENTS = Kind(
    name="latents",
    task="genlab.tasks.latents:Latents",
    canvas="latents",
    panels={
        "watch": "genlab.ui.latents.watch:watch",
        "draw": "genlab.ui.latents.draw:draw",
        "look": "genlab.ui.latents.look:look",
    },
    arrive="genlab.ui.shell.drawing:arrive",
    beside="family",
    beside_help="A second model that learns the same images in the same seconds, with its usual settings.",
    terms=("latent", "posterior of z", "KL", "ELBO", "step", "held-out", "kept"),
)

_LAYERS = "Of the flow; each is one more bend of the density."


class LatentExperiment(OnImages, ByBound):
    """A model of images with latents, and an encoder that guesses them."""

    kind: ClassVar[Kind] = LATENTS
    convolves: ClassVar[bool] = False
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "latent", "hidden")

    batch_size: int = batch_field(128, "Images", 512)
    learning_rate: float = rate_field(1e-3)
    steps: int = steps_field(3000)
    levels: Literal[2, 17] = choice(
        17,
        "grey levels",
        "Values a pixel can take; 2 means binarised by sampling, fresh in training, and a Bernoulli for every pixel; "
        "17 a categorical distribution.",
    )
    latent: int = number(
        2, "dimensions of z", "Latent numbers behind an image. With 2 the whole plane can be seen.", 1, 64
    )
    hidden: int = number(200, "hidden units", "Units of the two hidden layers of encoder and decoder.", 1, 400)

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return "Press train: the decoder learns to draw what the encoder has noted, and classes part on the plane."

    @property
    def unit(self) -> Unit:
        """As in ``Experiment``: nats an image where pixels are black or white, as the field has it."""
        return Unit("nats", 1.0, "image") if self.levels == 2 else Unit("bits/dim", self._bit)

    @property
    def _bit(self) -> float:
        """Nats an image in one bit a pixel."""
        return self.size**2 * math.log(2)

    def published(self) -> Reference | None:
        """As in ``Experiment``; another β is another loss."""
        return super().published() if self.beta == 1 else None

    def lines(self) -> list[Line]:
        """As in ``Experiment``."""
        known, uniform = self.published(), math.log(self.levels) * self.size**2
        lines = [Line(uniform / self.unit.nats, "uniform", above=True)]
        if known:
            whose = known.label.partition(", ")[2]
            nats = known.bits_per_dim * self._bit
            lines.append(Line(nats / self.unit.nats, f"published, autoregressive: {nats:.1f} nats, {whose}"))
        return lines


class VAEExperiment(LatentExperiment):
    """The VAE."""

    family: Literal["vae"] = "vae"


class FlowPosteriorExperiment(LatentExperiment):
    """A VAE with a flow behind the encoder's Gaussian."""

    family: Literal["flow-posterior"] = "flow-posterior"
    architecture_fields: ClassVar[tuple[str, ...]] = (*LatentExperiment.architecture_fields, "flow", "layers")

    flow: Literal["planar", "iaf", "gaussian"] = choice(
        "iaf",
        "posterior",
        "What the encoder's Gaussian goes through: planar layers, inverse autoregressive ones, or nothing.",
        labels={"iaf": "IAF", "gaussian": "Gaussian"},
    )
    layers: int = number(4, "layers", _LAYERS, 1, 16)


class FVAEExperiment(LatentExperiment):
    """A VAE with a flow as its prior."""

    family: Literal["fvae"] = "fvae"
    architecture_fields: ClassVar[tuple[str, ...]] = (*LatentExperiment.architecture_fields, "units", "layers")

    units: int = number(64, "units of the flow", "Of each hidden layer of its networks.", 1, 128)
    layers: int = number(6, "layers", "Affine couplings between z and the noise.", 1, 16)
    latent: int = number(
        2, "dimensions of z", "Latent numbers behind an image. With 2 the whole plane can be seen.", 2, 64
    )


TOPICS: tuple[Topic, ...] = (
    Family(
        "vae",
        "VAE",
        "Every image becomes a cloud on a plane, and every point of the plane an image.",
        "VAE",
        "Kingma and Welling 2014, Auto-encoding variational Bayes; Rezende et al. 2014",
        "bubble_chart",
        "genlab.models.vae:VAE",
        VAEExperiment,
    ),
    Family(
        "flow-posterior",
        "Flow posteriors",
        "The encoder's round cloud is bent towards the true posterior, layer by layer.",
        "VAE",
        "Rezende and Mohamed 2015, Variational inference with normalizing flows; Kingma et al. 2016",
        "airwave",
        "genlab.models.flow_posterior:FlowPosterior",
        FlowPosteriorExperiment,
    ),
    Family(
        "fvae",
        "f-VAE",
        "A flow learns where the codes of the images lie, so that nothing is drawn from empty places.",
        "VAE",
        "Su and Wu 2018, f-VAEs: Improve VAEs with conditional flows",
        "join_inner",
        "genlab.models.fvae:FVAE",
        FVAEExperiment,
    ),
)

_BINARY: Mapping[str, Any] = {**MNIST, "levels": 2, "hidden": 300}

ENTRIES = (
    Entry("vae-2d-mnist-binary", "MNIST, binary, z of 2", VAEExperiment(**_BINARY, steps=30_000)),
    Entry("vae-mnist-binary", "MNIST, binary, z of 20", VAEExperiment(**_BINARY, latent=20, steps=40_000)),
    Entry("vae-digits", "8×8 digits, z of 2", VAEExperiment()),
    Entry(
        "vae-iaf",
        "MNIST, binary, z of 2, IAF × 4",
        FlowPosteriorExperiment(**_BINARY, steps=30_000),
    ),
    Entry(
        "vae-planar",
        "MNIST, binary, z of 2, planar × 8",
        FlowPosteriorExperiment(**_BINARY, flow="planar", layers=8, steps=30_000),
    ),
    Entry("flow-posterior-digits", "8×8 digits, z of 2, IAF × 4", FlowPosteriorExperiment()),
    Entry("fvae-digits", "8×8 digits, z of 2", FVAEExperiment()),
)
