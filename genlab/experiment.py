"""Experiments: data set + model + training settings + seed, one typed declaration each. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator

from genlab.declaration import Declaration, choice, number

_BATCH = "Images in one step of the optimiser."
_RATE = "Step size of Adam; can be changed while it trains. It falls to a tenth over the last 40 % of the steps."
_STEPS = "Optimiser steps in a whole training; the learning rate falls over the last 40 %."


def _rate(default: float) -> Any:
    return number(default, "learning rate", _RATE, 1e-5, 1e-1, log=True)


def _steps(default: int) -> Any:
    return number(default, "steps", _STEPS, 1, 1_000_000)


class Unit(NamedTuple):
    """In what a family's losses are told."""

    name: str
    nats: float  # of the model's own loss, that make one


class Experiment(Declaration):
    """What every experiment has. A family adds the fields of its model.

    Schedules count steps: ``learning_rate`` falls to a tenth over the last 40 % of ``steps``.
    """

    family: str
    unit: ClassVar[Unit]
    things: ClassVar[str]  # what the data are, in the plural
    picture: ClassVar[str]  # which canvas shows a training: images, plane, line or game
    curve: ClassVar[tuple[str, str]] = ("train", "held-out")  # the two losses of a training
    players: ClassVar[tuple[str, ...]] = ()  # whose moves can be made one by one
    architecture_fields: ClassVar[tuple[str, ...]] = ()

    batch_size: int = number(32, "batch", _BATCH, 1, 512)
    learning_rate: float = _rate(2e-3)
    steps: int = _steps(1800)
    seed: int = number(0, "seed", "Same seed, same initial weights, same batches, same images.", 0, 2**31 - 1)

    def architecture(self) -> dict[str, Any]:
        """Keyword arguments of the model's class."""
        return {name: getattr(self, name) for name in self.architecture_fields}


IMAGES: dict[str, dict[str, tuple[int, ...]]] = {  # what each data set exists in, the usual value first
    "digits": {"size": (8,), "levels": (17,)},
    "mnist": {"size": (28, 14), "levels": (256, 16, 2)},
    "fashion": {"size": (28, 14), "levels": (256, 16, 2)},
}


class ImageExperiment(Experiment):
    """An experiment on grey images: 8×8 digits, MNIST or Fashion-MNIST."""

    things: ClassVar[str] = "images"
    picture: ClassVar[str] = "images"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels")

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

    @model_validator(mode="after")
    def _data_exist(self) -> Self:
        exists = IMAGES[self.dataset]
        if self.size not in exists["size"] or self.levels not in exists["levels"]:
            raise ValueError(
                "the digits exist in 8×8 with 17 levels, MNIST and Fashion-MNIST in 28×28 or 14×14 "
                "with 256, 16 or 2 levels"
            )
        return self

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new data set brings its usual size and levels unless they are given too."""
        dataset, _ = self.read("dataset", values.get("dataset", self.dataset), self.dataset)
        usual = {name: options[0] for name, options in IMAGES[dataset].items() if getattr(self, name) not in options}
        return {**usual, **values}

    def possible(self, name: str) -> list[Any] | None:
        """As in ``Declaration``; only sizes and levels in which the data set exists."""
        exists = IMAGES[self.dataset]
        return list(exists[name]) if name in exists else super().possible(name)


class PixelExperiment(ImageExperiment):
    """An experiment with an autoregressive model, which writes an image pixel by pixel."""

    unit: ClassVar[Unit] = Unit("bits/dim", math.log(2))


class MaskedLeNetExperiment(PixelExperiment):
    """The lecture's masked-input LeNet: one random position a sample a step."""

    family: Literal["masked-lenet"] = "masked-lenet"
    batch_size: int = number(100, "batch", _BATCH, 1, 512)
    learning_rate: float = _rate(2e-3)
    steps: int = _steps(5500)


class PixelCNNExperiment(PixelExperiment):
    """The lecture's PixelCNN: two stacks of causal convolutions."""

    family: Literal["pixelcnn"] = "pixelcnn"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "position")

    batch_size: int = number(16, "batch", _BATCH, 1, 512)
    learning_rate: float = _rate(4e-3)
    steps: int = _steps(1500)
    position: bool = choice(
        True, "positional encoding", "5 + 5 Boolean channels that spell the row and the column of each pixel in binary."
    )


