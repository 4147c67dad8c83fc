"""The comparison of four families, and the two densities of the plane that have no other page."""

from __future__ import annotations

from typing import ClassVar, Literal

from genlab.declaration import number
from genlab.experiments.base import Kind, hidden_field, rate_field, steps_field
from genlab.experiments.data import OnPlane
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

GRID = Kind(name="grid", task="genlab.tasks.densities:OnGrid", canvas="cloud", panels={})
PLANE_VAE = Kind(name="plane-vae", task="genlab.tasks.densities:OfVAE", canvas="cloud", panels={})


class GridExperiment(OnPlane, ByLikelihood):
    """Column and row of a grid, the row given the column."""

    kind: ClassVar[Kind] = GRID
    family: Literal["grid"] = "grid"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "layers", "bins")
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(4000)
    hidden: int = hidden_field(128)
    layers: int = number(1, "hidden layers", "Masked layers between the cells and the logits.", 1, 4)
    bins: int = number(128, "cells", "On each side of the grid, which covers [−4, 4]².", 4, 256)


class PlaneVAEExperiment(OnPlane, ByLikelihood):
    """A VAE with normal distributions on both ways."""

    kind: ClassVar[Kind] = PLANE_VAE
    family: Literal["vae-2d"] = "vae-2d"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "latent")
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(6000)
    hidden: int = hidden_field(64)
    latent: int = number(2, "dimensions of z", "Of the noise that the decoder starts from.", 1, 8)


TOPICS: tuple[Topic, ...] = (
    Topic(
        "comparison",
        "Comparison",
        "Four families learn the same data for the same seconds, side by side: what each one makes, knows and costs.",
        "Four families",
        "Weng 2018, Flow-based deep generative models (Fig. 1)",
        "compare",
    ),
    Family(
        "grid",
        "MADE on a grid",
        "The column of a point first, then its row: two categorical distributions, the second one told the first.",
        "",
        "Germain et al. 2015, MADE: Masked autoencoder for distribution estimation",
        "grid_4x4",
        "genlab.models.grid:Grid",
        GridExperiment,
    ),
    Family(
        "vae-2d",
        "VAE on the plane",
        "An encoder guesses which noise a point came from, a decoder makes points of noise; both are normal.",
        "",
        "Kingma and Welling 2014, Auto-encoding variational Bayes",
        "blur_on",
        "genlab.models.plane_vae:PlaneVAE",
        PlaneVAEExperiment,
    ),
)

ENTRIES = (
    Entry("vae-2d", "eight Gaussians", PlaneVAEExperiment(dataset="gaussians")),
    Entry("grid-2d", "eight Gaussians", GridExperiment(dataset="gaussians")),
)
