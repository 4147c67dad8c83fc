"""Positional encoding: Boolean channels that spell where a pixel is (lecture 10.2)."""

from __future__ import annotations

import torch
from torch import Tensor

BITS = 5  # enough for 32 rows and 32 columns


def position_code(size: int) -> Tensor:
    """Ten channels of 0 and 1: five spell the row in binary, five the column, the highest bit first.

    Returns:
        Float tensor with shape (10, size, size).

    Raises:
        ValueError: more rows than five bits can spell.
    """
    if not 1 <= size <= 2**BITS:
        raise ValueError(f"the positional encoding spells sizes from 1 to {2**BITS}, not {size}")
    bits = (torch.arange(size) >> torch.arange(BITS - 1, -1, -1).view(BITS, 1)) & 1  # (BITS, size)
    rows, columns = bits.view(BITS, size, 1), bits.view(BITS, 1, size)
    return torch.cat([rows.expand(-1, size, size), columns.expand(-1, size, size)]).float()