class GatedPixelCNNExperiment(PixelExperiment):
    """The gated PixelCNN: residual, dilated, class-conditional or not."""

    family: Literal["gated-pixelcnn"] = "gated-pixelcnn"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "channels", "layers", "dilated", "conditional")

    steps: int = _steps(1200)
    channels: int = number(24, "channels", "Feature maps of each stack.", 4, 128)
    layers: int = number(4, "layers", "Gated blocks after the first causal convolution.", 1, 12)
    dilated: bool = choice(True, "dilations", "Dilations 1, 2, 4, 8, 1, 2 … widen the receptive field for free.")
    conditional: bool = choice(False, "class-conditional", "The model is told which of the 10 classes to draw.")


def _points(default: int) -> Any:
    return number(default, "batch", "Points in one step of the optimiser.", 1, 4096)


def _hidden(default: int) -> Any:
    return number(default, "hidden units", "Units of each hidden layer of the networks inside.", 1, 256)


def _depth(default: int) -> Any:
    return number(default, "layers", "How many invertible layers follow one another.", 1, 24)


class PointsExperiment(Experiment):
    """An experiment on points."""

    unit: ClassVar[Unit] = Unit("nats", 1.0)
    things: ClassVar[str] = "points"

    batch_size: int = _points(256)
    table: str = ""  # own points or heights, as text: of the data set "own"


class PlaneExperiment(PointsExperiment):
    """An experiment on points of the plane."""

    dataset: Literal["moons", "rings", "pinwheel", "checkerboard", "spirals", "gaussians", "letters", "own"] = choice(
        "moons",
        "data",
        "Densities on the plane; your own: what you draw, or the points of a CSV file.",
        labels={"gaussians": "eight Gaussians", "own": "your own", "moons": "two moons"},
    )


class FlowExperiment(PlaneExperiment):
    """A normalizing flow on points of the plane."""

    picture: ClassVar[str] = "plane"


class NICEExperiment(FlowExperiment):
    """Additive couplings, which keep areas."""

    family: Literal["nice"] = "nice"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = _rate(2e-3)
    steps: int = _steps(4000)
    hidden: int = _hidden(64)
    depth: int = _depth(6)


class NVPExperiment(FlowExperiment):
    """The lecture's network and settings: hidden 2, depth 4, Adam 1e-2, batch 100."""

    family: Literal["nvp"] = "nvp"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = _points(100)
    learning_rate: float = _rate(1e-2)
    steps: int = _steps(4000)
    hidden: int = _hidden(2)
    depth: int = _depth(4)


class RealNVPExperiment(FlowExperiment):
    """Affine couplings with networks of two hidden layers."""

    family: Literal["realnvp"] = "realnvp"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = _rate(5e-3)
    steps: int = _steps(4000)
    hidden: int = _hidden(64)
    depth: int = _depth(8)


class SplineExperiment(FlowExperiment):
    """Rational-quadratic spline couplings."""

    family: Literal["spline"] = "spline"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth", "bins")
    batch_size: int = _points(512)
    learning_rate: float = _rate(5e-3)
    steps: int = _steps(2400)
    hidden: int = _hidden(64)
    depth: int = _depth(4)
    bins: int = number(8, "bins", "Pieces of each spline between −4 and 4.", 2, 32)


class PlanarExperiment(FlowExperiment):
    """Planar layers."""

    family: Literal["planar"] = "planar"
    architecture_fields: ClassVar[tuple[str, ...]] = ("depth",)
    learning_rate: float = _rate(1e-2)
    steps: int = _steps(4000)
    depth: int = _depth(16)


class RadialExperiment(FlowExperiment):
    """Radial layers."""

    family: Literal["radial"] = "radial"
    architecture_fields: ClassVar[tuple[str, ...]] = ("depth",)
    learning_rate: float = _rate(1e-2)
    steps: int = _steps(4000)
    depth: int = _depth(16)


class MAFExperiment(FlowExperiment):
    """Masked autoregressive flow."""

    family: Literal["maf"] = "maf"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = _points(512)
    learning_rate: float = _rate(5e-3)
    steps: int = _steps(3500)
    hidden: int = _hidden(64)
    depth: int = _depth(5)


