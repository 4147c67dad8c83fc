"""The data of an experiment."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self

import torch
from torch import Tensor

from genlab.dotted import resolve

Batch = tuple[Tensor, Tensor | None]  # data as a model takes them, and their labels


class Split(Protocol):
    """Part of a data set."""

    def __len__(self) -> int: ...

    def to(self, device: torch.device | str) -> Self:
        """The same data in a device's memory."""

    def batch(self, index: Tensor | slice, generator: torch.Generator) -> Batch:
        """Those of an index, int64 (B,) or a slice; everything random comes from the generator."""

    def held_out_batches(self, device: torch.device) -> list[Any]:
        """What a held-out loss is made of: data and labels, as many at a time as memory bears."""


class DataSet(Protocol):
    """What is learnt from and what is held back."""

    @property
    def train(self) -> Split:
        """What is learnt from."""

    @property
    def validation(self) -> Split:
        """What is held back."""


class Described(Protocol):
    """An experiment, as far as its data are concerned."""

    loader: ClassVar[str]

    def data_arguments(self) -> dict[str, Any]:
        """Keyword arguments of the loader."""


def load(experiment: Described, **options: Any) -> DataSet:
    """What an experiment learns from and is judged by.

    Arguments:
        options: of the loader, such as ``progress`` of one that downloads.

    Raises:
        DataUnavailable: the data are neither on disk nor reachable.
        GenlabError: own points that cannot be read.
    """
    data: DataSet = resolve(experiment.loader)(**experiment.data_arguments(), **options)
    return data
