"""What can be seen of a MADE: its masks, what they let through, its members, and sampling by sweeps."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.data.images import load
from genlab.generation.request import Request
from genlab.generation.sweeps import sweeps as passes_of
from genlab.models.made import MADE
from genlab.views.pixels import place
from genlab.views.seen import Seen, floats

LARGEST = 256  # rows and columns of a mask that are shown
DRAWN, HELD_OUT = 16, 100  # images on which members are compared
SHOWN = 24  # sweeps in a picture


def masks(model: MADE, position: int, member: int = 0) -> Seen:
    """The masks of every layer, and which of their weights lead to the output of a pixel.

    Arguments:
        member: whose masks, see ``genlab.models.made.MADE``.

    Returns:
        ``mask0``, ``mask1`` … uint8 (out, in): 0 masked, 1 kept, 2 kept and on a way to the pixel's output. The logits
        of a pixel have the same masks and are one row. Where there are more than 256 rows or columns, a cell stands for
        several and says the largest. ``meta`` has ``names``, ``shapes`` (out, in), ``kept`` (shares), ``lit`` (counts).

    Raises:
        ValueError: a position outside the image, or no such member.
    """
    place(model, position)
    *hidden, out, direct = _masks(model, member)
    out, direct = out[:: model.levels - 1], direct[:: model.levels - 1]
    lit = torch.zeros(len(out), dtype=torch.bool, device=out.device)
    lit[position] = True
    shown = [direct.int() + (direct & lit[:, None]).int()]
    for mask in (out, *reversed(hidden)):
        on = mask & lit[:, None]
        shown.append(mask.int() + on.int())
        lit = on.any(0)
    shown = [*reversed(shown[1:]), shown[0]]
    names = [f"hidden layer {k + 1}" for k in range(len(hidden))] + ["outputs", "direct"]
    meta = {
        "names": names,
        "shapes": [list(mask.shape) for mask in shown],
        "kept": [float((mask > 0).double().mean()) for mask in shown],
        "lit": [int((mask == 2).sum()) for mask in shown],
    }
    return Seen(meta, {f"mask{k}": _coarser(mask) for k, mask in enumerate(shown)})


def connectivity(model: MADE, position: int, member: int = 0) -> Seen:
    """Which pixels reach the output of one: by the product of the masks, and by the gradient of its logits.

    Arguments:
        As in ``masks``.

    Returns:
        Float32 (size, size): ``ways`` through the masks from each pixel to the output, the direct one included;
        ``gradient``, mean absolute, on noise, 1 at its largest; ``rank`` of each pixel in the member's order, from 1.
        ``meta`` has ``row`` and ``column``.

    Raises:
        As ``masks``.
    """
    row, column = place(model, position)
    *hidden, out, direct = (mask.double() for mask in _masks(model, member))
    at = position * (model.levels - 1)
    ways = out[at]
    for mask in reversed(hidden):
        ways = ways @ mask
    weight, generator = next(model.parameters()), torch.Generator().manual_seed(0)
    # In noise no unit is silent for all images, and in a random direction no two logits cancel.
    noise = torch.rand(16, 1, model.size, model.size, generator=generator) * (model.levels - 1)
    direction = torch.randn(model.levels, generator=generator).to(weight)
    x = noise.to(weight).requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad((model.member_logits(x, member)[:, position] @ direction).sum(), x)
    gradient = slope.abs().mean((0, 1))
    arrays = {
        "ways": (ways + direct[at]).view(model.size, -1),
        "gradient": gradient / gradient.max().clamp_min(1e-30),
        "rank": model.rank[member].view(model.size, -1),
    }
    return Seen({"row": row, "column": column}, {name: floats(array) for name, array in arrays.items()})


@torch.inference_mode()
def ensembles(model: MADE) -> Seen:
    """What averaging over members gains and costs, and what becomes of a sum over all images.

    8×8 models are asked about held-out digits, others about images that they drew themselves.

    Returns:
        ``meta`` has ``images`` (how many), ``drawn`` (True where the model drew them) and ``rows``: for the first
        member, all masks of the first order, all orders with their first masks, all members, as far as there are
        several, each with ``orders``, ``masks``, ``nats``: mean of −log of the mean of probabilities; ``logits_nats``:
        the same of the mean of logits, see ``mean_of_logits``; ``ms``: for all images; ``total`` and ``logits_total``:
        what both add up to over all images of a tiny model with as many orders and masks, 2×2 pixels of 3 levels.
    """
    masks = model.members // model.orders
    drawn = model.size != 8
    if drawn:
        x = model.sample(DRAWN, generator=torch.Generator().manual_seed(1))
    else:
        x = load("digits", 8, 17).test.images[:HELD_OUT].long().to(model.rank.device)
        x = x * (model.levels - 1) // 16
    tiny = _tiny(model.orders, masks)
    every = torch.tensor(list(itertools.product(range(3), repeat=4))).view(-1, 1, 2, 2)
    rows = []
    for orders, of_each in dict.fromkeys([(1, 1), (1, masks), (model.orders, 1), (model.orders, masks)]):
        members = [order * masks + k for order in range(orders) for k in range(of_each)]
        rows.append(
            {
                "orders": orders,
                "masks": of_each,
                "nats": -float(model.ensemble_log_prob(x, members).mean()),
                "logits_nats": -float(mean_of_logits(model, x, members).mean()),
                "ms": _milliseconds(partial(model.ensemble_log_prob, x, members)),
                "total": float(tiny.ensemble_log_prob(every, members).exp().sum()),
                "logits_total": float(mean_of_logits(tiny, every, members).exp().sum()),
            }
        )
    return Seen({"images": len(x), "drawn": drawn, "rows": rows}, {})


def mean_of_logits(model: MADE, x: Tensor, members: Sequence[int]) -> Tensor:
    """What is often taken for an ensemble's log-likelihood, (N,): logits averaged pixel by pixel, then a softmax.

    Over members of one order that is one. Over several orders it is none: each pixel is then predicted from pixels that
    are predicted from it, and the probabilities of all images need not add up to 1.
    """
    logits = torch.stack([model.member_logits(x, k) for k in members]).mean(0)
    return -F.cross_entropy(logits.transpose(1, 2), x.flatten(1).long(), reduction="none").sum(1)


@torch.inference_mode()
def sweeps(model: MADE, seed: int) -> Seen:
    """One image, sweep by sweep, beside the same image pixel by pixel.

    Arguments:
        seed: of the uniforms.

    Returns:
        ``images`` and ``changed`` uint8 (S, size, size): after each of at most ``SHOWN`` sweeps, the first and the last
        among them. ``meta`` has ``levels``, ``index`` of these sweeps, from 1, ``passes`` and ``pixels`` in all,
        ``same``: True where it is the very image that is drawn pixel by pixel, ``ms`` of ``sweeps`` and of ``steps``.
    """

    def request() -> Request:
        return Request(1, generator=torch.Generator().manual_seed(seed))

    begin = time.perf_counter()
    made = list(passes_of(model, request()))
    between = time.perf_counter()
    image = model.sample(request())
    end = time.perf_counter()
    index = np.unique(np.linspace(0, len(made) - 1, SHOWN).round().astype(int)).tolist()
    shape = (len(index), model.size, model.size)
    arrays = {
        "images": torch.cat([made[k].values for k in index]).view(shape),
        "changed": torch.cat([made[k].changed for k in index]).view(shape),
    }
    meta = {
        "levels": model.levels,
        "index": [k + 1 for k in index],
        "passes": len(made),
        "pixels": len(model.order),
        "same": bool(torch.equal(made[-1].values, image.flatten(1))),
        "ms": {"sweeps": 1000 * (between - begin), "steps": 1000 * (end - between)},
    }
    return Seen(meta, {name: array.to(torch.uint8).cpu().numpy() for name, array in arrays.items()})


def _masks(model: MADE, member: int) -> list[Tensor]:
    if not 0 <= member < model.members:
        raise ValueError(f"there are {model.members} members, from 0: no {member}")
    return model.masks(member)


def _coarser(mask: Tensor) -> np.ndarray:
    """uint8, at most LARGEST rows and columns: the largest of each block."""
    high, wide = (math.ceil(n / LARGEST) for n in mask.shape)
    blocks = F.max_pool2d(mask[None].double(), (high, wide), ceil_mode=True)[0]
    pooled: np.ndarray = blocks.to(torch.uint8).cpu().numpy()
    return pooled


def _tiny(orders: int, masks: int) -> MADE:
    """A model all of whose images can be listed, with weights large enough for members to differ."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = MADE(2, 3, hidden=16, orders=orders, masks=masks).double()
        for parameter in model.parameters():
            parameter.normal_()
    return model


def _milliseconds(call: Callable[[], Tensor]) -> float:
    """The fastest of three calls."""
    fastest = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        call().sum().item()  # waits for the device
        fastest = min(fastest, time.perf_counter() - start)
    return 1000 * fastest
