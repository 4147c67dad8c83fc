"""Whether a sequence has the global structure of the toy data: two straight pieces."""

from __future__ import annotations

import torch
from torch import Tensor

WITHIN = 1.0  # levels by which a value may lie beside its piece


def straight(x: Tensor) -> Tensor:
    """True for each sequence that two straight pieces explain, each value within one level: bool (N,).

    A line ``a + b t`` passes within w of all values of a piece where, for all i < j in it,
    ``(x_j − x_i − 2 w) / (j − i) ≤ b ≤ (x_j − x_i + 2 w) / (j − i)``. Each beginning and each end of a sequence is
    tested for that; two pieces explain it where one of each meet. They need not join.

    Arguments:
        x: levels (N, T).
    """
    first, last = _longest(x), _longest(x.flip(1))
    return first + last >= x.shape[1]


def _longest(x: Tensor) -> Tensor:
    """How many values from the first on lie on one straight piece, (N,)."""
    place = torch.arange(x.shape[1], dtype=torch.double, device=x.device)
    rise, run = x.double()[:, None, :] - x.double()[:, :, None], place - place[:, None]  # [i, j]: from i to j
    before = run > 0
    low = torch.where(before, (rise - 2 * WITHIN) / run, -torch.inf).amax(1).cummax(1).values
    high = torch.where(before, (rise + 2 * WITHIN) / run, torch.inf).amin(1).cummin(1).values
    return (low <= high + 1e-9).cumprod(1).sum(1)
