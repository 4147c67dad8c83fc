"""What can be seen of a flow on images: noise that becomes an image, images between images, an image there and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.layers.image_flow import (
    ActNorm,
    ChannelCoupling,
    CheckerboardCoupling,
    ImageLayer,
    Invertible1x1,
    Squeeze,
)
from genlab.models.image_flow import ImageFlow
from genlab.views.seen import Seen, floats

COUNT = 16  # samples on a sheet
SIDE = 9  # images along a side of a manifold
NEAR = 12  # neighbours of a drawing
DRAWS = 8  # of u, over which a density is averaged
NAMES: dict[type[ImageLayer], str] = {
    ActNorm: "actnorm",
    ChannelCoupling: "coupling of channels",
    CheckerboardCoupling: "checkerboard coupling",
    Invertible1x1: "1×1 convolution",
    Squeeze: "squeeze",
}

Corner = int | bytes  # a sample of the sheet, or grey levels, uint8 in raster order


@torch.inference_mode()
def sheet(model: ImageFlow, seed: int = 0, temperature: float = 1.0, label: int | None = None) -> Seen:
    """Samples of fixed noise.

    Arguments:
        temperature: what the noise is multiplied with.
        label: the class of all; None gives a class-conditional model 0, 1, … 9, 0, …

    Returns:
        ``sheet`` uint8 (16, H, W), ink 255. ``meta`` has ``labels`` (16) or None.

    Raises:
        ValueError: no such class.
    """
    z, labels = _noise(model, seed, temperature), _labels(model, label)
    told = None if labels is None else labels.tolist()
    return Seen({"labels": told}, {"sheet": _ink(model, model.inverse(z, labels))})


@torch.inference_mode()
def journey(
    model: ImageFlow, seed: int = 0, temperature: float = 1.0, label: int | None = None, sample: int = 0
) -> Seen:
    """A sample on its way from noise to an image, layer by layer.

    Arguments:
        seed, temperature, label: as in ``sheet``.
        sample: of the sheet.

    Returns:
        ``states`` float32 (K + 1, H, W): all numbers, each at the pixel whose it becomes by squeezing alone; ``joined``
        uint8 (K + 1, H, W): 1 where they are on their way, 0 where they wait; ``image`` uint8 (H, W), ink 255;
        ``so_far`` uint8 (B, H, W): the image of the coarsest block alone, the others 0, of the two coarsest, … of all;
        ``blocks`` float32 (D,): the noise of the blocks, the coarsest first. ``meta`` has ``layers`` (K + 1 names: what
        was undone last), ``scales`` (K + 1: the scale of each, the finest 1), ``shapes`` of the blocks (C, H, W), the
        coarsest first, and ``entered`` (K + 1): blocks that have joined.

    Raises:
        ValueError: no such sample or class.
    """
    z = _noise(model, seed, temperature)[_known(sample)][None]
    labels = _labels(model, label)
    told = None if labels is None else labels[sample : sample + 1]
    states, joined, entered = [], [], []
    for h, waiting in model.generation(z, told):
        states.append(model.grid(h, waiting))
        joined.append(model.grid(torch.ones_like(h), tuple(map(torch.zeros_like, waiting))))
        entered.append(len(model.blocks) - len(waiting))
    chain = model.chain()
    undone = [(NAMES[type(layer)], k + 1) for k, layers in reversed(list(enumerate(chain))) for layer in layers[::-1]]
    first = [("noise", len(chain)), *([("class", len(chain))] if model.conditional else [])]
    names, scales = zip(*first, *undone, strict=True)
    blocks = model.split(z)
    partly = [
        torch.cat(
            [(block if k >= first_drawn else torch.zeros_like(block)).flatten(1) for k, block in enumerate(blocks)], 1
        )
        for first_drawn in reversed(range(len(blocks)))
    ]
    so_far = model.inverse(torch.cat(partly), None if told is None else told.expand(len(blocks)))
    meta = {
        "layers": list(names),
        "scales": list(scales),
        "shapes": [list(shape) for shape in reversed(model.blocks)],
        "entered": entered,
    }
    arrays = {
        "states": floats(torch.cat(states)),
        "joined": torch.cat(joined).to("cpu", torch.uint8).numpy(),
        "image": _ink(model, so_far[-1:])[0],
        "so_far": _ink(model, so_far),
        "blocks": floats(torch.cat([block.flatten() for block in reversed(blocks)])),
    }
    return Seen(meta, arrays)


@torch.inference_mode()
def manifold(
    model: ImageFlow, corners: Sequence[Corner], seed: int = 0, temperature: float = 1.0, label: int | None = None
) -> Seen:
    """Images between four images: Figure 6 of the paper on Real NVP.

    ``z(φ, φ') = cos φ (cos φ' z₁ + sin φ' z₂) + sin φ (cos φ' z₃ + sin φ' z₄)``, φ downwards and φ' to the right, both
    from 0 to π / 2. The class, of a model that is told one, is mixed with the squares of these weights.

    Arguments:
        corners: four images; a drawing has the class that the model takes it for.
        seed, temperature, label: of the sheet.

    Returns:
        ``manifold`` uint8 (9², H, W), ink 255, row by row.

    Raises:
        ValueError: no such sample, or levels that are no image.
    """
    z, classes = _corners(model, corners, seed, temperature, label)
    at = torch.linspace(0, 1, SIDE)
    places = torch.cartesian_prod(at, at)
    return Seen({}, {"manifold": _ink(model, _between(model, z, classes, places))})


@torch.inference_mode()
def between(
    model: ImageFlow,
    corners: Sequence[Corner],
    down: float,
    right: float,
    seed: int = 0,
    temperature: float = 1.0,
    label: int | None = None,
) -> Seen:
    """One image of ``manifold``: ``image`` uint8 (H, W).

    Arguments:
        down, right: φ and φ' as parts of π / 2, 0 to 1.
    """
    z, classes = _corners(model, corners, seed, temperature, label)
    return Seen({}, {"image": _ink(model, _between(model, z, classes, torch.tensor([[down, right]])))[0]})


@torch.inference_mode()
def mirrored(
    model: ImageFlow,
    drawing: bytes,
    seed: int = 0,
    away: float = 0.3,
    anew: Literal["all", "coarsest", "finer"] = "all",
) -> Seen:
    """An image through the flow to its noise, back again, and what lies near it.

    Arguments:
        drawing: grey levels, uint8 in raster order.
        seed: of the dequantisation, and of the directions in which neighbours lie.
        away: how far they lie, as an angle from 0 to π / 2: z cos a + ε sin a with ε ~ N(0, I).
        anew: which blocks move: all, the coarsest alone, or all but that.

    Returns:
        ``back`` uint8 (H, W), ink 255: f⁻¹(f(x)); ``error`` float32 (H, W): by how many grey levels it is off, before
        rounding; ``noise`` float32 (H, W): z, laid out as in ``journey``; ``neighbours`` uint8 (12, H, W). ``meta`` has
        ``bits_per_dim`` and ``nats`` of the density, the means of 8 dequantisations; ``length`` of z and ``usual``: the
        shortest and the longest z of sixteen samples of the model that are dequantised anew; ``off``: pixels whose
        level is another one after rounding; ``largest`` error; and for a class-conditional model ``classes``: p(y | x),
        else None, as for paper without ink.

    Raises:
        ValueError: levels that are no image.
    """
    x = _levels(model, drawing)
    draws = torch.Generator().manual_seed(seed)
    v = model.dequantize(x, draws)
    several, classes, label = x.expand(DRAWS, -1, -1, -1), None, None
    if model.conditional:
        each = model.class_log_probs(several, draws).double()
        log_prob = (torch.logsumexp(each, 1) - math.log(CLASSES)).mean()
        classes = torch.softmax(torch.logsumexp(each, 0), 0)
        label = classes.argmax()[None]
    else:
        log_prob = model.log_prob(several, generator=draws).mean()
    z, _ = model(v, label)
    back = model.inverse(z, label)
    error = (back - v)[0, 0] * model.levels
    noise = model.noise(NEAR, torch.Generator().manual_seed(seed + 1))
    near = math.cos(away) * z + math.sin(away) * noise
    coarsest = torch.arange(model.dim, device=z.device) >= model.dim - math.prod(model.blocks[-1])
    if anew != "all":
        near = torch.where(coarsest == (anew == "coarsest"), near, z)
    blocks = model.split(z)
    meta = {
        "nats": -float(log_prob),
        "bits_per_dim": -float(log_prob) / (model.dim * math.log(2)),
        "length": float(z.norm()),
        "usual": _lengths(model),
        "off": int((model.grey(back) != x).sum()),
        "largest": float(error.abs().max()),
        "classes": None if classes is None or not x.any() else classes.tolist(),
    }
    arrays = {
        "back": _ink(model, back)[0],
        "error": floats(error),
        "noise": floats(model.grid(blocks[-1], tuple(blocks[:-1])))[0],
        "neighbours": _ink(model, model.inverse(near, None if label is None else label.expand(NEAR))),
    }
    return Seen(meta, arrays)


@lru_cache(maxsize=4)  # a brush that moves asks again and again
def _lengths(model: ImageFlow) -> tuple[float, float]:
    """The shortest and the longest z of sixteen samples that are dequantised anew."""
    draws, labels = torch.Generator().manual_seed(0), _labels(model, None)
    x = model.sample(COUNT, draws, labels)
    lengths = model(model.dequantize(x, draws), labels)[0].norm(dim=1)
    return float(lengths.min()), float(lengths.max())


def _corners(
    model: ImageFlow, corners: Sequence[Corner], seed: int, temperature: float, label: int | None
) -> tuple[Tensor, Tensor | None]:
    """z (4, D) of corners, and their classes as one-hot (4, 10) where the model is told one."""
    if len(corners) != 4:
        raise ValueError(f"a manifold has four corners, not {len(corners)}")
    sheet, labels = _noise(model, seed, temperature), _labels(model, label)
    z, classes = [], []
    for corner in corners:
        if isinstance(corner, int):
            told = None if labels is None else labels[_known(corner)][None]
            z.append(sheet[_known(corner)])
        else:
            x, draws = _levels(model, corner), torch.Generator().manual_seed(seed)
            told = model.posterior(x, draws).argmax(1) if model.conditional else None
            z.append(model(model.dequantize(x, draws), told)[0][0])
        classes.append(told)
    all_told = torch.cat([c for c in classes if c is not None]) if model.conditional else None
    return torch.stack(z), None if all_told is None else F.one_hot(all_told, CLASSES).to(sheet)


def _between(model: ImageFlow, z: Tensor, classes: Tensor | None, places: Tensor) -> Tensor:
    """Intensities (N, 1, H, W) at places (N, 2), 0 to 1 each, between four corners (4, D)."""
    down, right = (places.to(z) * (math.pi / 2)).unbind(1)
    weights = torch.stack(
        (down.cos() * right.cos(), down.cos() * right.sin(), down.sin() * right.cos(), down.sin() * right.sin()), 1
    )
    return model.inverse(weights @ z, None if classes is None else weights.square() @ classes)


def _noise(model: ImageFlow, seed: int, temperature: float) -> Tensor:
    return temperature * model.noise(COUNT, torch.Generator().manual_seed(seed))


def _known(sample: int) -> int:
    """A sample of the sheet. Raises ValueError: there is no such one."""
    if sample not in range(COUNT):
        raise ValueError(f"there is no sample {sample}: they are numbered from 0 to {COUNT - 1}")
    return sample


def _labels(model: ImageFlow, label: int | None) -> Tensor | None:
    """The class of each sample (16,); None for a model that is told none."""
    if not model.conditional:
        return None
    if label is not None and label not in range(CLASSES):
        raise ValueError(f"there is no class {label}: they are numbered from 0 to {CLASSES - 1}")
    device = next(model.parameters()).device
    return (torch.arange(COUNT) % CLASSES if label is None else torch.full((COUNT,), label)).to(device)


def _levels(model: ImageFlow, drawing: bytes) -> Tensor:
    """Grey levels (1, 1, H, W). Raises ValueError: they are no image of the model's."""
    values = np.frombuffer(drawing, np.uint8)
    if len(values) != model.dim or values.max() >= model.levels:
        raise ValueError(f"an image of this model has {model.dim} pixels with levels from 0 to {model.levels - 1}")
    return torch.from_numpy(values.copy()).long().view(1, 1, model.size, model.size).to(next(model.parameters()).device)


def _ink(model: ImageFlow, v: Tensor) -> np.ndarray:
    """Intensities (N, 1, H, W) as the grey levels that they stand for, uint8 (N, H, W), ink 255."""
    return (model.grey(v)[:, 0] * 255 // (model.levels - 1)).to("cpu", torch.uint8).numpy()
