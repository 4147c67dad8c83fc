"""Laws that every model of sequences obeys, in float64 with random weights."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch

from genlab.catalog import CATALOG
from genlab.generation import Request, generate
from genlab.layers.causal1d import CausalConv1d
from genlab.models import build
from genlab.models.gated_sequence import GaussianSequence
from genlab.models.netto1d import NetToy1d, NetToy1dWithDilation
from tests.models.zoo import SEQUENTIAL, random_sequence_model

PASSES = [name for name, (model, _) in SEQUENTIAL.items() if model.one_pass]


def sequences(n: int, length: int, levels: int) -> torch.Tensor:
    return torch.randint(levels, (n, 1, length), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("name", SEQUENTIAL)
@torch.no_grad()
def test_probabilities_of_all_sequences_add_up_to_one(name: str) -> None:
    every = torch.tensor(list(product(range(3), repeat=4)))[:, None]
    assert float(random_sequence_model(name, 4, 3).log_prob(every).exp().sum()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", SEQUENTIAL)
@torch.no_grad()
def test_a_perturbed_future_changes_the_past_by_exactly_nothing(name: str) -> None:
    model, x = random_sequence_model(name, 20, 4), sequences(2, 20, 4)
    before = model.logits(x)
    for t in (0, 1, 7, 18, 19):
        changed = x.clone()
        changed[:, :, t:] = (changed[:, :, t:] + 1) % 4
        after = model.logits(changed)
        assert torch.equal(after[..., : t + 1], before[..., : t + 1])
        assert t == 19 or not torch.equal(after, before)


@pytest.mark.parametrize("name", PASSES)
@torch.no_grad()
def test_written_place_by_place_is_the_same_as_in_one_pass(name: str) -> None:
    model, x = random_sequence_model(name, 40, 5), sequences(3, 40, 5)
    next_logits, whole = model.stepper(3), model.logits(x)
    for t in range(40):
        unknown = x.clone()
        unknown[:, :, t:] = 4
        torch.testing.assert_close(next_logits(t, unknown), whole[:, :, t], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_samples_are_the_steps_of_a_generation_and_keep_what_is_known(name: str) -> None:
    model = random_sequence_model(name, 9, 4)
    mask = torch.zeros(1, 1, 9, dtype=torch.bool)
    mask[..., [0, 1, 5]] = True
    known = sequences(1, 9, 4)
    request = Request(6, known, mask, generator=torch.Generator().manual_seed(3))
    drawn = model.sample(request)
    request.generator.manual_seed(3)
    steps = list(generate(model, request))
    assert torch.equal(drawn[:, 0], torch.stack([step.value for step in steps], 1))
    assert (drawn[..., [0, 1, 5]] == known[..., [0, 1, 5]]).all()
    assert [bool(step.known.all()) for step in steps] == mask.flatten().tolist()


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_gradients_reach_every_parameter(name: str) -> None:
    model = random_sequence_model(name, 20, 6)
    model.loss(sequences(50, 20, 6), None, torch.Generator().manual_seed(0)).backward()
    assert not [key for key, p in model.named_parameters() if p.grad is None or not bool((p.grad != 0).any())]


@pytest.mark.parametrize("name", PASSES)
@torch.no_grad()
def test_the_loss_is_minus_log_prob_a_place(name: str) -> None:
    model, x = random_sequence_model(name, 12, 5), sequences(3, 12, 5)
    loss = float(model.loss(x, None, torch.Generator()))
    assert loss == pytest.approx(-float(model.log_prob(x).mean()) / 12, rel=1e-12)


@torch.no_grad()
def test_the_masked_networks_loss_is_unbiased() -> None:
    model, x = random_sequence_model("masked-net", 4, 3), sequences(1, 4, 3)
    loss = float(model.loss(x.expand(4000, -1, -1), None, torch.Generator().manual_seed(5)))
    assert loss == pytest.approx(-float(model.log_prob(x)) / 4, rel=0.03)


@pytest.mark.parametrize(("kernel", "dilation", "shift"), [(1, 1, 0), (2, 1, 0), (2, 4, 0), (3, 2, 1), (1, 1, 2)])
@torch.no_grad()
def test_a_causal_convolution_is_its_equation(kernel: int, dilation: int, shift: int) -> None:
    torch.manual_seed(0)
    layer = CausalConv1d(2, 3, kernel, dilation=dilation, shift=shift).double()
    x = torch.randn(2, 2, 11).double()
    y = layer(x)
    for t in range(11):
        by_hand = layer.bias.expand(2, -1).clone()
        for tap in range(kernel):
            if (s := t - shift - (kernel - 1 - tap) * dilation) >= 0:
                by_hand += x[:, :, s] @ layer.weight[:, :, tap].t()
        torch.testing.assert_close(y[:, :, t], by_hand, rtol=0, atol=1e-12)


def test_the_networks_are_the_lectures() -> None:
    shapes = [tuple(p.shape) for p in build(CATALOG["masked-net-toy"].experiment).parameters() if p.dim() > 1]
    assert shapes == [(32, 2, 5), (64, 32, 5), (200, 320), (64, 200)]
    for name, kind, steps in (
        ("netto1d-toy", NetToy1d, [1] * 4),
        ("netto1d-dilated-toy", NetToy1dWithDilation, [2, 4, 8, 16]),
    ):
        model = build(CATALOG[name].experiment)
        assert type(model) is kind
        assert [tuple(p.shape) for p in model.parameters() if p.dim() > 1] == [
            (32, 1, 1),
            *[(32, 32, 2)] * 4,
            (64, 32, 1),
        ]
        assert [layer.dilation[0] for layer in model.inner] == steps


@pytest.mark.parametrize(("kind", "past"), [(NetToy1d, {1, 2, 3, 4, 5}), (NetToy1dWithDilation, set(range(1, 32, 2)))])
def test_what_a_prediction_can_see_of_the_past(kind: type[NetToy1d], past: set[int]) -> None:
    torch.manual_seed(0)
    model = kind(40, 5).double()
    for parameter in model.parameters():
        parameter.data.abs_()  # every path adds to the sum: nothing cancels, no unit is silent
    x = torch.full((1, 1, 40), 4)
    seen = set()
    with torch.no_grad():
        before = model.logits(x)[:, :, 39]
        for s in range(40):
            other = x.clone()
            other[:, :, s] = 3
            if not torch.equal(model.logits(other)[:, :, 39], before):
                seen.add(39 - s)
    assert seen == past


@torch.no_grad()
def test_a_gaussian_over_levels_is_the_difference_of_its_distribution_function() -> None:
    model = random_sequence_model("gaussian-sequence", 6, 7)
    assert isinstance(model, GaussianSequence)
    said = torch.tensor([[[0.3, -0.8, 0.0, 9.0], [-1.0, 0.5, -6.0, -2.0]]]).double()  # (1, 2, 4)
    mean, deviation = model.moments(said)
    p = model.posterior(said).exp()[0]
    for t in range(4):
        normal = torch.distributions.Normal(mean[0, 0, t], deviation[0, 0, t])
        edges = normal.cdf(torch.arange(6).double() + 0.5)
        by_hand = torch.cat([edges[:1], edges.diff(), 1 - edges[-1:]])
        torch.testing.assert_close(p[:, t], by_hand, rtol=0, atol=1e-12)
    assert model.posterior(said).isfinite().all()  # even where nothing of it can be told from 0
    assert float(mean[0, 0, 2]) == 3
    assert math.isclose(float(deviation[0, 0, 0]), 7 / 8 * math.exp(-1))
