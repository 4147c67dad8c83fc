"""Fetching MNIST and Fashion-MNIST, with progress, whole or not at all. Torch is imported only when asked."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import os
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from genlab.errors import DataUnavailable

if TYPE_CHECKING:
    from torchvision.datasets import MNIST

Progress = Callable[[int, int], None]  # bytes so far, bytes of this file (0 where the server does not say)

TIMEOUT = 10.0  # seconds without an answer after which a mirror counts as unreachable


def root() -> Path:
    """The folder of the data: ``GENLAB_DATA``, else ``~/.cache/genlab``."""
    return Path(os.environ.get("GENLAB_DATA") or Path.home() / ".cache" / "genlab")


def fetch(kind: type[MNIST], folder: Path, progress: Progress | None = None) -> None:
    """Downloads what is missing in ``folder`` of a data set of MNIST's format.

    Arguments:
        kind: torchvision's class, which knows mirrors, file names and checksums.
        progress: called while bytes arrive.

    Raises:
        DataUnavailable: no mirror could be reached, or the folder cannot be written.
    """
    for name, checksum in kind.resources:
        target = folder / name.removesuffix(".gz")
        if target.exists():
            continue
        try:
            data = gzip.decompress(_first_good(kind.mirrors, name, checksum, progress))
            folder.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(data)
            part.replace(target)  # a reader never sees half a file
        except OSError as error:
            raise DataUnavailable(
                f"{kind.__name__} is not in {folder} and could not be downloaded ({error}): go online once, or set "
                f"GENLAB_DATA to a folder that holds it."
            ) from error


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
