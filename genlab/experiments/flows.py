"""Normalizing flows, on the plane and on the line."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from genlab.declaration import number
from genlab.experiments.base import Kind, Line, batch_field, hidden_field, rate_field, steps_field
from genlab.experiments.data import OnLine, OnPlane
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

_TERMS = ("step", "held-out", "kept")

FLOWS = Kind(
    name="flows",
    task="genlab.tasks.flows:Plane",
    canvas="plane",
    panels={"watch": "genlab.ui.flows.watch:plane", "look": "genlab.ui.flows.look:look"},
    beside="family",
    beside_help="A second flow that learns the same data in the same seconds, with its usual settings.",
    terms=("layer", "stretch", *_TERMS),
)
LINE = Kind(
    name="line",
    task="genlab.tasks.flows:Line",
    canvas="line",
    panels={"watch": "genlab.ui.flows.watch:on_line"},
    terms=_TERMS,
    same="quantiles of the noise",
)

_STRETCH = "**stretch** shows where areas grew or shrank since the noise: the density fell or rose by that factor."
_BENDS = "Press train: the map starts nearly straight, and bends until noise becomes the data."


def _depth(default: int) -> Any:
    return number(default, "layers", "How many invertible layers follow one another.", 1, 24)


class FlowExperiment(OnPlane, ByLikelihood):
    """A normalizing flow on points of the plane."""

    kind: ClassVar[Kind] = FLOWS

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return _BENDS


class NICEExperiment(FlowExperiment):
    """Additive couplings, which keep areas."""

    family: Literal["nice"] = "nice"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = rate_field(2e-3)
    steps: int = steps_field(4000)
    hidden: int = hidden_field(64)
    depth: int = _depth(6)

    def likelihood_lines(self) -> list[Line]:
        """As in ``Experiment``, and the bound that keeping all areas sets."""
        floor = math.log(2 * math.pi)
        return [*super().likelihood_lines(), Line(floor, f"least for NICE, log 2π: {floor:.3f}")]


class NVPExperiment(FlowExperiment):
    """The lecture's network and settings: hidden 2, depth 4, Adam 1e-2, batch 100."""

    family: Literal["nvp"] = "nvp"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = batch_field(100, "Points", 4096)
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(4000)
    hidden: int = hidden_field(2)
    depth: int = _depth(4)


class RealNVPExperiment(FlowExperiment):
    """Affine couplings with networks of two hidden layers."""

    family: Literal["realnvp"] = "realnvp"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = rate_field(5e-3)
    steps: int = steps_field(4000)
    hidden: int = hidden_field(64)
    depth: int = _depth(8)


class SplineExperiment(FlowExperiment):
    """Rational-quadratic spline couplings."""

    family: Literal["spline"] = "spline"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth", "bins")
    batch_size: int = batch_field(512, "Points", 4096)
    learning_rate: float = rate_field(5e-3)
    steps: int = steps_field(2400)
    hidden: int = hidden_field(64)
    depth: int = _depth(4)
    bins: int = number(8, "bins", "Pieces of each spline between −4 and 4.", 2, 32)


class PlanarExperiment(FlowExperiment):
    """Planar layers."""

    family: Literal["planar"] = "planar"
    architecture_fields: ClassVar[tuple[str, ...]] = ("depth",)
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(4000)
    depth: int = _depth(16)


class RadialExperiment(FlowExperiment):
    """Radial layers."""

    family: Literal["radial"] = "radial"
    architecture_fields: ClassVar[tuple[str, ...]] = ("depth",)
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(4000)
    depth: int = _depth(16)


class MAFExperiment(FlowExperiment):
    """Masked autoregressive flow."""

    family: Literal["maf"] = "maf"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    batch_size: int = batch_field(512, "Points", 4096)
    learning_rate: float = rate_field(5e-3)
    steps: int = steps_field(3500)
    hidden: int = hidden_field(64)
    depth: int = _depth(5)


class IAFExperiment(FlowExperiment):
    """Inverse autoregressive flow: its density takes a pass for each coordinate, so training is slower."""

    family: Literal["iaf"] = "iaf"
    architecture_fields: ClassVar[tuple[str, ...]] = ("hidden", "depth")
    learning_rate: float = rate_field(5e-3)
    steps: int = steps_field(2500)
    hidden: int = hidden_field(64)
    depth: int = _depth(5)


