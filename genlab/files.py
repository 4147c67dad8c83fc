"""Files that come whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genlab.errors import NotWritten


def write(path: str | Path, data: bytes) -> None:
    """Writes a file, and its folder where there is none; a reader, a full disk or a crash never leaves half of it.

    Raises:
        NotWritten: it cannot be; what was there before is still there.
    """
    path = Path(path)
    with _named(path), _beside(path) as part:
        part.write_bytes(data)
        part.replace(path)


def check(path: str | Path) -> None:
    """Raises NotWritten where ``write`` would, as far as that can be known before there is anything to write."""
    path = Path(path)
    with _named(path), _beside(path) as part:
        part.touch()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from error


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name in the same folder, so that renaming is one act."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)
