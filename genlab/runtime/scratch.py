"""A folder for what Dask wants to write. A server that is killed cannot remove its own: the next one does."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "genlab-scratch-"
_YOUNG = 60.0  # seconds: a folder that was just made may have no lock yet


class Scratch:
    """A folder that is locked as long as its owner lives.

    Attributes:
        name: its path.
    """

    def __init__(self) -> None:
        _sweep()
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self.name = self._folder.name
        self._lock = _open(self.name)
        fcntl.flock(self._lock, fcntl.LOCK_EX)  # ends with this process, however that ends; no child inherits it

    def cleanup(self) -> None:
        """Removes it."""
        self._folder.cleanup()
        with suppress(OSError):
            os.close(self._lock)


def _sweep() -> None:
    """Removes folders of this user that nobody holds any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, held, or gone meanwhile
            lock = _open(path)
            try:
                about = os.fstat(lock)
                if about.st_uid == os.getuid() and time.time() - about.st_mtime > _YOUNG:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(lock)


def _open(path: str | Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
