"""In which order pixels are visited, for a model that takes any."""

from __future__ import annotations

import torch

from genlab.experiments.pixels import Fixed


def places(order: Fixed, size: int, generator: torch.Generator | None = None) -> list[int]:
    """All pixels of a square image, as indices in raster order, in the order in which they are visited.

    Arguments:
        order: row by row (raster) or column by column, inwards from the upper left corner along a spiral, from the
            centre outwards, or at random.
        generator: of the CPU, for the random order.
    """
    grid = torch.arange(size * size).view(size, size)
    match order:
        case "raster":
            return grid.flatten().tolist()
        case "column":
            return grid.t().flatten().tolist()
        case "spiral":
            found: list[int] = []
            while grid.numel():
                found += grid[0].tolist()
                grid = grid[1:].t().flip(0)  # what is left, turned so that the next side lies on top
            return found
        case "centre":
            offset = torch.arange(size) - (size - 1) / 2
            distance = offset[:, None] ** 2 + offset**2
            return distance.flatten().argsort(stable=True).tolist()
        case "random":
            return torch.randperm(size * size, generator=generator).tolist()
