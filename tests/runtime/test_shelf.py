"""What is kept on disk is bounded by size and by age, and nobody else's."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from genlab.errors import NotWritten
from genlab.runtime.shelf import Shelf


def test_what_is_put_is_found_until_it_is_dropped(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new")
    assert shelf.get("a") is None
    shelf.put("a", b"one")
    shelf.put("a", b"two")
    assert Shelf(tmp_path / "new").get("a") == b"two"  # also by the next server
    shelf.drop("a")
    shelf.drop("a")
    assert shelf.get("a") is None


def test_names_are_secrets_and_the_folder_is_private(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new")
    shelf.put("secret", b"block")
    (file,) = (tmp_path / "new").iterdir()
    assert "secret" not in file.name
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_was_used_least_recently_makes_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, room=10)
    for age, name in ((30, "a"), (20, "b"), (10, "c")):
        shelf.put(name, b"123")
        os.utime(shelf._path(name), (time.time() - age,) * 2)
    assert shelf.get("a") == b"123"  # and is the newest now
    shelf.put("d", b"1234")
    assert [shelf.get(name) for name in "abcd"] == [b"123", None, b"123", b"1234"]
    shelf.put("e", b"1" * 10)
    assert [shelf.get(name) for name in "acde"] == [None, None, None, b"1" * 10]
    with pytest.raises(NotWritten, match="11 bytes"):
        shelf.put("f", b"1" * 11)
    assert shelf.get("e") == b"1" * 10


def test_after_its_time_it_is_gone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, age=100)
    for age, name in ((99, "young"), (101, "old")):
        shelf.put(name, b"123")
        os.utime(shelf._path(name), (time.time() - age,) * 2)
    assert (shelf.get("young"), shelf.get("old")) == (b"123", None)
    shelf.put("new", b"123")
    assert not shelf._path("old").exists()


def test_a_folder_of_somebody_elses_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(NotWritten, match="somebody else"):
        Shelf(tmp_path).put("a", b"one")
