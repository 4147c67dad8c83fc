"""Plain networks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import cast

import torch
from torch import nn


def mlp(sizes: list[int], activation: Callable[[], nn.Module] = nn.ReLU, last: float = 1.0) -> nn.Sequential:
    """Linear layers with an activation between them; the last one's initial weights are scaled by ``last``."""
    parts: list[nn.Module] = []
    for n, m in itertools.pairwise(sizes):
        parts += [nn.Linear(n, m), activation()]
    head = cast(nn.Linear, parts[-2])
    with torch.no_grad():
        head.weight.mul_(last)
        head.bias.mul_(last)
    return nn.Sequential(*parts[:-1])
