"""What can be seen of the space that an image GAN's noise comes from: samples, walks between them, directions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import numpy as np
import torch
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.models.gan import ImageGAN
from genlab.training.adversarial import LOSSES
from genlab.views.limits import LONGEST, REACH
from genlab.views.seen import Seen, floats

COUNT = 16  # samples on a sheet

Move = tuple[str, int, float]  # "v", a singular direction at the place reached so far, or "z", a coordinate; its
# number; and how far to go, at most REACH


def sheet(model: ImageGAN, loss: str, seed: int = 0, label: int | None = None) -> Seen:
    """Samples of fixed noise.

    Arguments:
        loss: what the players played for, see ``genlab.training.adversarial``.
        seed: of the noise.
        label: the class of all; None gives a class-conditional model 0, 1, … 9, 0, …

    Returns:
        ``sheet`` uint8 (16, H, W), ink 255; ``says`` float32 (16,): what D says of each, its probability of being
        real where the loss knows one, else a score. ``meta`` has ``labels`` (16) or None, ``latent`` (dimensions of
        z) and ``probability``: True where ``says`` are probabilities.
    """
    one_hot = _one_hot(model, label)
    x = _made(model, _noise(model, seed), one_hot)
    labels = [int(c) for c in one_hot.argmax(1)] if model.conditional else None
    meta = {"labels": labels, "latent": model.latent, "probability": LOSSES[loss].sigmoid}
    return Seen(meta, {"sheet": _ink(x), "says": _says(model, loss, x, one_hot)})


def walk(
    model: ImageGAN,
    loss: str,
    seed: int = 0,
    a: int = 0,
    b: int = 1,
    label: int | None = None,
    moves: Sequence[Move] = (),
    frames: int = 49,
) -> Seen:
    """The images on the way from A to B: the direction as on a great circle, the length in proportion.

    Where the classes of A and B differ, both players are told a mixture: (1 − t) of one, t of the other.

    Arguments:
        loss, seed, label: as in ``sheet``.
        a, b: samples of the sheet.
        moves: from sample a to A, in order.
        frames: places on the way, evenly spaced in t from 0 to 1.

    Returns:
        ``walk`` uint8 (frames, H, W); ``walk_says`` float32 (frames,) as ``says`` of the sheet; ``norm`` float32
        (frames,): |z|. ``meta`` has ``angle``: between A and B, in degrees.

    Raises:
        ValueError: no such sample or move.
    """
    start, end = place(model, seed, a, label, moves), place(model, seed, b, label)
    t = torch.linspace(0, 1, frames).to(start)
    z = slerp(start, end, t)
    first, last = _one_hot(model, label)[[a, b]]
    one_hot = torch.lerp(first, last, t[:, None])
    x = _made(model, z, one_hot)
    arrays = {"walk": _ink(x), "walk_says": _says(model, loss, x, one_hot), "norm": floats(z.norm(dim=1))}
    return Seen({"angle": math.degrees(_angle(start, end))}, arrays)


def directions(
    model: ImageGAN,
    seed: int = 0,
    a: int = 0,
    label: int | None = None,
    moves: Sequence[Move] = (),
    kind: str = "change",
    rows: int = 5,
    steps: int = 9,
) -> Seen:
    """Rows of images on straight lines through A.

    Arguments:
        seed, a, label, moves: as in ``walk``.
        kind: "change", the directions along which the image at A changes most: right singular vectors of ∂G/∂z; or
            "single", the coordinates of z along which it changes most.
        rows: lines.
        steps: places on each, from −3 to 3, the middle one A itself.

    Returns:
        ``rows`` uint8 (rows, steps, H, W). ``meta`` has ``lines``: of each row the move that leads along it, "v" or
        "z" and its number; ``slopes``: how much the image, as a vector of intensities from 0 to 1, changes for each
        unit of z along it; ``steps``.

    Raises:
        ValueError: as ``walk``, and for an unknown kind.
    """
    z, one_hot = place(model, seed, a, label, moves), _one_hot(model, label)[a]
    if kind == "change":
        slopes, vectors = (part[:rows] for part in _singular(model, z, one_hot))
        lines = [("v", i) for i in range(len(slopes))]
    elif kind == "single":
        slopes, best = jacobian(model, z, one_hot).norm(dim=0).sort(descending=True)
        slopes, vectors = slopes[:rows], torch.eye(len(z)).to(z)[best[:rows]]
        lines = [("z", int(i)) for i in best[:rows]]
    else:
        raise ValueError(f"there are no directions {kind!r}; there are change and single")
    s = torch.linspace(-REACH, REACH, steps).to(z)
    at = (z + s[:, None] * vectors[:, None]).flatten(0, 1)
    x = _made(model, at, one_hot.expand(len(at), -1))
    meta = {"lines": lines, "slopes": slopes.tolist(), "steps": s.tolist()}
    return Seen(meta, {"rows": _ink(x).reshape(len(lines), steps, model.size, model.size)})


def place(model: ImageGAN, seed: int, sample: int, label: int | None = None, moves: Sequence[Move] = ()) -> Tensor:
    """z (latent,) of a sample of a sheet, moved along directions. Raises ValueError: no such sample or move."""
    if sample not in range(COUNT):
        raise ValueError(f"there is no sample {sample}: they are numbered from 0 to {COUNT - 1}")
    if len(moves) > LONGEST:
        raise ValueError(f"a path has at most {LONGEST} moves, not {len(moves)}")
    return _place(model, seed, sample, label, tuple((name, index, far) for name, index, far in moves))


@lru_cache(maxsize=LONGEST)  # a path grows move by move: only the last one is new
def _place(model: ImageGAN, seed: int, sample: int, label: int | None, moves: tuple[Move, ...]) -> Tensor:
    if not moves:
        return _noise(model, seed)[sample]
    z, (name, index, far) = _place(model, seed, sample, label, moves[:-1]), moves[-1]
    if name not in ("v", "z") or index not in range(model.latent) or not abs(far) <= REACH:
        raise ValueError(
            f"there is no move {name}{index} by {far:g}: v or z, 0 to {model.latent - 1}, by at most {REACH:g}"
        )
    if name == "v":
        _, vectors = _singular(model, z, _one_hot(model, label)[sample])
        if index >= len(vectors):
            raise ValueError(f"there are {len(vectors)} directions along which the image changes, no {index}")
        return z + far * vectors[index]
    moved = z.clone()
    moved[index] += far
    return moved


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Points from a to b, both (D,), at t (T,): (T, D). Directions lie on a great circle, lengths between theirs.

    A straight line where the two point the same or opposite ways.

    K. Shoemake. Animating rotation with quaternion curves. SIGGRAPH, 1985; for noise: T. White. Sampling generative
    networks. 2016.
    """
    t, omega = t[:, None], torch.tensor(_angle(a, b)).to(a)
    if torch.sin(omega) < 1e-4:
        return (1 - t) * a + t * b
    length = (1 - t) * a.norm() + t * b.norm()
    toward = [torch.sin(part * omega) / torch.sin(omega) for part in (1 - t, t)]  # 1 and 0 at A, 0 and 1 at B
    return toward[0] * (length / a.norm()) * a + toward[1] * (length / b.norm()) * b


