"""A small classifier of MNIST's digits, by whose eyes the samples of image GANs are judged.

``python -m genlab.evaluation.classifier`` trains it, in a few minutes on one thread, and writes the weights that are
shipped, together with what judging has to know of real images, so that no data set has to be there.
"""

from __future__ import annotations

import copy
import functools
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import safetensors.torch
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import Tensor, nn
from tqdm import tqdm

from genlab.checkpoint_header import read_header
from genlab.data.classes import CLASSES
from genlab.data.images import Split, load
from genlab.errors import CheckpointError
from genlab.evaluation.frechet import frechet
from genlab.experiments.entries import CHECKPOINTS
from genlab.files import write

WEIGHTS = CHECKPOINTS / "digit-classifier.safetensors"
COMMAND = "python -m genlab.evaluation.classifier"
SIZE, LEVELS, FEATURES = 28, 256, 64  # pixels on a side, grey levels, and dimensions of the features
SEED, EPOCHS, BATCH, RATE = 0, 12, 100, 2e-3  # Adam's highest rate, of one cycle
SHIFT = 2  # pixels, at most, by which a training image is moved each way
COUNTS = (2000, 10_000)  # of samples that can be judged
PASS = 500  # images in one pass that needs no gradient, which bounds the memory


@dataclass(frozen=True)
class Report:
    """What is known of the classifier, and of real images seen through it.

    Attributes:
        command: that made it.
        accuracy: on the test images.
        floors: by how many: the Fréchet distance between so many training images and the test images, mean over all
            disjoint sets of training images in their order.
        classes: share of each class among the test images, as the classifier sees them.
        sure: mean probability of the class that it gives a test image.
    """

    command: str
    accuracy: float
    floors: dict[int, float]
    classes: list[float]
    sure: float


