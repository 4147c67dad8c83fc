"""The images that models learn from: fixed splits, honest binarisation, one sentence where they cannot be had."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from genlab.data import images


def rows(split: images.Split) -> set[bytes]:
    return {image.numpy().tobytes() for image in split.images}


def test_digits_are_split_four_to_one_to_one_with_every_class_in_proportion() -> None:
    data = images.load("digits", 8, 17)
    assert [len(data.train), len(data.validation), len(data.test)] == [1199, 299, 299]
    for split in (data.train, data.validation, data.test):
        share = split.labels.bincount(minlength=10) / len(split)
        assert share.min() > 0.09
        assert share.max() < 0.11
        assert split.images.shape[1:] == (1, 8, 8)
        assert split.images.max() == 16


def test_the_parts_of_the_digits_are_disjoint_and_complete() -> None:
    from sklearn.datasets import load_digits

    data = images.load("digits", 8, 17)
    parts = [rows(data.train), rows(data.validation), rows(data.test)]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])
    everything = torch.cat([data.train.images, data.validation.images, data.test.images]).flatten(1)
    original = torch.from_numpy(load_digits().data).byte()
    assert sorted(map(bytes, everything.numpy())) == sorted(map(bytes, original.numpy()))


def test_the_digits_split_never_changes() -> None:
    test = images.load("digits", 8, 17).test
    digest = hashlib.sha256(test.images.numpy().tobytes() + test.labels.numpy().tobytes()).hexdigest()
    assert digest == "dc9333db9a46ffd46c54421ffc4e19e8b4faa6723d88ae61c4a202bd0234585b"


def test_a_second_load_costs_nothing() -> None:
    assert images.load("digits", 8, 17) is images.load("digits", 8, 17)


def intensities(n: int = 4000) -> images.Split:
    return images.Split(
        torch.tensor([0, 64, 200, 255], dtype=torch.uint8).view(1, 1, 2, 2).repeat(n, 1, 1, 1),
        torch.zeros(n, dtype=torch.int64),
        levels=2,
    )


def test_a_pixel_is_one_with_the_probability_of_its_intensity() -> None:
    x, _ = intensities().batch(slice(None), torch.Generator().manual_seed(0))
    assert x.dtype == torch.int64
    share = x.double().mean(0).flatten()
    expected = torch.tensor([0, 64, 200, 255]).double() / 255
    assert share[0] == 0
    assert share[3] == 1
    assert ((share - expected).abs() < 4 * (expected * (1 - expected) / 4000).sqrt() + 1e-12).all()


def test_training_binarises_afresh_and_test_always_alike() -> None:
    split, generator = intensities(200), torch.Generator().manual_seed(0)
    first, second = split.batch(slice(None), generator)[0], split.batch(slice(None), generator)[0]
    assert not torch.equal(first, second)
    assert torch.equal(split.fixed()[0], split.fixed()[0])
    assert torch.equal(split.fixed(50)[0], split.fixed()[0][:50])


def test_the_binarisation_of_the_test_is_the_same_for_everybody_always() -> None:
    """Numbers of other binarisations cannot be compared: the seed is part of what is published."""
    split = intensities(5)
    uniforms = torch.rand(5, 1, 2, 2, generator=torch.Generator().manual_seed(20100513))
    assert torch.equal(split.fixed()[0], (255 * uniforms < split.images).long())


def test_a_held_out_loss_is_made_of_three_hundred_images_few_at_a_time() -> None:
    split = images.Split(torch.arange(700).view(-1, 1, 1, 1), torch.arange(700) % 10, levels=700)
    x, labels = (torch.cat(parts) for parts in zip(*split.held_out_batches(torch.device("cpu")), strict=True))
    assert x.flatten().tolist() == list(range(300))
    assert torch.equal(labels, split.labels[:300])
    assert all(len(part) == len(told) == 50 for part, told in split.held_out_batches(torch.device("cpu")))


def test_other_levels_are_left_as_they_are() -> None:
    split = images.load("digits", 8, 17).test
    x, labels = split.batch(torch.tensor([3, 1]), torch.Generator())
    assert torch.equal(x, split.images[[3, 1]].long())
    assert torch.equal(labels, split.labels[[3, 1]])


def test_half_the_size_is_the_mean_of_two_by_two() -> None:
    generator = torch.Generator().manual_seed(0)
    full = torch.randint(0, 256, (5, 1, 28, 28), generator=generator).byte()
    half = images._coarser(full, 14, 256)
    mean = torch.nn.functional.avg_pool2d(full.double(), 2)
    assert half.shape == (5, 1, 14, 14)
    assert (half.double() - mean).abs().max() <= 0.5


def test_sixteen_levels_are_equal_parts_of_256() -> None:
    ramp = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    assert images._coarser(ramp, 28, 16).flatten().bincount().tolist() == [16] * 16


@pytest.mark.parametrize(("size", "levels", "top"), [(28, 256, 255), (28, 16, 15), (14, 16, 15), (28, 2, 1)])
def test_mnist_is_read_at_every_size_and_number_of_levels(mnist: Path, size: int, levels: int, top: int) -> None:
    data = images.load("mnist", size, levels)
    assert [len(data.train), len(data.validation), len(data.test)] == [55_000, 5_000, 10_000]
    x, labels = data.test.fixed(500)
    assert x.shape == (500, 1, size, size)
    assert [x.min(), x.max()] == [0, top]
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_the_last_five_thousand_training_images_serve_for_validation(tmp_path: Path) -> None:
    for name, n in (("train", 5003), ("t10k", 5001)):
        shape = b"".join(size.to_bytes(4, "big") for size in (n, 28, 28))
        pixels = torch.arange(n).view(-1, 1).fmod(251).byte().repeat(1, 784).numpy().tobytes()
        (tmp_path / f"{name}-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + shape + pixels)
        (tmp_path / f"{name}-labels-idx1-ubyte").write_bytes(
            b"\0\0\x08\x01" + shape[:4] + torch.arange(n).fmod(10).byte().numpy().tobytes()
        )
    parts = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    data = images._mnist(tuple(tmp_path / f"{part}-ubyte" for part in parts), 28, 256)
    for split, numbers in ((data.train, range(3)), (data.validation, range(3, 5003)), (data.test, range(5001))):
        assert split.images[:, 0, 5, 5].tolist() == [number % 251 for number in numbers]
        assert split.labels.tolist() == [number % 10 for number in numbers]
