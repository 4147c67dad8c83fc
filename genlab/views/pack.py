"""Words and named arrays as one block of bytes for the browser, in the safetensors format. Torch-free.

The words are JSON under ``meta`` in the header's ``__metadata__``. The format puts wide types first and its header ends
at a multiple of 8 bytes, so that a typed array can be laid over the block without a copy.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from safetensors.numpy import load, save

DTYPES = ("uint8", "int32", "float32")  # that a browser has typed arrays for, and somebody needs


def pack(meta: dict[str, Any], **arrays: np.ndarray) -> bytes:
    """One block of bytes from a JSON-able dictionary and arrays.

    Raises:
        ValueError: an array whose type is none of uint8, int32 and float32.
    """
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES:
            raise ValueError(f"{name} has type {array.dtype}; only {', '.join(DTYPES)} can be packed")
    # safetensors reads an array's memory as it lies there: in order, or not at all.
    ordered = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(ordered, {"meta": json.dumps(meta, separators=(",", ":"))})


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The dictionary and the arrays of a packed block: what the browser's ``unpack`` does."""
    length = int.from_bytes(block[:8], "little")
    meta: dict[str, Any] = json.loads(json.loads(block[8 : 8 + length])["__metadata__"]["meta"])
    return meta, load(block)
