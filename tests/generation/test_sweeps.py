"""Sampling by sweeps gives the very data that sampling position by position gives, in fewer passes."""

import pytest
import torch

from genlab.generation.request import Request
from genlab.generation.sweeps import sweeps
from genlab.models.made import MADE
from tests.models.zoo import CAUSAL, random_images, random_labels, random_model


def request(model, n=3, **more):
    return Request(n, labels=random_labels(model, n), generator=torch.Generator().manual_seed(4), **more)


@pytest.mark.parametrize("name", CAUSAL)
@pytest.mark.parametrize("given", [False, True])
def test_the_last_sweep_is_the_sample(name, given):
    model = random_model(name, 6, 4)
    more = {"temperature": 0.7}
    if given:
        mask = torch.rand(3, 1, 6, 6, generator=torch.Generator().manual_seed(9)) < 0.5
        more |= {"known": random_images(model, 3), "mask": mask}
    passes = list(sweeps(model, request(model, **more)))
    sample = model.sample(request(model, **more)).flatten(1)
    assert torch.equal(passes[-1].values, sample)
    assert not passes[-1].changed.any() or len(passes) == 36
    assert all(bool(each.changed.any()) for each in passes[:-1])
    for k, each in enumerate(passes):
        assert each.index == k
        assert torch.equal(each.values[:, : k + 1], sample[:, : k + 1]), "pass k makes the first k positions final"
        before = passes[k - 1].values if k else beginning(more, each.values)
        assert torch.equal(each.changed, each.values != before)


def beginning(more, values):
    """Zeros, but for what is known."""
    return torch.where(more["mask"], more["known"], 0).flatten(1) if "mask" in more else torch.zeros_like(values)


def test_a_model_whose_pixels_copy_the_last_one_needs_every_pass():
    """Each pixel is the opposite of the one before it: nothing is right before its turn."""
    model = MADE(3, 2, hidden=16).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.out.bias.fill_(0)
        model.direct.weight.copy_(torch.diag(torch.full((8,), -100.0), -1))
        model.out.bias[0] = 100
    passes = list(sweeps(model, Request(1, generator=torch.Generator().manual_seed(0))))
    assert passes[-1].values[0].tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 1]
    assert len(passes) == 9


def test_pixels_that_ignore_each_other_are_all_right_at_once():
    model = MADE(3, 2, hidden=16).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    first, last = sweeps(model, request(model, 2))
    assert first.changed.any() and not last.changed.any()


def test_a_request_that_does_not_fit_is_refused_at_once():
    with pytest.raises(ValueError, match="temperature"):
        sweeps(MADE(2, 2), Request(temperature=0))
