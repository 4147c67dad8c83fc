"""Laws of WaveNet, in float64 with random weights."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from genlab.generation import Request, generate
from genlab.models.wavenet import WaveNet, Writer
from genlab.views.sound import write
from tests.models.zoo import randomised


def net(length: int, levels: int, classes: int = 0, **options: int) -> WaveNet:
    sizes = {"channels": 4, "skips": 5, "stacks": 1, "layers": 3} | options
    return randomised(WaveNet(length, levels, classes=classes, **sizes), 0)


def sounds(n: int, length: int, levels: int) -> torch.Tensor:
    return torch.randint(levels, (n, 1, length), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("classes", [0, 3])
@torch.no_grad()
def test_probabilities_of_all_sounds_add_up_to_one(classes: int) -> None:
    every = torch.tensor(list(product(range(3), repeat=4)))[:, None]
    labels = torch.full((len(every),), 2) if classes else None
    assert float(net(4, 3, classes).log_prob(every, labels).exp().sum()) == pytest.approx(1, abs=1e-12)


@torch.no_grad()
def test_a_perturbed_future_changes_the_past_by_exactly_nothing() -> None:
    model, x, labels = net(30, 6, 2), sounds(2, 30, 6), torch.tensor([0, 1])
    before = model.logits(x, labels)
    for t in (0, 1, 13, 29):
        changed = x.clone()
        changed[:, :, t:] = (changed[:, :, t:] + 1) % 6
        after = model.logits(changed, labels)
        assert torch.equal(after[..., : t + 1], before[..., : t + 1])
        assert t == 29 or not torch.equal(after, before)


@torch.no_grad()
def test_a_prediction_sees_its_whole_field_and_nothing_else() -> None:
    model, x = net(40, 6, stacks=2, skips=24), sounds(1, 40, 6)
    assert model.field == 15
    before = model.logits(x)[..., 39]
    moved = []
    for s in range(40):
        other = x.clone()
        other[..., s] = (other[..., s] + 1) % 6
        moved.append(not torch.equal(model.logits(other)[..., 39], before))
    assert moved == [39 - 15 <= s < 39 for s in range(40)]


@pytest.mark.parametrize(("options", "length"), [({}, 60), ({"stacks": 2, "layers": 4}, 80)])
@torch.no_grad()
def test_written_sample_by_sample_is_the_same_as_in_one_pass(options: dict[str, int], length: int) -> None:
    model, x, labels = net(length, 7, 3, **options), sounds(3, length, 7), torch.tensor([2, 0, 1])
    next_logits, whole = model.stepper(3, labels), model.logits(x, labels)
    for t in range(length):
        unknown = x.clone()
        unknown[:, :, t:] = 6
        torch.testing.assert_close(next_logits(t, unknown), whole[:, :, t], rtol=0, atol=1e-9)


def test_samples_are_the_steps_of_a_generation_and_keep_what_is_known() -> None:
    model, mask = net(9, 4, 2), torch.zeros(1, 1, 9, dtype=torch.bool)
    mask[..., [0, 1, 5]] = True
    known, labels = sounds(1, 9, 4), torch.tensor([0, 1, 0, 1])
    request = Request(4, known, mask, labels, generator=torch.Generator().manual_seed(3))
    drawn = model.sample(request)
    request.generator.manual_seed(3)
    steps = list(generate(model, request))
    assert torch.equal(drawn[:, 0], torch.stack([step.value for step in steps], 1))
    assert (drawn[..., [0, 1, 5]] == known[..., [0, 1, 5]]).all()


@pytest.mark.parametrize("temperature", [1.0, 0.6])
def test_what_is_written_fast_is_what_is_generated(temperature: float) -> None:
    model, labels = net(25, 8, 3), torch.tensor([0, 2, 1])
    seed = torch.Generator().manual_seed
    fast = write(model, labels, 25, seed(7), temperature)
    uniforms = torch.rand(3, 25, generator=seed(7))
    steps = list(generate(model, labels=labels, uniforms=uniforms, temperature=temperature))
    assert (fast == torch.stack([step.value for step in steps], 1).numpy()).all()
    told = write(model, labels, 25, seed(7), temperature, probabilities=True)
    np.testing.assert_allclose(told, torch.stack([step.log_probs for step in steps], 1).exp().numpy(), atol=1e-9)


@torch.no_grad()
def test_a_layer_is_its_equation() -> None:
    model, h = net(6, 4, 2), torch.randn(1, 4, 12, generator=torch.Generator().manual_seed(0)).double()
    layer, d = model.layers[1], 2
    gate, told = layer.gate, layer.told.weight[1]
    out, z = layer(h, torch.tensor([1]))
    for t in range(12):
        older = h[0, :, t - d] if t >= d else torch.zeros(4).double()
        both = gate.weight[:, :, 0] @ older + gate.weight[:, :, 1] @ h[0, :, t] + gate.bias + told
        by_hand = both[:4].tanh() / (1 + (-both[4:]).exp())
        torch.testing.assert_close(z[0, :, t], by_hand, rtol=0, atol=1e-12)
        residual = h[0, :, t] + layer.residual.weight[:, :, 0] @ by_hand + layer.residual.bias
        torch.testing.assert_close(out[0, :, t], residual, rtol=0, atol=1e-12)


def test_gradients_reach_every_parameter() -> None:
    model = net(40, 5, 2)
    model.loss(sounds(20, 40, 5), torch.arange(20) % 2, torch.Generator()).backward()
    assert not [key for key, p in model.named_parameters() if p.grad is None or not bool((p.grad != 0).any())]


def test_a_writer_does_the_same_work_however_long_the_past_is() -> None:
    writer = Writer(net(6, 4), 1)
    sizes = []
    for _ in range(3):
        for _ in range(50):
            writer.write(np.array([0.5]), np.array([1]))
        sizes.append(sum(ring.nbytes for ring, *_ in writer._layers))
    assert len(set(sizes)) == 1
