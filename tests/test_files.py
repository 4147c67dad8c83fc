"""A file comes whole or not at all, and where it cannot be written one sentence says so."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from genlab import files
from genlab.errors import NotWritten
from genlab.generation.samples import ImageSamples, PointSamples, Samples

POINTS = PointSamples(np.arange(6.0).reshape(3, 2))
IMAGES = ImageSamples(np.ones((2, 4, 4), int), np.zeros(0), 17)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which a few bytes more find room."""

    def write_bytes(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:5])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


@pytest.mark.parametrize(
    ("name", "samples"), [("a.csv", POINTS), ("a.npz", POINTS), ("a.npz", IMAGES), ("a.png", IMAGES), ("A.PNG", IMAGES)]
)
def test_on_a_full_disk_the_old_file_stays_and_no_half_of_the_new(name: str, samples: Samples, tmp_path: Path, full):
    (tmp_path / name).open("wb").write(b"old")
    with pytest.raises(NotWritten, match=r"cannot be written: no space left on device\.$"):
        samples.write(tmp_path / name)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"old")]


@pytest.mark.parametrize("act", [files.check, lambda path: files.write(path, b"new")])
def test_where_no_file_can_be_one_sentence_says_so_before_and_then(act, tmp_path: Path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "a.csv", tmp_path / "folder", Path("/proc/no/a.csv")):
        with pytest.raises(NotWritten, match=r"^/\S+ cannot be written: [a-z ]+\.$"):
            act(path)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


def test_to_ask_changes_nothing_and_a_missing_folder_is_made(tmp_path: Path):
    path = tmp_path / "new" / "a.csv"
    files.check(path)
    assert list(path.parent.iterdir()) == []
    files.write(path, b"old")
    files.check(path)
    assert path.read_bytes() == b"old"
