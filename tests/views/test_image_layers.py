"""What is seen inside flows on images: masks by hand, determinants by elimination, directions by the classes' means."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.catalog import CATALOG
from genlab.data.drawing import examples
from genlab.experiments.image_flows import ImageFlowExperiment
from genlab.models import build
from genlab.models.glow import Glow
from genlab.models.image_flow import ImageFlow
from genlab.models.realnvp_images import RealNVPImages
from genlab.views.image_layers import KEPT, coupling, depths, direction, mixing
from genlab.views.limits import STEPS

# Of 4×4 pixels: k is kept, c changes, and . has left. A squeeze makes channels of the corners of 2×2 pixels, so the
# first half of them are the even rows.
EVEN, ODD = ["kckc", "ckck", "kckc", "ckck"], ["ckck", "kckc", "ckck", "kckc"]
FIRST, SECOND = ["kkkk", "cccc", "kkkk", "cccc"], ["cccc", "kkkk", "cccc", "kkkk"]
COARSE, OTHER = ["kkcc", "....", "cckk", "...."], ["cckk", "....", "kkcc", "...."]
BY_HAND = [EVEN, ODD, EVEN, FIRST, SECOND, FIRST, COARSE, OTHER, COARSE, OTHER]


def random(made: ImageFlow) -> ImageFlow:
    with torch.no_grad():
        for weight in made.parameters():
            weight += 0.05 * torch.randn_like(weight)
    return made.double().eval()


@pytest.fixture
def nvp() -> ImageFlow:
    """Of 4×4 images, for which there are no examples."""
    torch.manual_seed(0)
    return random(RealNVPImages(size=4, levels=17, channels=5))


def glow(conditional: bool = True) -> Glow:
    torch.manual_seed(0)
    made = Glow(size=8, levels=17, channels=6, depth=2, conditional=conditional)
    random(made)
    if conditional:
        with torch.no_grad():
            made.class_mean.normal_()
            made.class_log_scale.normal_(0, 0.2)
    return made


@pytest.mark.parametrize("layer", range(10))
def test_masks_are_laid_back_onto_the_image_as_by_hand(nvp: ImageFlow, layer: int) -> None:
    seen = coupling(nvp, layer)
    assert ["".join("kc."[role] for role in row) for row in seen.arrays["roles"]] == BY_HAND[layer]
    assert seen.meta["counts"] == ([8, 8, 0] if layer < 6 else [4, 4, 8])
    assert seen.meta["scale"] == (layer >= 6) and seen.meta["scales"] == 2
    assert seen.meta["checkerboard"] == (layer not in (3, 4, 5)) and seen.meta["leaves"] == (layer == 5)
    with pytest.raises(ValueError, match="couplings 0 to 9, not 10"):
        coupling(nvp, 10)


@pytest.mark.parametrize("layer", range(10))
def test_log_scale_and_shift_say_what_becomes_of_every_number(nvp: ImageFlow, layer: int) -> None:
    seen = coupling(nvp, layer)
    x, y, s, t = (seen.arrays[name].astype(float) for name in ("before", "after", "s", "t"))
    assert np.allclose(y, x * np.exp(s) + t, atol=1e-5)
    changes = seen.arrays["roles"] == KEPT + 1
    assert not s[~changes].any() and not t[~changes].any() and s[changes].all() and t[changes].all()
    assert seen.meta["log_det"] == pytest.approx(s.sum(), abs=1e-5)


def test_with_the_last_coupling_the_log_determinant_is_that_of_the_flow(nvp: ImageFlow) -> None:
    seen = coupling(nvp, 9)
    x = torch.from_numpy(seen.arrays["image"])[None, None]
    v = nvp.dequantize(x, torch.Generator().manual_seed(0))
    with torch.no_grad():
        z, log_det = nvp(v)
        y, of_logit = nvp.logits(v)
    assert seen.meta["total"] == pytest.approx(float(log_det - of_logit))
    assert np.allclose(np.sort(seen.arrays["after"], None), np.sort(z.numpy(), None), atol=1e-5)
    assert np.allclose(coupling(nvp, 0).arrays["before"][1, 2], _after_actnorm(nvp, y)[1, 2], atol=1e-5)


def _after_actnorm(nvp: ImageFlow, y: torch.Tensor) -> np.ndarray:
    norm = nvp.chain()[0][0]
    return ((y - norm.mean) / norm.deviation * norm.s.exp() + norm.b)[0, 0].detach().numpy()


def test_an_example_digit_is_looked_at_as_it_is() -> None:
    seen = coupling(glow(), 0, "7")
    assert np.array_equal(seen.arrays["image"], examples(8)["7"].levels(17))
    with pytest.raises(ValueError, match="no example"):
        coupling(glow(), 0, "11")


@pytest.mark.parametrize("step", range(4))
def test_the_determinant_of_a_matrix_is_that_of_elimination(step: int) -> None:
    made = glow()
    seen = mixing(made, step)
    weight = seen.arrays["weight"].astype(float)
    sign, log_det = np.linalg.slogdet(weight)
    assert sign != 0 and seen.meta["log_det"] == pytest.approx(log_det, abs=1e-5) and seen.meta["gap"] < 1e-12
    u, s, v = np.linalg.svd(weight)
    assert seen.meta["singular"] == pytest.approx(list(s), abs=1e-5)
    assert seen.meta["away"] == pytest.approx(np.linalg.norm(weight - u @ v), abs=1e-5) and seen.meta["away"] > 0.01
    assert np.allclose(seen.arrays["gram"], weight.T @ weight - np.eye(len(weight)), atol=1e-5)
    norm, mix = (made.chain()[step // 2][1 + 3 * (step % 2) + k] for k in range(2))
    x = torch.randn(1, len(weight), 2, 2, dtype=torch.float64)
    with torch.no_grad():
        assert np.allclose(seen.arrays["scale"], (norm(x + 1)[0] - norm(x)[0])[0, :, 0, 0], atol=1e-5)
        assert np.allclose(weight @ x[0, :, 1, 0].numpy(), mix(x)[0][0, :, 1, 0], atol=1e-5)
        whole = mix(x.new_zeros(1, len(weight), *[8 >> step // 2 + 1] * 2))[1]
    assert seen.meta["places"] * seen.meta["log_det"] == pytest.approx(float(whole))
    with pytest.raises(ValueError, match="in 4 steps, and 5 is none"):
        mixing(made, 4)


def test_a_matrix_begins_as_a_rotation() -> None:
    torch.manual_seed(3)
    seen = mixing(Glow(size=8, levels=17, depth=1), 1)
    assert np.abs(seen.arrays["gram"]).max() < 1e-5 and abs(seen.meta["log_det"]) < 1e-5 and seen.meta["away"] < 1e-5


def test_no_step_along_a_direction_gives_the_image_back() -> None:
    seen = direction(glow(), a=4, b=9)
    middle = STEPS.index(0.0)
    assert np.array_equal(seen.arrays["images"][1, middle], examples(8)["9"].levels(17))
    assert np.allclose(seen.arrays["posterior"].sum(-1), 1, atol=1e-5)
    assert len({image.tobytes() for image in seen.arrays["images"][1]}) == len(STEPS)
    still = direction(glow(), a=9, b=9).arrays["images"]
    assert (still == still[:, :1]).all()


def test_a_whole_step_gives_a_sample_the_mean_of_the_other_class() -> None:
    """μ_b + σ_b z + (μ_a − μ_b) = μ_a + σ_a z′ with z′ = z σ_b / σ_a, in the coarsest block alone."""
    made, a, b = glow(), 4, 9
    z = made.noise(1, torch.Generator().manual_seed(5))
    with torch.no_grad():
        ratio = (made.class_log_scale[b] - made.class_log_scale[a]).exp().flatten()
        z[:, -len(ratio) :] *= ratio
        expected = made.grey(made.inverse(z, torch.tensor([a])))[0, 0]
    seen = direction(made, a, b, seed=5)
    assert np.array_equal(seen.arrays["images"][0, STEPS.index(1.0)], expected)


def test_a_model_without_classes_has_no_direction() -> None:
    with pytest.raises(ValueError, match="class-conditional"):
        direction(glow(conditional=False), 4, 9)


@pytest.mark.parametrize(
    "name", [name for name, entry in CATALOG.items() if isinstance(entry.experiment, ImageFlowExperiment)]
)
def test_every_flow_on_images_of_the_catalogue_can_be_looked_at(name: str) -> None:
    made = build(CATALOG[name].experiment).eval()
    counts = depths(made).meta
    for layer in (0, counts["couplings"] - 1):
        seen = coupling(made, layer, "3")
        assert all(np.isfinite(array).all() for array in seen.arrays.values())
        assert sum(seen.meta["counts"]) == made.dim
    for step in {0, counts["mixings"] - 1} if counts["mixings"] else ():
        assert np.isfinite(mixing(made, step).arrays["weight"]).all()
