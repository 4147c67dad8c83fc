"""What a view gives."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from torch import Tensor

from genlab.views.pack import pack


class Seen(NamedTuple):
    """A few words and numbers (JSON-able), and arrays."""

    meta: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def pack(self) -> bytes:
        """As one block of bytes for the browser."""
        return pack(self.meta, **self.arrays)


def floats(x: Tensor) -> np.ndarray:
    """float32, in main memory."""
    return x.detach().float().cpu().numpy()
