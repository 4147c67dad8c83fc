"""What the command line makes of a model: its evaluation, its samples. For each kind of model its own."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from genlab.catalog import reference
from genlab.data.images import Split
from genlab.errors import GenlabError
from genlab.evaluation.likelihood import evaluate
from genlab.evaluation.sample_quality import sample_quality
from genlab.experiment import Experiment, ImageExperiment, LineExperiment, PlaneExperiment, PlaneGANExperiment
from genlab.generation.steps import generate
from genlab.judgeable import judgeable
from genlab.models import Model
from genlab.models.autoregressive import CLASSES, AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import GAN, ImageGAN
from genlab.views.game import standing
from genlab.views.line import line
from genlab.views.plane import numbers

POINTS = 100_000  # fresh ones, by which a model of the plane is judged


def likelihood(
    model: AutoregressiveImage, experiment: Experiment, split: Split, count: int | None, positions: int | None
) -> dict[str, Any]:
    """How likely held-out images are to an autoregressive model. Raises GenlabError."""
    images, labels = split.fixed(count)
    with tqdm(total=len(images), unit="image", disable=None) as bar:
        try:
            result = evaluate(model, images, labels, positions=positions, progress=bar.update)
        except ValueError as error:
            raise GenlabError(f"{error}.") from error
    published = reference(experiment)
    return {**result, "published_bits_per_dim": published.bits_per_dim if published else None}


def worth(model: Model, experiment: Experiment) -> dict[str, Any]:
    """Likelihood of a flow on fresh points, in nats; of a GAN, which has none, what its samples are worth.

    Raises:
        GenlabError: images that the classifier does not know.
    """
    match experiment, model:
        case PlaneGANExperiment(), GAN():
            return standing(model, experiment.dataset, experiment.table, count=POINTS).meta
        case ImageExperiment(), ImageGAN():
            if not judgeable(experiment):
                raise GenlabError("only GANs of MNIST in 28×28 are judged: the classifier knows nothing else.")
            return sample_quality(model)
        case PlaneExperiment(), Flow():
            return numbers(model, experiment.dataset, experiment.table, count=POINTS).meta
        case LineExperiment(), Flow():
            meta = line(model, experiment.dataset, experiment.table).meta
            return {"nll": meta["nll"], "entropy": meta["entropy"]}
    raise TypeError(f"nothing judges {type(model).__name__}")


def images(
    model: AutoregressiveImage | ImageGAN, n: int, label: int | None, temperature: float, seed: int
) -> dict[str, np.ndarray]:
    """Samples as ``images``, grey levels (n, H, W), and ``labels``, their classes, none where the model is told none.

    Raises:
        GenlabError: a class or a temperature that this model cannot be told.
    """
    labels, generator = None, torch.Generator().manual_seed(seed)
    if model.conditional:
        labels = torch.arange(n) % CLASSES if label is None else torch.full((n,), label)
    elif label is not None:
        raise GenlabError("this model is not told a class: leave out --label.")
    if isinstance(model, ImageGAN):
        if temperature != 1:
            raise GenlabError("a GAN has no temperature: leave out --temperature.")
        values = model.grey(model.sample(n, generator, labels)[:, 0])
    else:
        try:
            steps = generate(model, n, labels=labels, temperature=temperature, generator=generator)
            drawn = [step.value for step in tqdm(steps, total=model.size**2, unit="pixel", disable=None)]
        except ValueError as error:
            raise GenlabError(str(error)) from error
        values = torch.stack(drawn, 1).reshape(n, model.size, model.size)
    return {"images": values.cpu().numpy(), "labels": np.zeros(0) if labels is None else labels.numpy()}


def write_images(out: Path, made: dict[str, np.ndarray], levels: int) -> None:
    """Writes a picture (.png), white paper and black ink, or values (.npz). Raises GenlabError for another ending."""
    if out.suffix == ".npz":
        np.savez_compressed(out, allow_pickle=False, **made)
        return
    if out.suffix != ".png":
        raise GenlabError(f"{out} should end in .png or .npz.")
    drawn = made["images"]
    n, height, width = drawn.shape
    columns = math.ceil(math.sqrt(n))
    sheet = np.zeros((math.ceil(n / columns) * columns, height, width))
    sheet[:n] = drawn / (levels - 1)
    sheet = np.pad(sheet, ((0, 0), (1, 1), (1, 1)))
    rows = sheet.reshape(-1, columns, *sheet.shape[1:]).transpose(0, 2, 1, 3)
    ink = (255 * (1 - rows.reshape(-1, columns * sheet.shape[2]))).astype("uint8")
    Image.fromarray(ink).resize((4 * ink.shape[1], 4 * ink.shape[0]), Image.Resampling.NEAREST).save(out)


def write_points(out: Path, model: Flow | GAN, n: int, seed: int) -> None:
    """Writes points as a table (.csv) or as values (.npz). Raises GenlabError for another ending."""
    if out.suffix not in (".csv", ".npz"):
        raise GenlabError(f"{out} should end in .csv or .npz: these are points.")
    points = model.sample(n, torch.Generator().manual_seed(seed)).cpu().numpy()
    if out.suffix == ".npz":
        np.savez_compressed(out, allow_pickle=False, points=points)
    else:
        np.savetxt(out, points, delimiter=",", fmt="%.6f")
