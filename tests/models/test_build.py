"""A new model's weights."""

from concurrent.futures import ThreadPoolExecutor

import torch

import genlab
from genlab.models import build


def test_models_built_at_once_have_the_weights_of_their_seeds():
    first, second = (genlab.experiment("gan-2d", seed=seed) for seed in (1, 2))
    wanted = [build(experiment).state_dict() for experiment in (first, second)]
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(build, [first, second] * 40))
    for k, model in enumerate(built):
        for name, tensor in model.state_dict().items():
            assert torch.equal(tensor, wanted[k % 2][name])


def test_the_global_random_state_is_left_alone():
    before = torch.random.get_rng_state()
    build(genlab.experiment("gan-2d"))
    assert torch.equal(torch.random.get_rng_state(), before)
