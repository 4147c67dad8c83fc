"""Round trips: errors that are known, and those of the flows of the catalogue."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

import genlab
from genlab.catalog import CATALOG
from genlab.experiments.flows import FlowExperiment
from genlab.experiments.image_flows import ImageFlowExperiment
from genlab.figures import inverse as figures
from genlab.figures.colours import LIGHT
from genlab.layers.image_flow import ActNorm
from genlab.models import build
from genlab.models.flow import Flow, FlowLayer
from genlab.views.inverse import RADII, TEMPERATURES, on_images, on_plane
from tests.models.test_image_flows import MODELS, model

SHIPPED = [n for n, e in CATALOG.items() if e.shipped and isinstance(e.experiment, FlowExperiment)]
ON_IMAGES = [n for n, e in CATALOG.items() if isinstance(e.experiment, ImageFlowExperiment)]
FAR = RADII.index(figures.FAR)


class Off(FlowLayer):
    """Undone, it lands half a unit beside."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x, x.new_zeros(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        return y + torch.tensor([0.3, -0.4]).to(y)


class Large(FlowLayer):
    """Times 10³⁸: from a radius of 3.4 on more than float32 can say."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x * 1e38, x.new_zeros(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        return y / 1e38


def flow(layer: FlowLayer) -> Flow:
    made = Flow(2, [layer])
    made.anchor = torch.nn.Parameter(torch.zeros(1))  # its type is that of the numbers
    return made


def test_errors_are_distances() -> None:
    seen = on_plane(flow(Off()), "moons", count=30)
    for name in ("data", "noise"):
        assert seen.arrays[name].shape == (3, len(RADII)) and np.allclose(seen.arrays[name], 0.5, atol=1e-5)
    assert seen.meta["held_out"] == pytest.approx(0.5, abs=1e-5)
    assert math.exp(-(seen.meta["within"]["noise"] ** 2) / 2) == pytest.approx(0.01)  # P(|z| > r) in the plane


def test_a_number_that_overflows_is_an_error_without_end_in_float32_alone() -> None:
    seen = on_plane(flow(Large()), "moons", count=30)
    most, exact = seen.arrays["data"][1:]
    assert np.isinf(most[np.array(RADII) > 5]).all() and (most[np.array(RADII) < 3] < 1e-5).all()
    assert (exact < 1e-9).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_flows_come_back_on_the_data_and_in_float64(name: str) -> None:
    experiment = CATALOG[name].experiment
    seen = on_plane(genlab.load(name), experiment.dataset)
    assert all(np.isfinite(array).all() for array in seen.arrays.values())
    for way in ("data", "noise"):
        median, most, exact = seen.arrays[way]
        assert (median <= most).all() and exact.max() < 1e-4
        near = np.array(RADII) <= seen.meta["within"][way]
        assert exact[near].max() < 1e-9 and median[near].max() < 1e-4
    assert 0 < seen.meta["held_out"] < 1e-4


def test_far_from_the_data_the_inverse_of_real_nvp_explodes_and_that_of_nice_does_not() -> None:
    """As the pages of Real NVP and of spline flows say."""
    nvp, spline, nice = (
        on_plane(genlab.load(f"{n}-2d"), CATALOG[f"{n}-2d"].experiment.dataset) for n in ("realnvp", "spline", "nice")
    )
    most = nvp.arrays["data"][1]
    assert most[FAR] > 1 > 1e-2 > most[RADII.index(2.0)] and nvp.arrays["data"][2][FAR] < 1e-6
    assert spline.arrays["data"][1][FAR] > 0.5 and spline.arrays["data"][2][FAR] < 1e-6
    assert spline.arrays["data"][1][RADII.index(0.5)] > 1e-3
    assert nice.arrays["data"][1].max() < 1e-2
    assert "explodes" in figures.on_plane(*nvp, LIGHT)[0] and "in practice too" in figures.on_plane(*nice, LIGHT)[0]


@pytest.mark.parametrize("name", MODELS)
def test_noise_of_images_comes_back_in_float64_and_what_is_cut_off_is_black_or_white(name: str) -> None:
    made = model(name, 8)
    norm = next(layer for layers in made.chain() for layer in layers if isinstance(layer, ActNorm))
    norm.deviation.mul_(5)  # the logits of hot noise leave the range of grey levels
    seen = on_images(made.float(), count=2)
    hot = TEMPERATURES.index(6.0)
    assert seen.arrays["noise"][2].max() < 1e-6 and seen.arrays["image"][2].max() < 1e-6
    assert seen.arrays["noise"][1][0] < 1e-3 and seen.meta["digits"] < 1e-2
    made.double()
    eps = torch.randn(2, made.dim, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    with torch.no_grad():
        v = made.inverse(6 * eps, torch.arange(2) if made.conditional else None)
    assert seen.arrays["cut"][hot] == pytest.approx(float(((v == 0) | (v == 1)).double().mean()))
    assert seen.arrays["cut"][hot] > 0


@pytest.mark.parametrize("name", [name for name in ON_IMAGES if CATALOG[name].shipped])
def test_the_shipped_flows_on_images_come_back_where_they_have_learnt(name: str) -> None:
    seen = on_images(genlab.load(name))
    learnt = TEMPERATURES.index(1.0)
    assert seen.arrays["noise"][2][learnt] < 1e-8 and seen.arrays["image"][1][learnt] < 0.5
    assert seen.meta["digits"] < 0.5
    assert all(np.isfinite(array[:, : learnt + 1]).all() for array in (seen.arrays["noise"], seen.arrays["image"]))


@pytest.mark.parametrize("name", [name for name in ON_IMAGES if CATALOG[name].experiment.model_dump()["size"] == 8])
def test_flows_on_images_before_their_training_come_back_at_any_temperature(name: str) -> None:
    seen = on_images(build(CATALOG[name].experiment).eval(), count=2)
    assert all(np.isfinite(array).all() for array in seen.arrays.values())