class IAFExperiment(FlowExperiment):
    """Inverse autoregressive flow: its density takes a pass for each coordinate, so training is slower."""

    family: Literal["iaf"] = "iaf"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = _rate(5e-3)
    steps: int = _steps(2500)
    hidden: int = _hidden(64)
    depth: int = _depth(5)


class LineExperiment(PointsExperiment):
    """The lecture's piecewise linear flow on the line."""

    picture: ClassVar[str] = "line"
    family: Literal["piecewise"] = "piecewise"
    architecture_fields: ClassVar[tuple[str, ...]] = ("pieces",)

    dataset: Literal["bumps", "uniform", "triangle", "exponential", "steps", "own"] = choice(
        "bumps",
        "density μ",
        "Of the data, on [−4, 4]; your own: drawn by hand.",
        labels={"bumps": "two bumps", "own": "your own"},
    )
    learning_rate: float = _rate(1e-2)
    steps: int = _steps(4000)
    pieces: int = number(50, "pieces", "Straight pieces of the map between −4 and 4.", 2, 200)


LOSSES = ("minimax", "non-saturating", "least-squares", "wasserstein", "wasserstein-gp", "hinge")


class AdversarialExperiment(Experiment):
    """Two players: a generator G makes data of noise, a discriminator D tells them from real ones."""

    unit: ClassVar[Unit] = Unit("loss", 1.0)
    curve: ClassVar[tuple[str, str]] = ("D", "G")
    players: ClassVar[tuple[str, ...]] = ("D", "G")
    momentum: ClassVar[float] = 0.5  # Adam's β₁
    clip: ClassVar[float] = 0.01  # largest absolute weight of a clipped critic
    penalty: ClassVar[float] = 10.0  # λ, the weight of the gradient penalty

    loss: Literal["minimax", "non-saturating", "least-squares", "wasserstein", "wasserstein-gp", "hinge"] = choice(
        "non-saturating",
        "loss",
        "What the players play for: the likelihood of D's verdicts (minimax; non-saturating for G), the squared "
        "distance to a target, or a difference of scores, whose slope clipped weights or a gradient penalty bound.",
        labels={
            "least-squares": "least squares",
            "wasserstein": "Wasserstein, clipped",
            "wasserstein-gp": "Wasserstein, gradient penalty",
        },
    )
    k: int = number(
        1, "k", "Moves of the discriminator for each move of the generator; a clipped critic needs about 5.", 1, 10
    )


class PlaneGANExperiment(PlaneExperiment, AdversarialExperiment):
    """A GAN on points of the plane, from noise of two dimensions."""

    unit: ClassVar[Unit] = Unit("loss", 1.0)
    picture: ClassVar[str] = "game"
    clip: ClassVar[float] = 0.2
    penalty: ClassVar[float] = 1.0
    family: Literal["gan-2d"] = "gan-2d"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = _points(128)
    learning_rate: float = _rate(1e-3)
    steps: int = _steps(12_000)
    hidden: int = _hidden(64)
    depth: int = number(2, "hidden layers", "Of each player.", 1, 4)


class ImageGANExperiment(AdversarialExperiment, ImageExperiment):
    """A GAN on grey images."""

    latent: int = number(100, "dimensions of z", "Of the noise that the generator starts from.", 1, 256)
    conditional: bool = choice(
        False,
        "class-conditional",
        "Both players are told the class: the generator draws the digit that it is asked for.",
    )


class VanillaGANExperiment(ImageGANExperiment):
    """Fully connected: z → 128 → pixels → 128 → a verdict; Adam with rate 1e-3 and batches of 64."""

    momentum: ClassVar[float] = 0.9
    family: Literal["gan"] = "gan"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "latent", "hidden", "conditional")
    batch_size: int = number(64, "batch", _BATCH, 1, 512)
    learning_rate: float = _rate(1e-3)
    steps: int = _steps(20_000)
    hidden: int = _hidden(128)


class DCGANExperiment(ImageGANExperiment):
    """Convolutional."""

    family: Literal["dcgan"] = "dcgan"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "latent", "channels", "conditional")
    batch_size: int = number(64, "batch", _BATCH, 1, 512)
    learning_rate: float = _rate(1e-3)
    steps: int = _steps(4000)
    latent: int = number(64, "dimensions of z", "Of the noise that the generator starts from.", 1, 256)
    channels: int = number(16, "channels", "Feature maps next to the image; twice as many one level deeper.", 4, 128)
