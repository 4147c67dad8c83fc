"""What is told of one sample of a sound, against the model's own pass over all of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from genlab.models.wavenet import WaveNet
from genlab.views.dilation import one_sample
from tests.models.zoo import randomised


@pytest.fixture(scope="module")
def model() -> WaveNet:
    return randomised(WaveNet(64, 16, channels=5, skips=12, stacks=1, layers=4, classes=3), 0)


LEVELS = np.random.default_rng(0).integers(0, 16, 50).astype(np.uint8)
LABEL = torch.tensor([2])


@pytest.mark.parametrize("t", [0, 1, 7, 16, 17, 49])
def test_the_posterior_is_that_of_a_pass_over_the_whole_sound(model: WaveNet, t: int) -> None:
    with torch.no_grad():
        logits = model.predict(torch.from_numpy(LEVELS.astype(np.int64))[None, None], LABEL)[0, :, t]
    for temperature in (1.0, 0.6):
        seen = one_sample(model, LEVELS[: t + 1], LABEL, temperature)
        expected = torch.softmax(logits / temperature, 0).numpy()
        np.testing.assert_allclose(seen.arrays["p"], expected, rtol=1e-5, atol=1e-9)
    assert seen.meta == {"dilations": [1, 2, 4, 8], "t": t, "field": 16}
    wide = min(17, t + 1)
    assert {name: seen.arrays[name].shape for name in ("z", "gate", "gradient")} == {
        "z": (4, wide),
        "gate": (4, wide),
        "gradient": (wide,),
    }


def test_units_at_its_own_place_are_those_of_the_layers(model: WaveNet) -> None:
    seen = one_sample(model, LEVELS, LABEL)
    x = torch.from_numpy(LEVELS.astype(np.int64))[None]
    h = F.pad(F.embedding(x, model.vectors()).transpose(1, 2), (1, -1))
    for k, layer in enumerate(model.layers):
        both = layer.gate(h) + layer.told(LABEL)[:, :, None]
        h, z = layer(h, LABEL)
        assert seen.arrays["z"][k, -1] == pytest.approx(float(z.detach()[0, :, -1].abs().mean()), rel=1e-5)
        assert seen.arrays["gate"][k, -1] == pytest.approx(
            float(torch.sigmoid(both.detach()[0, 5:, -1]).mean()), rel=1e-5
        )


def test_the_gradient_reaches_the_whole_field(model: WaveNet) -> None:
    """Place s has what was made of the sample before it: the oldest of 17 has one that nothing depends on."""
    gradient = one_sample(model, LEVELS, LABEL).arrays["gradient"]
    assert (gradient[1:] > 0).all() and gradient[0] == 0 and gradient.max() == 1