class Classifier(nn.Module):
    """Intensities from 0 to 1 with shape (N, 1, size, size) to logits (N, 10).

    Arguments:
        size: pixels on a side, at least 8.
        levels: grey levels that intensities are made of.

    Attributes:
        mean, covariance: of the features of the test images, float64 (64,) and (64, 64).
        report: what else is known; of a loaded one.
    """

    mean: Tensor
    covariance: Tensor
    report: Report

    def __init__(self, size: int = SIZE, levels: int = LEVELS) -> None:
        super().__init__()
        self.levels = levels
        layers: list[nn.Module] = []
        for n, m in ((1, 16), (16, 32), (32, 64)):
            layers += [nn.Conv2d(n, m, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * (size // 8) ** 2, FEATURES), nn.LeakyReLU(0.1))
        self.head = nn.Linear(FEATURES, CLASSES)
        self.register_buffer("mean", torch.zeros(FEATURES, dtype=torch.float64))
        self.register_buffer("covariance", torch.zeros(FEATURES, FEATURES, dtype=torch.float64))

    def features(self, x: Tensor) -> Tensor:
        """The 64 numbers that the last layer makes its logits of: (N, 64)."""
        return cast(Tensor, self.body(x))

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10)."""
        return cast(Tensor, self.head(self.features(x)))

    @torch.no_grad()
    def see(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (N, 64) and logits (N, 10) of grey levels, integers with shape (N, 1, size, size)."""
        features = torch.cat([self.features(part.float() / (self.levels - 1)) for part in images.split(PASS)])
        return features, self.head(features)


@functools.cache
def classifier() -> Classifier:
    """The one that is shipped, in eval mode, on the CPU. Raises CheckpointError: it is missing or damaged."""
    try:
        return loads(WEIGHTS.read_bytes())
    except OSError as error:
        raise CheckpointError(f"The digit classifier {WEIGHTS} cannot be read: {COMMAND} makes it.") from error


def dumps(model: Classifier) -> bytes:
    """A weights file with the report in its header."""
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    return safetensors.torch.save(tensors, {"report": json.dumps(asdict(model.report))})


def loads(data: bytes, size: int = SIZE, levels: int = LEVELS) -> Classifier:
    """The classifier of a weights file, in eval mode. Raises CheckpointError: the file is none, or is damaged."""
    metadata, model = read_header(data).get("__metadata__", {}), Classifier(size, levels)
    try:
        report = Report(**json.loads(metadata["report"]))
        floors = {int(count): float(floor) for count, floor in report.floors.items()}  # keys of JSON are text
        tensors = safetensors.torch.load(data)
        model.load_state_dict(tensors)
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        raise CheckpointError("The file holds no digit classifier, or a damaged one.") from error
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise CheckpointError("The digit classifier is damaged: it holds values that are not finite numbers.")
    model.report = Report(**asdict(report) | {"floors": floors})
    return model.eval().requires_grad_(False)


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (D,) and covariance (D, D) of features (N, D), in float64."""
    x = features.double()
    return x.mean(0), x.T.cov()


def train(images: Split, validation: Split, epochs: int = EPOCHS, shift: int = SHIFT) -> Classifier:
    """A new classifier: that of the epoch with the lowest loss on the validation images.

    Arguments:
        shift: pixels, at most, by which a training image is moved each way.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)  # of the initial weights, which torch draws from no other generator
        model = Classifier(images.images.shape[-1], images.levels).to(memory_format=torch.channels_last)
    generator = torch.Generator().manual_seed(SEED)
    optimiser, passes = torch.optim.Adam(model.parameters()), epochs * math.ceil(len(images) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=passes)
    best, lowest = copy.deepcopy(model.state_dict()), float("inf")
    for _ in tqdm(range(epochs), unit="epoch", disable=None):
        for index in torch.randperm(len(images), generator=generator).split(BATCH):
            x = shifted(images.images[index].float() / (images.levels - 1), generator, shift)
            loss = F.cross_entropy(model(x), images.labels[index])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        held_out = float(F.cross_entropy(model.see(validation.images)[1], validation.labels))
        if held_out < lowest:
            best, lowest = copy.deepcopy(model.state_dict()), held_out
    model.load_state_dict(best)
    return model.eval()


def shifted(x: Tensor, generator: torch.Generator, shift: int = SHIFT) -> Tensor:
    """Images (N, 1, H, W), each moved by up to so many pixels each way."""
    side = 2 * shift + 1
    places = F.pad(x, [shift] * 4).unfold(2, x.shape[2], 1).unfold(3, x.shape[3], 1)  # (N, 1, side, side, H, W)
    down, right = torch.randint(0, side, (2, len(x)), generator=generator)
    return places[torch.arange(len(x)), :, down, right]


def describe(
    model: Classifier, images: Split, test: Split, counts: tuple[int, ...] = COUNTS, command: str = COMMAND
) -> None:
    """Fills in what a classifier has to know of real images."""
    features, logits = model.see(test.images)
    mean, covariance = moments(features)
    model.mean.copy_(mean)
    model.covariance.copy_(covariance)
    seen, floors = model.see(images.images)[0], {}
    for count in counts:
        sets = [part for part in seen.split(count) if len(part) == count]
        floors[count] = sum(frechet(*moments(part), mean, covariance) for part in sets) / len(sets)
    top, found = logits.softmax(1).max(1)
    model.report = Report(
        command,
        float((found == test.labels).double().mean()),
        floors,
        (found.bincount(minlength=CLASSES).double() / len(test)).tolist(),
        float(top.mean()),
    )


def main(path: Path = WEIGHTS) -> None:
    """Trains it on MNIST and writes it."""
    torch.set_num_threads(1)  # in how many parts a sum is added up decides its last bits
    data = load("mnist", SIZE, LEVELS)
    model = train(data.train, data.validation)
    describe(model, data.train, data.test)
    write(path, dumps(model))
    tqdm.write(json.dumps(asdict(model.report)))


if __name__ == "__main__":
    main()
