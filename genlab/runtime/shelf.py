"""Trainings whose page was closed, kept on disk for whoever comes back: for a day, as far as there is room."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from genlab import files
from genlab.errors import NotWritten

ROOM = 2 * 2**30  # bytes of all of them
AGE = 24 * 3600.0  # seconds since one was last used


class Shelf:
    """Blocks of bytes by name: what was used least recently goes first. For one thread at a time.

    Arguments:
        folder: where they are; by default one of this user's own among the temporary files, which outlives the server.
        room: bytes of all blocks together.
        age: seconds after which one that nobody used is gone.
    """

    def __init__(self, folder: Path | None = None, room: int = ROOM, age: float = AGE) -> None:
        self._folder = folder or Path(tempfile.gettempdir()) / f"genlab-trainings-{os.getuid()}"
        self._room, self._age = room, age

    def put(self, name: str, block: bytes) -> None:
        """Keeps a block. Raises NotWritten where that cannot be."""
        if len(block) > self._room:
            raise NotWritten(f"{len(block)} bytes are more than the {self._room} that are kept.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid():
            raise NotWritten(f"{self._folder} belongs to somebody else.")
        self._sweep(self._room - len(block))
        files.write(self._path(name), block)

    def get(self, name: str) -> bytes | None:
        """The block, which is used hereby; None where there is none, or none any more."""
        path = self._path(name)
        with suppress(OSError):
            if time.time() - path.stat().st_mtime < self._age:
                block = path.read_bytes()
                os.utime(path)
                return block
        return None

    def drop(self, name: str) -> None:
        """Keeps it no longer."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        """Names are secrets: a list of the folder does not tell them."""
        return self._folder / f"{hashlib.blake2b(name.encode(), digest_size=16).hexdigest()}.training"

    def _sweep(self, room: int) -> None:
        """Removes what is too old, then the oldest until the rest has ``room``."""
        found = sorted(((path.stat(), path) for path in self._folder.glob("*.training")), key=lambda f: f[0].st_mtime)
        used = sum(about.st_size for about, _ in found)
        for about, path in found:
            if used > room or time.time() - about.st_mtime >= self._age:
                path.unlink(missing_ok=True)
                used -= about.st_size
