"""What is seen of models of sequences is what they do."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.views import sequences as views
from tests.models.zoo import SEQUENTIAL, random_sequence_model

LENGTH, LEVELS = 16, 9


def model(name: str = "netto1d"):
    return random_sequence_model(name, LENGTH, LEVELS)


def test_posteriors_and_surprise_of_what_is_written_are_the_models() -> None:
    net = model("gated-sequence")
    meta, arrays = views.written(net, 3, seed=4)
    x = torch.from_numpy(arrays["values"]).long()[:, None]
    log_probs = torch.log_softmax(net.logits(x), 1).detach().transpose(1, 2)  # (n, T, levels)
    told = (arrays["log_probs"] / 255.0 - 1) * meta["floor"]
    assert np.abs(told - log_probs.clamp(min=-meta["floor"]).numpy()).max() < 0.51 * meta["floor"] / 255
    taken = log_probs.gather(2, x.transpose(1, 2))[:, :, 0]
    np.testing.assert_allclose(arrays["surprise"], -taken.numpy(), atol=1e-5)
    np.testing.assert_allclose(meta["log_prob"], taken.sum(1).numpy(), atol=1e-3)

    p, level = log_probs.double().exp().numpy(), np.arange(LEVELS)
    cdf = p.cumsum(2)
    assert (arrays["values"] == (cdf > arrays["uniforms"][:, :, None]).argmax(2)).all()  # the first that exceeds u
    np.testing.assert_allclose(arrays["entropy"], -(p * np.log(p)).sum(2), atol=1e-5)
    np.testing.assert_allclose(arrays["mean"], p @ level, atol=1e-4)
    np.testing.assert_allclose(arrays["deviation"], np.sqrt(p @ level**2 - (p @ level) ** 2), atol=1e-4)


def test_what_is_given_comes_back_and_the_temperature_divides_the_logits() -> None:
    net, known = model(), (3, None, 8, *[None] * (LENGTH - 3))
    _, cold = views.written(net, 5, 0, 0.5, known)
    assert (cold["values"][:, [0, 2]] == (3, 8)).all()
    assert cold["given"].tolist() == [1, 0, 1] + [0] * (LENGTH - 3)
    x = torch.from_numpy(cold["values"]).long()[:, None]
    log_probs = torch.log_softmax(net.logits(x).detach() / 0.5, 1)[:, :, 4]
    np.testing.assert_allclose(cold["surprise"][:, 4], -log_probs.gather(1, x[:, :, 4]).numpy()[:, 0], atol=1e-5)
    with pytest.raises(ValueError, match="16 places, not 2"):
        views.written(net, known=(1, 2))


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_a_poked_value_moves_what_depends_on_it_and_the_two_agree(name: str) -> None:
    """Perturbation and gradient, two measurements of the same: who moves with whom."""
    net = model(name)
    moves = np.stack([views.poke(net, s).arrays["moved"][-1] > 0 for s in range(LENGTH)])  # [s, t]
    needed = np.stack([views.needs(net, t).arrays["moved"][0] > 0 for t in range(LENGTH)])  # [t, s]
    assert (moves == needed.T).all()
    assert not np.tril(moves).any()  # neither the past nor the present
    assert moves.any()
    assert ((views.reach(net).arrays["reach"] > 0) == needed).all()


def test_a_mask_hides_the_present_as_a_shift_does_and_a_leak_does_not() -> None:
    net = model()
    for look in (views.poke, views.needs):
        shift, mask, leak = (look(net, 7, hide).arrays["moved"] for hide in ("shift", "mask", "leak"))
        np.testing.assert_allclose(shift[1:], mask[1:], atol=1e-6)
        assert shift[-1 if look is views.poke else 0, 7] == 0
        assert leak[-1 if look is views.poke else 0, 7] > 0


def test_layers_of_the_dilated_network_are_told_with_their_taps() -> None:
    meta, arrays = views.poke(model("netto1d-dilated"), 0)
    assert meta["dilations"] == [0, 0, 2, 4, 8, 16, 0]
    assert meta["layers"] == ["x", "layer 1", "layer 2", "layer 3", "layer 4", "layer 5", "logits"]
    # From the first value: one place on by the shift, then each layer's two taps.
    expected = {1}
    for row, dilation in zip(arrays["moved"][1:-1], (0, 2, 4, 8, 16), strict=True):
        expected |= {t + dilation for t in expected if t + dilation < LENGTH}
        assert set(np.flatnonzero(row)) == expected


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 15"):
        views.poke(model(), LENGTH)
    with pytest.raises(ValueError, match="by its mask"):
        views.needs(model("masked-net"), 3, "leak")


def test_bits_of_a_sequence_are_those_of_its_posteriors() -> None:
    net, sequence = model("gaussian-sequence"), tuple(int(v) for v in np.arange(LENGTH) % LEVELS)
    meta, arrays = views.posteriors(net, sequence)
    assert sum(meta["bits"]) * math.log(2) == pytest.approx(
        -float(net.log_prob(torch.tensor(sequence)[None, None]).detach()), abs=1e-2
    )
    p = np.exp(arrays["log_probs"].astype(float))
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(meta["mean"], p @ np.arange(LEVELS), atol=1e-3)


def test_a_picture_of_a_training_has_real_and_written_ones() -> None:
    net, real = model(), torch.arange(16).expand(4, 16) % LEVELS
    _, arrays = views.beside(net, torch.rand(4, LENGTH, generator=torch.Generator().manual_seed(0)), real)
    assert (arrays["real"] == real.numpy()).all()
    drawn = net.sample(uniforms=torch.rand(4, LENGTH, generator=torch.Generator().manual_seed(0)))
    assert (arrays["samples"] == drawn[:, 0].numpy()).all()
