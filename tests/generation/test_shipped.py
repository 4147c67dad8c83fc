"""The shipped weights: what the cached sampler predicts is what the whole model predicts."""

import pytest
import torch

import genlab
from genlab.catalog import CATALOG
from genlab.experiments.pixels import PixelExperiment

SHIPPED = [
    name
    for name, entry in CATALOG.items()
    if entry.shipped and isinstance(experiment := entry.experiment, PixelExperiment)
    # Of an order-agnostic model each step is a full pass: on smaller images it is tried all the same.
    if experiment.family != "order-agnostic" or experiment.size <= 14
]


@pytest.mark.parametrize("name", SHIPPED)
@torch.no_grad()
def test_cached_logits_equal_the_full_pass_on_trained_weights(name):
    model = genlab.load(name).double()  # in which nothing but an error is larger than 1e-9
    labels = torch.tensor([3, 8]) if model.conditional else None
    uniforms = torch.rand(2, model.size**2, generator=torch.Generator().manual_seed(1))
    steps = list(genlab.generate(model, labels=labels, uniforms=uniforms))
    image = torch.stack([step.value for step in steps], 1).view(2, 1, model.size, model.size)
    cached = torch.stack([step.log_probs for step in steps], 2).view(2, -1, model.size, model.size)
    difference = (cached - torch.log_softmax(model.logits(image, labels), 1)).abs().max()
    assert float(difference) <= 1e-9
