"""Flows on images, by hand and by autograd, in float64 on small images with random weights."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.functional import jacobian

from genlab.errors import OutsideDomain
from genlab.layers.image_flow import (
    ActNorm,
    ChannelCoupling,
    CheckerboardCoupling,
    ImageLayer,
    Invertible1x1,
    Squeeze,
)
from genlab.models.glow import Glow
from genlab.models.image_flow import ImageFlow
from genlab.models.realnvp_images import RealNVPImages

MODELS: dict[str, tuple[type[ImageFlow], dict[str, Any]]] = {
    "realnvp": (RealNVPImages, {"channels": 5}),
    "glow": (Glow, {"channels": 5, "depth": 2}),
    "glow by class": (Glow, {"channels": 5, "depth": 2, "conditional": True}),
}


def model(name: str, size: int = 4, levels: int = 17) -> ImageFlow:
    kind, options = MODELS[name]
    torch.manual_seed(0)
    made = kind(size=size, levels=levels, **options).double()
    with torch.no_grad():
        for weight in made.parameters():
            weight += 0.05 * torch.randn_like(weight)
    return made


def labels(made: ImageFlow, n: int) -> Tensor | None:
    return torch.arange(n) % 10 if made.conditional else None


def images(n: int, size: int = 4, seed: int = 3) -> Tensor:
    return torch.rand(n, 1, size, size, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", MODELS)
def test_log_determinants_are_those_of_autograd(name: str) -> None:
    made, v = model(name), images(3)
    told = labels(made, 3)
    z, log_det = made(v, told)
    for k in range(3):
        one = None if told is None else told[k : k + 1]
        slope = jacobian(lambda x, one=one: made(x, one)[0].flatten(), v[k : k + 1]).reshape(16, 16)
        torch.testing.assert_close(torch.linalg.slogdet(slope)[1], log_det[k])
    assert z.shape == (3, 16)


@pytest.mark.parametrize("size", [4, 8, 14])
@pytest.mark.parametrize("name", MODELS)
def test_an_image_comes_back_from_its_noise_and_noise_from_its_image(name: str, size: int) -> None:
    made, v = model(name, size), images(3, size)
    told = labels(made, 3)
    torch.testing.assert_close(made.inverse(made(v, told)[0], told), v, atol=1e-9, rtol=0)
    z = made.noise(3, torch.Generator().manual_seed(0))
    *_, (y, _) = made.generation(z, told)
    torch.testing.assert_close(made(made.intensities(y), told)[0], z, atol=1e-6, rtol=0)


def layers() -> dict[str, ImageLayer]:
    torch.manual_seed(1)
    made: dict[str, ImageLayer] = {
        "squeeze": Squeeze(),
        "actnorm": ActNorm(2),
        "1x1": Invertible1x1(2),
        "even": CheckerboardCoupling(2, 4, 6, odd=False),
        "odd": CheckerboardCoupling(2, 4, 6, odd=True),
        "first half": ChannelCoupling(2, 6, swap=False),
        "second half": ChannelCoupling(2, 6, swap=True),
    }
    for layer in made.values():
        layer.double()
        for weight in layer.parameters():
            weight.data += 0.3 * torch.randn_like(weight)
    return made


@pytest.mark.parametrize("name", layers())
def test_each_layer_can_be_turned_round_and_knows_its_determinant(name: str) -> None:
    layer = layers()[name]
    x = torch.randn(2, 2, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y, log_det = layer(x)
    torch.testing.assert_close(layer.inverse(y), x)
    for k in range(2):
        slope = jacobian(lambda x: layer(x)[0].flatten(), x[k : k + 1]).reshape(32, 32)
        torch.testing.assert_close(torch.linalg.slogdet(slope)[1], log_det[k])


def test_a_squeeze_only_moves_numbers() -> None:
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    y, log_det = Squeeze()(x)
    assert y[0, :, 0, 0].tolist() == [0, 1, 4, 5]  # the 2×2 pixels of the corner
    assert sorted(y.flatten().tolist()) == list(range(16)) and log_det.item() == 0
    assert torch.equal(Squeeze().inverse(y), x)


@pytest.mark.parametrize(("odd", "corner"), [(False, 1.0), (True, 0.0)])
def test_what_a_checkerboard_keeps_stays_and_alone_decides(odd: bool, corner: float) -> None:
    layer = layers()["odd" if odd else "even"]
    assert isinstance(layer, CheckerboardCoupling) and layer.mask[0, 0, 0] == corner and layer.mask.mean() == 0.5
    x = torch.randn(1, 2, 4, 4, dtype=torch.float64)
    y, log_det = layer(x)
    kept = layer.mask.bool()
    assert torch.equal(y[0][kept], x[0][kept]) and not bool((y[0][~kept] == x[0][~kept]).any())
    _, other = layer(torch.where(kept, x, torch.randn_like(x)))
    torch.testing.assert_close(other, log_det)  # the scales hear nothing of what they scale


def test_an_actnorm_normalises_its_first_batch() -> None:
    layer, x = ActNorm(3).double(), torch.randn(5, 3, 2, 2, dtype=torch.float64) * 4 + 2
    x[:, 2] = 7.0  # a constant channel
    assert torch.equal(layer(x)[0], x)  # before it: the identity
    layer.begin(x)
    y, _ = layer(x)
    deviation, mean = torch.std_mean(y, (0, 2, 3), correction=0)
    torch.testing.assert_close(mean, torch.zeros(3).double(), atol=1e-12, rtol=0)
    torch.testing.assert_close(deviation, torch.tensor([1.0, 1.0, 0.0]).double())
    assert {name for name, _ in layer.named_buffers()} == {"mean", "deviation"}
    one = ActNorm(3)
    one.begin(torch.randn(1, 3, 1, 1))  # a batch of one number a channel
    assert bool(one(torch.randn(2, 3, 1, 1))[0].isfinite().all())


def test_a_mixing_of_channels_begins_as_a_rotation_and_is_the_product_of_its_parts() -> None:
    layer = Invertible1x1(6).double()
    torch.testing.assert_close(layer.weight() @ layer.weight().T, torch.eye(6).double(), atol=1e-5, rtol=0)
    layer.log_s.data += torch.randn(6).double()
    torch.testing.assert_close(torch.linalg.slogdet(layer.weight())[1], layer.log_s.sum())


@pytest.mark.parametrize("name", MODELS)
def test_the_density_is_that_of_the_noise_times_the_stretch_over_the_levels(name: str) -> None:
    made, generator = model(name, 8), torch.Generator().manual_seed(5)
    x = torch.randint(17, (3, 1, 8, 8), generator=torch.Generator().manual_seed(1))
    told = labels(made, 3)
    v = (x + torch.rand(x.shape, generator=torch.Generator().manual_seed(5)).double()) / 17
    z, log_det = made(v, told)
    by_hand = -0.5 * (z**2).sum(1) - 32 * math.log(2 * math.pi) + log_det - 64 * math.log(17)
    torch.testing.assert_close(made.log_prob(x, told, generator), by_hand)
    blocks = made.split(z)  # what has left early counts as the rest
    adds_up = sum(torch.distributions.Normal(0.0, 1.0).log_prob(block).flatten(1).sum(1) for block in blocks)
    torch.testing.assert_close(adds_up + log_det - 64 * math.log(17), by_hand)
    loss = made.loss(x, told, torch.Generator().manual_seed(5))
    torch.testing.assert_close(loss, -by_hand.mean() / 64)


def test_a_model_of_classes_is_their_mixture() -> None:
    made, x = model("glow by class", 8), torch.randint(17, (2, 1, 8, 8), generator=torch.Generator().manual_seed(1))

    def draws() -> torch.Generator:
        return torch.Generator().manual_seed(7)

    each = torch.stack([made.log_prob(x, torch.full((2,), c), draws()) for c in range(10)], 1)
    torch.testing.assert_close(made.class_log_probs(x, draws()), each)
    torch.testing.assert_close(made.log_prob(x, generator=draws()), (each.exp().mean(1)).log())


@pytest.mark.parametrize("name", MODELS)
def test_a_gradient_reaches_every_weight(name: str) -> None:
    made = model(name, 8)
    made.loss(torch.randint(17, (12, 1, 8, 8)), torch.arange(12) % 10, torch.Generator().manual_seed(0)).backward()
    for weight_name, weight in made.named_parameters():
        assert weight.grad is not None and bool((weight.grad != 0).any()), weight_name


@pytest.mark.parametrize("name", MODELS)
def test_levels_come_back_from_dequantised_ones_and_samples_are_levels(name: str) -> None:
    made, x = model(name, 8), torch.randint(17, (3, 1, 8, 8))
    assert torch.equal(made.grey(made.dequantize(x)), x)
    drawn = made.sample(3, torch.Generator().manual_seed(0))
    assert drawn.dtype == torch.int64 and drawn.shape == (3, 1, 8, 8) and bool(((drawn >= 0) & (drawn < 17)).all())
    first = made.sample(2, torch.Generator().manual_seed(0))
    assert torch.equal(first, drawn[:2])  # the same noise, however many
    cold = made.sample(2, temperature=0.0)
    assert made.conditional or torch.equal(cold[0], cold[1])


@pytest.mark.parametrize("name", MODELS)
def test_the_grid_holds_every_number_once(name: str) -> None:
    made = model(name, 8)
    z = torch.arange(64.0).double()[None]
    *left, h = made.split(z)
    assert sorted(made.grid(h, tuple(left)).flatten().tolist()) == list(range(64))
    y = made.logits(images(1, 8))[0]
    assert torch.equal(made.grid(y, ()), y[:, 0])


def test_what_is_no_image_or_no_noise_is_refused() -> None:
    made = model("realnvp")
    with pytest.raises(OutsideDomain, match="intensities from 0 to 1"):
        made(images(1) + 1)
    with pytest.raises(OutsideDomain, match="shape"):
        made(images(1, 8))
    with pytest.raises(OutsideDomain, match="noise has the shape"):
        made.inverse(torch.zeros(1, 15).double())
    with pytest.raises(ValueError, match="needs labels"):
        model("glow by class")(images(2))
    made.scales[0][0].s.data.fill_(800.0)  # type: ignore[union-attr, index]
    with pytest.raises(OutsideDomain, match="overflows"):
        made(images(1))