def jacobian(model: ImageGAN, z: Tensor, one_hot: Tensor) -> Tensor:
    """∂G/∂z at one z (D,), (H·W, D), from two backward passes: Jᵀu is linear in u, and its slope is J.

    Arguments:
        one_hot: the class as one-hot (10,), or (0,) for a model that is told none.
    """
    d = len(z)
    with torch.enable_grad():
        copies = z.detach().expand(d, -1).clone().requires_grad_()
        x = model.generator(torch.cat((copies, one_hot.expand(d, -1)), 1))
        u = torch.zeros_like(x, requires_grad=True)
        (back,) = torch.autograd.grad(x, copies, u, create_graph=True)
        (columns,) = torch.autograd.grad(back, u, torch.eye(d).to(z))
    return columns.flatten(1).T


def _singular(model: ImageGAN, z: Tensor, one_hot: Tensor) -> tuple[Tensor, Tensor]:
    """Singular values (K,) of ∂G/∂z, largest first, and right singular vectors (K, D), largest component positive."""
    _, values, vectors = torch.linalg.svd(jacobian(model, z, one_hot), full_matrices=False)
    largest = vectors.gather(1, vectors.abs().argmax(1, keepdim=True))
    return values, vectors * largest.sign()


def _angle(a: Tensor, b: Tensor) -> float:
    """In radians, exact near 0 and π too."""
    a, b = a.double() / a.norm(), b.double() / b.norm()
    return 2 * math.atan2(float((a - b).norm()), float((a + b).norm()))


def _noise(model: ImageGAN, seed: int) -> Tensor:
    return model.noise(COUNT, torch.Generator().manual_seed(seed))


def _one_hot(model: ImageGAN, label: int | None) -> Tensor:
    """The class of each sample as one-hot (16, 10); (16, 0) for a model that is told none."""
    if not model.conditional:
        return torch.zeros(COUNT, 0).to(next(model.parameters()))
    if label is not None and label not in range(CLASSES):
        raise ValueError(f"there is no class {label}: they are numbered from 0 to {CLASSES - 1}")
    classes = torch.arange(COUNT) % CLASSES if label is None else torch.full((COUNT,), label)
    return torch.eye(CLASSES)[classes].to(next(model.parameters()))


@torch.no_grad()
def _made(model: ImageGAN, z: Tensor, one_hot: Tensor) -> Tensor:
    """G(z), intensities (N, 1, H, W). The class may be a mixture, which ``generate`` does not take."""
    return cast(Tensor, model.generator(torch.cat((z, one_hot), 1)))


def _ink(x: Tensor) -> np.ndarray:
    """Images as uint8 (N, H, W), ink 255."""
    return (x[:, 0] * 255).round().to("cpu", torch.uint8).numpy()


@torch.no_grad()
def _says(model: ImageGAN, loss: str, x: Tensor, one_hot: Tensor) -> np.ndarray:
    """What D says of images, float32 (N,)."""
    beside = one_hot[:, :, None, None].expand(-1, -1, *x.shape[2:])
    score = model.discriminator(torch.cat((x, beside), 1)).flatten()
    return floats(torch.sigmoid(score) if LOSSES[loss].sigmoid else score)
