"""MNIST and Fashion-MNIST on disk: known bytes, fetched where they are not there. Torch is imported only when asked."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.client
import os
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from genlab import files
from genlab.errors import DataUnavailable, NotWritten

if TYPE_CHECKING:
    from torchvision.datasets import MNIST

Progress = Callable[[int, int], None]  # bytes so far, bytes of this file (0 where the server does not say)

TIMEOUT = 10.0  # seconds without an answer after which a mirror counts as unreachable
UNPACKED = {  # MD5 of a file by that of its packed form, which torchvision knows: MNIST, then Fashion-MNIST
    "f68b3c2dcbeaaa9fbdd348bbdeb94873": "6bbc9ace898e44ae57da46a324031adb",
    "d53e105ee54ea40749a09fcbcd1e9432": "a25bea736e30d166cdddb491f175f624",
    "9fb629c4189551a2d022fa330f9573f3": "2646ac647ad5339dbf082846283269ea",
    "ec29112dd5afa0611ce80d1b7f02629c": "27ae3e4e09519cfbb04c329615203637",
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "25c81989df183df01b3e8a0aad5dffbe": "9018921c3c673c538a1fc5bad174d6f9",
    "bef4ecab320f06d8554ea6380940ec79": "8181f5470baa50b63fa0f6fddb340f0a",
    "bb300cfdad3c16e7a12a480ee83cd310": "15d484375f8d13e6eb1aabb0c3f46965",
}


def root() -> Path:
    """The folder of the data: ``GENLAB_DATA``, else ``~/.cache/genlab``. Raises DataUnavailable without a home."""
    try:
        return Path(os.environ.get("GENLAB_DATA") or "~/.cache/genlab").expanduser()
    except RuntimeError as error:
        raise DataUnavailable("There is no home folder to keep data in: set GENLAB_DATA to a folder.") from error


def fetch(kind: type[MNIST], folder: Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """Downloads what is missing or damaged in ``folder`` of a data set of MNIST's format.

    Arguments:
        kind: torchvision's class, which knows mirrors, file names and checksums.
        progress: called while bytes arrive.

    Returns:
        Its files, as they are or packed (.gz), in the class's order; every byte is what it must be.

    Raises:
        DataUnavailable: no mirror could be reached, or the folder cannot be read or written.
    """
    return tuple(_found(kind, folder, packed, checksum, progress) for packed, checksum in kind.resources)


def _found(kind: type[MNIST], folder: Path, packed: str, checksum: str, progress: Progress | None) -> Path:
    path, damaged = folder / packed.removesuffix(".gz"), False
    try:
        for there in (path, folder / packed):
            if there.exists():
                if _digest(there, there.stat().st_mtime_ns) == UNPACKED[checksum]:
                    return there
                damaged = True
        files.write(path, gzip.decompress(_first_good(kind.mirrors, packed, checksum, progress)))
    except (OSError, NotWritten) as error:
        state, why = f"damaged ({path.name})" if damaged else "not", str(error).rstrip(".")
        raise DataUnavailable(
            f"{kind.__name__} is {state} in {folder} and could not be downloaded ({why}): go online once, or set "
            f"GENLAB_DATA to a folder that holds it."
        ) from error
    return path


@functools.lru_cache(maxsize=64)
def _digest(path: Path, written: int) -> str:  # noqa: ARG001  # once for each time that the file was written
    """MD5 of what is in a file, unpacked; "" where it cannot be."""
    try:
        return hashlib.md5(read(path), usedforsecurity=False).hexdigest()
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return ""


def read(path: Path) -> bytes:
    """What is in a file, unpacked where it is packed. Raises OSError."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _first_good(mirrors: list[str], name: str, checksum: str, progress: Progress | None) -> bytes:
    """The file from the first mirror that has it undamaged. Raises OSError with the last mirror's reason."""
    reason: OSError = OSError("there is no mirror")
    for mirror in mirrors:
        try:
            data = _download(mirror + name, progress)
            if hashlib.md5(data, usedforsecurity=False).hexdigest() == checksum:
                return data
            reason = OSError(f"{mirror}{name} arrived damaged")
        except (OSError, http.client.HTTPException) as error:
            reason = OSError(str(getattr(error, "reason", error)))  # without urllib's angle brackets
    raise reason


def _download(url: str, progress: Progress | None) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
        total, data = int(response.headers.get("Content-Length") or 0), bytearray()
        while chunk := response.read(1 << 16):
            data += chunk
            if progress:
                progress(len(data), total)
        return bytes(data)
