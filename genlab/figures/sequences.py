"""What is seen inside a model of sequences, as maps and in words; see ``genlab.views.sequences``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from genlab.figures.colours import Colours
from genlab.figures.maps import Figure
from genlab.figures.pixels import influence


def reach(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """What moves the prediction at each place: a row for each."""
    field, length = arrays["reach"], meta["length"]
    seen, past = field > 0, np.tri(length, k=-1, dtype=bool)
    maps = influence(
        field[None],
        seen[None],
        (past & ~seen)[None],
        ["rows: the prediction of xₜ; columns: the value xₛ"],
        colours=colours,
        side=440,
    )
    last = int(seen[-1].sum())
    early = int((seen & ~past).sum())
    return Figure(
        [maps],
        f"The last prediction sees **{last}** of the **{length - 1}** values before it. Of the cells on the diagonal "
        f"and right of it **{early}** have a gradient: {'the future moves the past' if early else 'causal'}.",
    )
