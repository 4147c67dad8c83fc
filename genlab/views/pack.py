"""Named arrays as one block of bytes for the browser. Torch-free.

Layout: the header's length (uint32, little endian), the header (JSON: ``meta``, and for each array its dtype, shape and
offset from the first array), then the arrays, each at a multiple of 8 bytes, so that a typed array can be laid over
the block without a copy.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

DTYPES = ("uint8", "int32", "float32")


def pack(meta: dict[str, Any], **arrays: np.ndarray) -> bytes:
    """One block of bytes from a JSON-able dictionary and arrays.

    Raises:
        ValueError: an array whose type is none of uint8, int32 and float32.
    """
    header: dict[str, Any] = {"meta": meta, "arrays": {}}
    payload, offset = [], 0
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES:
            raise ValueError(f"{name} has type {array.dtype}; only {', '.join(DTYPES)} can be packed")
        data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        header["arrays"][name] = {"dtype": array.dtype.name, "shape": list(array.shape), "offset": offset}
        payload.append(data + bytes(-len(data) % 8))
        offset += len(payload[-1])
    # Offsets count from the first array; where that stands follows from the header's length alone.
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return struct.pack("<I", len(text)) + text + b"".join(payload)


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The dictionary and the arrays of a packed block: what the browser's ``unpack`` does."""
    (length,) = struct.unpack_from("<I", block)
    header = json.loads(block[4 : 4 + length])
    arrays = {}
    for name, item in header["arrays"].items():
        count = int(np.prod(item["shape"], dtype=int))
        arrays[name] = np.frombuffer(
            block, np.dtype(item["dtype"]).newbyteorder("<"), count, 4 + length + item["offset"]
        ).reshape(item["shape"])
    return header["meta"], arrays
