"""Grey images as integers: 8×8 digits (embedded), MNIST and Fashion-MNIST (downloaded on demand)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from genlab.data import download

SHIPPED = Path(__file__).with_name("mnist_binary.png")  # the first 500 test images, binarised as always
FIXED_SEED = 20100513  # of the binarisation of validation and test images: the same for everybody, always
HELD_OUT, HELD_OUT_BATCH = 300, 50  # images behind a held-out loss, and of them at once, which bounds the memory
HELD_BACK = 5000  # training images of MNIST and Fashion-MNIST that serve for validation


@dataclass(frozen=True)
class Split:
    """Part of a data set.

    Attributes:
        images: uint8 (N, 1, H, W), values below ``levels``; for two levels, intensities from 0 to 255.
        labels: int64 (N,), the class of each image.
        levels: values that a pixel takes in a batch.
    """

    images: Tensor
    labels: Tensor
    levels: int

    def __len__(self) -> int:
        return len(self.images)

    def to(self, device: torch.device | str) -> Split:
        """The same images in a device's memory."""
        return Split(self.images.to(device), self.labels.to(device), self.levels)

    def batch(self, index: Tensor | slice, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Images as a model takes them, binarised afresh where there are two levels.

        Arguments:
            index: int64 (B,) on the device of the images, or a slice.
            generator: draws the binarisation: a pixel of intensity v is 1 with probability v / 255.

        Returns:
            Images int64 (B, 1, H, W) and labels int64 (B,).
        """
        images, labels = self.images[index], self.labels[index]
        if self.levels == 2:
            noise = torch.rand(images.shape, generator=generator, device=generator.device).to(images.device)
            images = 255 * noise < images
        return images.long(), labels

    def fixed(self, count: int | None = None) -> tuple[Tensor, Tensor]:
        """The first ``count`` images (all, if None) as ``batch`` gives them, with draws that never change."""
        return self.batch(slice(0, count), torch.Generator().manual_seed(FIXED_SEED))

    def held_out_batches(self, device: torch.device) -> list[tuple[Tensor, Tensor]]:
        """What a held-out loss is made of: a few hundred images, few at a time."""
        images, labels = (part.to(device).split(HELD_OUT_BATCH) for part in self.fixed(HELD_OUT))
        return list(zip(images, labels, strict=True))


@dataclass(frozen=True)
class Images:
    """A data set in its three parts."""

    train: Split
    validation: Split
    test: Split


def load(dataset: str, size: int, levels: int, *, progress: download.Progress | None = None) -> Images:
    """A data set, read once per process.

    Arguments:
        dataset: "digits", "mnist" or "fashion".
        size: 8 for the digits, 28 or 14 (means of 2×2 pixels) for the others.
        levels: 17 for the digits; 256, 16 or 2 (binarised by sampling) for the others.
        progress: called with the bytes so far and in all while a file is downloaded.

    Raises:
        DataUnavailable: the data are neither on disk nor reachable.
    """
    if dataset == "digits":
        return _digits()
    from torchvision import datasets  # a second of importing that the digits can do without

    kind = {"mnist": datasets.MNIST, "fashion": datasets.FashionMNIST}[dataset]
    return _mnist(download.fetch(kind, download.root() / kind.__name__ / "raw", progress), size, levels)


def examples(dataset: str, size: int, levels: int, count: int) -> tuple[Tensor, Tensor]:
    """The first test images and their labels, as ``Split.fixed`` gives them; 500 of binary MNIST need no data.

    Raises:
        DataUnavailable: the data are neither on disk nor reachable.
    """
    if (dataset, size, levels) == ("mnist", 28, 2):
        images, labels = _shipped()
        return images[:count], labels[:count]
    return load(dataset, size, levels).test.fixed(count)


@functools.lru_cache(maxsize=1)
def _shipped() -> tuple[Tensor, Tensor]:
    """A black and white picture, an image below the other; its text says the labels."""
    with Image.open(SHIPPED) as picture:
        images, labels = np.array(picture).reshape(-1, 1, 28, 28), [int(digit) for digit in picture.info["labels"]]
    return torch.from_numpy(images).long(), torch.tensor(labels)


@functools.lru_cache(maxsize=1)
def _digits() -> Images:
    """Scikit-learn's digits, each class split 4 : 1 : 1 in an order that never changes.

    Read from its file: the import of the library takes two seconds of every process that trains or answers.
    """
    library = find_spec("sklearn")
    assert library and library.submodule_search_locations
    table = np.loadtxt(
        Path(library.submodule_search_locations[0], "datasets/data/digits.csv.gz"), np.uint8, delimiter=","
    )
    images = torch.from_numpy(table[:, :-1].reshape(-1, 1, 8, 8))  # (1797, 1, 8, 8)
    labels = torch.from_numpy(table[:, -1].astype(np.int64))
    random = np.random.RandomState(0)
    parts: list[list[np.ndarray]] = [[], [], []]
    for label in range(10):
        members = random.permutation(np.flatnonzero(table[:, -1] == label))
        sixth = round(len(members) / 6)
        for part, chosen in zip(parts, np.split(members, [-2 * sixth, -sixth]), strict=True):
            part.append(chosen)
    shuffled = [torch.from_numpy(random.permutation(np.concatenate(part))) for part in parts]
    return Images(*(Split(images[index], labels[index], 17) for index in shuffled))


@functools.lru_cache(maxsize=4)
def _mnist(paths: tuple[Path, ...], size: int, levels: int) -> Images:
    """Data of MNIST's format, whose bytes are known to be right; the last training images serve for validation."""
    images, labels, test_images, test_labels = map(_read, paths, (16, 8, 16, 8))  # bytes of their headers
    images, test_images = (part.view(-1, 1, 28, 28) for part in (images, test_images))
    parts = (
        (images[:-HELD_BACK], labels[:-HELD_BACK]),
        (images[-HELD_BACK:], labels[-HELD_BACK:]),
        (test_images, test_labels),
    )
    return Images(*(Split(_coarser(part, size, levels), labels.long(), levels) for part, labels in parts))


def _read(path: Path, header: int) -> Tensor:
    return torch.from_numpy(np.frombuffer(download.read(path), np.uint8, offset=header).copy())


def _coarser(images: Tensor, size: int, levels: int) -> Tensor:
    """Fewer pixels by the mean of 2×2, rounded; fewer grey levels by equal parts of 0 … 255."""
    if size == 14:
        sums = images.unflatten(2, (14, 2)).unflatten(4, (14, 2)).sum((3, 5), dtype=torch.int16)
        images = ((sums + 2) // 4).byte()
    return images if levels in (2, 256) else images // (256 // levels)
