"""What is seen of a model of any order, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genlab.data.drawing import examples
from genlab.models.masked_lenet import MaskedLeNet
from genlab.models.order_agnostic import OrderAgnostic
from genlab.views.any_order import beliefs, price
from tests.models.zoo import randomised


def test_beliefs_by_hand() -> None:
    probs = torch.tensor([[[1.0, 0.25, 1 / 3], [0.0, 0.25, 1 / 3], [0.0, 0.5, 1 / 3]]])
    told = beliefs(probs.log())
    assert told.expected[0].tolist() == pytest.approx([0, 255 * 1.25 / 2, 255 / 2], abs=0.51)
    entropy = (0.5 * math.log(4) + 0.5 * math.log(2)) / math.log(3)
    assert told.entropy[0].tolist() == [0, round(255 * entropy), 255]


def test_several_pixels_a_pass_cost_what_the_passes_add_up_to() -> None:
    net = randomised(OrderAgnostic(8, 3, 4), 0)
    seen = price(net)
    known, nats, passes, total = (seen.arrays[name] for name in ("known", "nats", "passes", "total"))
    assert passes.tolist() == [1, 2, 4, 8, 16, 32, 64]
    assert known[0] == 0
    drawn = torch.stack([torch.from_numpy(examples(8)[str(digit)].levels(3)) for digit in range(10)])[:, None]
    with torch.no_grad():
        log_probs = torch.log_softmax(net.posteriors(drawn, torch.zeros_like(drawn, dtype=torch.bool)), 1)
        nothing_known = -log_probs.gather(1, drawn.long()).mean()
    assert nats[0] == pytest.approx(float(nothing_known), rel=1e-6)
    assert total[0] == pytest.approx(64 * nats[0], rel=1e-6)
    assert total[1] == pytest.approx(32 * (nats[0] + np.interp(32, known, nats)), rel=1e-6)
    assert total[-1] == pytest.approx(np.interp(np.arange(64), known, nats).sum(), rel=1e-6)


def test_a_model_with_an_order_of_its_own_has_no_such_price() -> None:
    with pytest.raises(ValueError, match="order of its own"):
        price(MaskedLeNet(8, 3))
