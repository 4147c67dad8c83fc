"""Settings of a model that takes any order."""

from __future__ import annotations

from typing import Any, Literal

from genlab.declaration import choice

Order = Literal["raster", "column", "spiral", "centre", "random", "certain", "uncertain"]
Together = Literal[1, 4, 16, 64]


def order_field(more: str = "") -> Any:
    """A field: in which order pixels are visited."""
    return choice(
        "random",
        "order",
        f"In which the pixels are visited; most certain first: the one of least entropy. {more}",
        labels={
            "raster": "row by row",
            "column": "column by column",
            "spiral": "along a spiral",
            "centre": "from the middle out",
            "random": "at random",
            "certain": "most certain first",
            "uncertain": "least certain first",
        },
    )


def together_field(default: int) -> Any:
    """A field: how many pixels are drawn from one pass."""
    return choice(
        default,
        "pixels a pass",
        "So many are drawn from the posteriors of one pass, as if they did not depend on each other: faster, and less "
        "sharp.",
    )
