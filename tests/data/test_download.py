"""Data on disk: exactly the bytes that they must be, fetched where they are not, and one sentence where that fails."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torchvision.datasets import MNIST, FashionMNIST

from genlab.data import download, images
from genlab.errors import DataUnavailable

ROOT = Path(__file__).parents[2]


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, bytes], SimpleNamespace]:
    """Files that can be downloaded by address, and a kind of data set with two mirrors that names one of them."""
    files: dict[str, bytes] = {}

    def answer(url: str, progress: download.Progress | None) -> bytes:
        if url not in files:
            raise OSError("unreachable")
        if progress:
            progress(len(files[url]), len(files[url]))
        return files[url]

    monkeypatch.setattr(download, "_download", answer)
    packed = gzip.compress(b"images")
    checksum = md5(packed)
    monkeypatch.setitem(download.UNPACKED, checksum, md5(b"images"))
    files["https://second/part.gz"] = packed
    return files, SimpleNamespace(
        __name__="MNIST", mirrors=["https://first/", "https://second/"], resources=[("part.gz", checksum)]
    )


def test_a_download_asks_the_next_mirror_tells_progress_and_leaves_no_parts(tmp_path: Path, server) -> None:
    files, kind = server
    files["https://first/part.gz"] = b"damaged"
    seen: list[tuple[int, int]] = []
    download.fetch(kind, tmp_path / "raw", lambda done, total: seen.append((done, total)))
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "raw").iterdir()] == [("part", b"images")]
    assert seen[-1][0] == seen[-1][1] > 0


def test_what_is_there_is_not_fetched_again(tmp_path: Path, server) -> None:
    files, kind = server
    download.fetch(kind, tmp_path)
    files.clear()
    download.fetch(kind, tmp_path)


def test_unreachable_data_are_one_sentence_that_says_what_to_do(tmp_path: Path, server) -> None:
    files, kind = server
    files.clear()
    with pytest.raises(DataUnavailable, match=r"^MNIST is not in .* GENLAB_DATA .*\.$"):
        download.fetch(kind, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, server) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataUnavailable, match="could not be downloaded"):
        download.fetch(server[1], tmp_path / "file")


def test_what_is_there_packed_is_read_as_it_is(tmp_path: Path, server) -> None:
    files, kind = server
    (tmp_path / "part.gz").write_bytes(gzip.compress(b"images", 1))  # packed by another hand
    files.clear()
    (path,) = download.fetch(kind, tmp_path)
    assert (path.name, download.read(path)) == ("part.gz", b"images")
    assert [path.name for path in tmp_path.iterdir()] == ["part.gz"]


@pytest.mark.parametrize("name", ["part", "part.gz"])
@pytest.mark.parametrize(
    "bytes_",
    [b"imagez", b"", gzip.compress(b"imagez"), gzip.compress(b"images")[:-9]],
    ids=["others", "none", "others, packed", "cut off"],
)
def test_wrong_bytes_are_fetched_anew_and_told_where_that_fails(name: str, bytes_: bytes, tmp_path: Path, server):
    files, kind = server
    (tmp_path / name).write_bytes(bytes_)
    there = dict(files)
    files.clear()
    with pytest.raises(DataUnavailable, match=r"^MNIST is damaged \(part\) in .* GENLAB_DATA .*\.$"):
        download.fetch(kind, tmp_path)
    files.update(there)
    assert download.fetch(kind, tmp_path) == (tmp_path / "part",)
    assert (tmp_path / "part").read_bytes() == b"images"
    os.utime(tmp_path / "part", ns=(1, 1))
    (tmp_path / "part").write_bytes(b"imagez")  # of the same length, after it was looked at
    assert download.read(*download.fetch(kind, tmp_path)) == b"images"


def test_a_full_disk_leaves_nothing(tmp_path: Path, server, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataUnavailable, match=r"no space left on device\): go online"):
        download.fetch(server[1], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_file_of_both_data_sets_has_a_known_digest() -> None:
    checksums = [checksum for kind in (MNIST, FashionMNIST) for _, checksum in kind.resources]
    assert list(download.UNPACKED) == checksums
    assert len(set(download.UNPACKED.values())) == 8


def test_labels_from_elsewhere_are_damage(mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right header and length, and classes from 40 to 49; or a header with an unknown type."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path in (mnist / "MNIST" / "raw").iterdir():
        (raw / path.name).symlink_to(path.resolve())
    monkeypatch.setenv("GENLAB_DATA", str(tmp_path))
    monkeypatch.setattr(download, "_download", unreachable)
    assert len(images.load("mnist", 28, 2).train) == 55_000
    labels = raw / "t10k-labels-idx1-ubyte"
    whole = labels.read_bytes()
    labels.unlink()
    for wrong in (whole[:8] + bytes(40 + label for label in whole[8:]), b"\0\0\x77" + whole[3:]):
        labels.write_bytes(wrong)
        with pytest.raises(DataUnavailable, match=r"is damaged \(t10k-labels-idx1-ubyte\)"):
            images.load("mnist", 28, 2)
    (raw / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(whole, 1))
    assert torch.equal(images.load("mnist", 28, 2).test.labels[:5], torch.tensor([7, 2, 1, 0, 4]))


def unreachable(url: str, progress: download.Progress | None) -> bytes:
    raise OSError("unreachable")


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("GENLAB_DATA", "~/x")
    assert download.root() == Path("/home/ada/x")
    monkeypatch.delenv("GENLAB_DATA")
    assert download.root() == Path("/home/ada/.cache/genlab")


def test_who_has_no_home_and_cannot_write_the_code_can_work(tmp_path: Path) -> None:
    """A user that the machine does not know, as in a container: what needs no data works, the rest is a sentence."""
    script = f"""
import os, pwd, sys

def nobody(uid):
    raise KeyError(uid)

def read_only(event, args):
    if event == "open" and str(args[0]).startswith({str(ROOT)!r}) and args[2] & (os.O_WRONLY | os.O_RDWR):
        raise PermissionError(args[0])

pwd.getpwuid = nobody
os.environ.pop("HOME", None), os.environ.pop("GENLAB_DATA", None)
sys.addaudithook(read_only)
from genlab.cli import main
assert main(["sample", "pixelcnn-digits", "-n", "1", "--out", {str(tmp_path / "a.png")!r}]) == 0
assert main(["evaluate", "pixelcnn-mnist", "--images", "1"]) == 1
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1].startswith("genlab: There is no home folder to keep data in: set GENLAB_DATA")
