"""Small models with random weights in float64, on which laws are checked: of every family in the catalogue."""

from __future__ import annotations

from itertools import product
from typing import Any, TypeVar

import torch

from genlab.catalog import FAMILIES
from genlab.dotted import resolve
from genlab.experiments.entries import Family
from genlab.experiments.pixels import PIXELS
from genlab.experiments.sequences import SEQUENCES
from genlab.models.autoregressive import AutoregressiveImage, AutoregressiveModel
from genlab.models.sequence import SequenceModel

MOST = 5  # of a number in an architecture: laws do not grow with the model


def variants(family: Family) -> dict[str, dict[str, Any]]:
    """Small architectures of a family: its own, and for each switch, or number that is 0, one with another value."""
    fields = family.experiment().architecture()
    own = {
        name: value if type(value) is bool else min(value, MOST)
        for name, value in fields.items()
        if name not in ("size", "length", "levels")
    }
    switches = [name for name, value in own.items() if type(value) is bool]
    turned = {f"{family.name}, {'no ' if own[name] else ''}{name}": own | {name: not own[name]} for name in switches}
    without = [name for name, value in own.items() if type(value) is int and value == 0]
    return {family.name: own} | turned | {f"{family.name}, {name}": own | {name: 2} for name in without}


ALL: dict[str, tuple[type[AutoregressiveImage], dict[str, Any]]] = {
    name: (resolve(family.model), options)
    for family in FAMILIES.values()
    if family.experiment.kind is PIXELS
    for name, options in variants(family).items()
}
SEQUENTIAL: dict[str, tuple[type[SequenceModel], dict[str, Any]]] = {
    name: (resolve(family.model), options)
    for family in FAMILIES.values()
    if family.experiment.kind is SEQUENCES
    for name, options in variants(family).items()
}
CAUSAL = {name: found for name, found in ALL.items() if found[0].one_pass}


def random_model(name: str, size: int, levels: int, seed: int = 0) -> AutoregressiveImage:
    """A model whose weights, biases and embeddings are all random and none is zero."""
    family, options = ALL[name]
    return randomised(family(size=size, levels=levels, **options), seed)


def random_sequence_model(name: str, length: int, levels: int, seed: int = 0) -> SequenceModel:
    """As ``random_model``, of sequences."""
    family, options = SEQUENTIAL[name]
    return randomised(family(length=length, levels=levels, **options), seed)


M = TypeVar("M", bound=AutoregressiveModel)


def randomised(model: M, seed: int) -> M:
    """The model in float64, with weights of which none is zero."""
    model.double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            scale = 1.3 / parameter[0].numel() ** 0.5 if parameter.dim() > 1 else 0.3
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * scale)
    return model.eval()


def random_images(model: AutoregressiveImage, n: int, seed: int = 1) -> torch.Tensor:
    shape = (n, 1, model.size, model.size)
    return torch.randint(model.levels, shape, generator=torch.Generator().manual_seed(seed))


def random_labels(model: AutoregressiveImage, n: int, seed: int = 2) -> torch.Tensor | None:
    return torch.randint(10, (n,), generator=torch.Generator().manual_seed(seed)) if model.conditional else None


def every_image(model: AutoregressiveImage) -> torch.Tensor:
    """All levels^(size²) images."""
    images = torch.tensor(list(product(range(model.levels), repeat=model.size**2)))
    return images.view(-1, 1, model.size, model.size)