class LineExperiment(OnLine, ByLikelihood):
    """The lecture's piecewise linear flow on the line."""

    kind: ClassVar[Kind] = LINE
    family: Literal["piecewise"] = "piecewise"
    architecture_fields: ClassVar[tuple[str, ...]] = ("pieces",)

    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(4000)
    curve: ClassVar[tuple[str, str]] = ("train", "expected")  # held-out points stand for all: see line_points
    pieces: int = number(50, "pieces", "Straight pieces of the map between −4 and 4.", 2, 200)

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return _BENDS


TOPICS: tuple[Topic, ...] = (
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
        "A map from noise to data: the density thins out where it stretches the line. The simplest normalizing flow.",
        "Flows",
        "Fleuret, Deep learning, lecture 10.3",
        "show_chart",
        "genlab.models.piecewise:PiecewiseLinear",
        LineExperiment,
        "Each point of the noise slides straight to its place x = f̂⁻¹(z). Try: stop half way. Where f̂ is steep, "
        "points crowd together, and the density is high.",
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
        "Try: show **stretch**. It stays blank, and that is the result: no area changes. So **data → noise** makes no "
        "bell of the moons, only a small disc of the area that they have, denser than the noise ever is.",
    ),
    Family(
        "nvp",
        "Affine couplings",
        "NVPNet of Fleuret's lecture, non-volume-preserving: four masked couplings that can stretch too.",
        "Flows",
        "Fleuret, Deep learning, lecture 10.3",
        "open_in_full",
        "genlab.models.nvp:NVP",
        NVPExperiment,
        "Try: play **data → noise** and stop after each layer: one coordinate stays, the other is stretched and "
        "shifted. No round bell comes of the moons: 96 numbers are too few to close what lies between them.",
    ),
    Family(
        "realnvp",
        "Real NVP",
        "Twice as many couplings, with larger networks: noise bends into almost anything in half a minute.",
        "Flows",
        "Dinh, Sohl-Dickstein and Bengio 2017, Density estimation using Real NVP",
        "waves",
        "genlab.models.realnvp:RealNVP",
        RealNVPExperiment,
        f"Try: play **data → noise**: the pinwheel becomes the round bell of the noise. {_STRETCH}",
    ),
    Family(
        "planar",
        "Planar flow",
        "Each layer pushes the two sides of a line in opposite senses, along one direction.",
        "Flows",
        "Rezende and Mohamed 2015, Variational inference with normalizing flows",
        "horizontal_rule",
        "genlab.models.planar:Planar",
        PlanarExperiment,
        "Try: play **data → noise**: the outer ring dissolves, the inner ones stay rings, and no round bell comes. "
        f"Sixteen lines are too few to open them. {_STRETCH}",
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
        "Try: play **data → noise**: the eight clumps are drawn out into a star of eight rays, and no round bell "
        f"comes. {_STRETCH}",
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
        "Try: play **data → noise**: the checkerboard becomes the round bell of the noise, most of it in layer 1, the "
        f"first on this way. {_STRETCH}",
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
        "Try: play **data → noise**: the moons become the round bell of the noise. On this way one pass of the network "
        f"in each layer is enough. {_STRETCH}",
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
        "Try: play **data → noise**: the spirals become the round bell of the noise, but for a few cracks. This is "
        f"IAF's slow way; **noise → data** takes one pass of the network in each layer. {_STRETCH}",
    ),
)

ENTRIES = (
    Entry("piecewise-1d", "two bumps", LineExperiment()),
    Entry("nice-2d", "two moons", NICEExperiment()),
    Entry("nvp-2d", "two moons", NVPExperiment()),
    Entry("realnvp-2d", "pinwheel", RealNVPExperiment(dataset="pinwheel")),
    Entry("planar-2d", "rings", PlanarExperiment(dataset="rings")),
    Entry("radial-2d", "eight Gaussians", RadialExperiment(dataset="gaussians")),
    Entry("spline-2d", "checkerboard", SplineExperiment(dataset="checkerboard")),
    Entry("maf-2d", "two moons", MAFExperiment()),
    Entry("iaf-2d", "spirals", IAFExperiment(dataset="spirals")),
    Entry("spline-2d-gaussians", "eight Gaussians", SplineExperiment(dataset="gaussians")),
)
