"""Masks of a plain network by degrees: who may see whom (Germain et al. 2015)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import Tensor


def masks(degrees: Sequence[Tensor]) -> list[Tensor]:
    """The masks of consecutive layers, bool (out, in): units see no higher degrees, outputs only lower ones.

    Arguments:
        degrees: of the inputs, the hidden layers and the outputs, each with shape (units,). That of an input or output
            is its rank, from 1 to D; a hidden unit of degree m sees inputs of rank ≤ m, and outputs of rank > m see it.
    """
    *hidden, (before, last) = itertools.pairwise(degrees)
    return [out[:, None] >= inputs for inputs, out in hidden] + [last[:, None] > before]
