"""What can be seen inside a flow on images: what its couplings keep and change, how channels are mixed, directions."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from genlab.data.drawing import examples
from genlab.layers.image_flow import ActNorm, ChannelCoupling, CheckerboardCoupling, ImageLayer, Invertible1x1
from genlab.models.image_flow import ImageFlow
from genlab.views.limits import STEPS
from genlab.views.seen import Seen, floats

KEPT, CHANGED, LEFT = range(3)  # what a coupling does with a number
SEED = 0  # of the sample that is looked at, and of the dequantisation

Coupling = CheckerboardCoupling | ChannelCoupling


def couplings(model: ImageFlow) -> list[tuple[int, Coupling]]:
    """All couplings from the data's side, each with its scale, from 0."""
    return [
        (k, layer)
        for k, layers in enumerate(model.chain())
        for layer in layers
        if isinstance(layer, CheckerboardCoupling | ChannelCoupling)
    ]


def mixings(model: ImageFlow) -> list[tuple[int, ActNorm, Invertible1x1]]:
    """All steps of a Glow from the data's side: scale, from 0, the actnorm and the matrix."""
    return [
        (k, norm, mix)
        for k, layers in enumerate(model.chain())
        for norm, mix in pairwise(layers)
        if isinstance(norm, ActNorm) and isinstance(mix, Invertible1x1)
    ]


def depths(model: ImageFlow) -> Seen:
    """How many ``couplings`` and ``mixings`` there are to look at."""
    return Seen({"couplings": len(couplings(model)), "mixings": len(mixings(model))}, {})


@torch.no_grad()
def coupling(model: ImageFlow, layer: int, image: str = "sample") -> Seen:
    """What a coupling does with one image: every number at the pixel from which squeezing has moved it.

    Arguments:
        layer: of the couplings, from 0, the first one from the data.
        image: name of an example digit, or "sample": one that the model draws.

    Returns:
        All (H, W): ``image`` uint8, grey levels; ``roles`` uint8: kept, changed, or noise that has left already;
        float32: ``before`` and ``after``, the numbers themselves; ``s`` and ``t``, log-scale and shift, 0 where nothing
        changes. ``meta``: ``layer`` of ``layers`` and ``scale`` of ``scales``, from 0; ``checkerboard``: its kind of
        mask; ``counts`` of each role; ``log_det`` of this coupling and ``total`` of all layers so far, in nats;
        ``levels``; ``leaves``: half of the channels leave after it.

    Raises:
        ValueError: there is no such layer, or no such image.
    """
    chosen = couplings(model)
    if not 0 <= layer < len(chosen):
        raise ValueError(f"the flow has the couplings 0 to {len(chosen) - 1}, not {layer}")
    scale, one = chosen[layer]
    x, labels = _image(model, image)
    states = list(model.states(_dequantized(model, x), labels))
    chain: list[ImageLayer] = [each for layers in model.chain() for each in layers]
    k = next(k for k, each in enumerate(chain) if each is one)
    before, after = states[k : k + 2]
    if isinstance(one, CheckerboardCoupling):
        s, t = one.fields(before.h)
        roles = (1 - one.mask)[None].to(before.h)  # KEPT is 0, CHANGED 1
    else:
        a, b, s, t = one.fields(before.h)
        s, t = one.join(torch.zeros_like(a), s), one.join(torch.zeros_like(a), t)
        roles = one.join(torch.full_like(a, KEPT), torch.full_like(b, CHANGED))

    def place(h: Tensor, gone: int = 0) -> Tensor:
        return model.grid(h, tuple(torch.full_like(block, gone) for block in before.left))[0]

    role = place(roles, LEFT).to(torch.uint8)
    arrays = {
        "image": x[0, 0].to(torch.uint8).cpu().numpy(),
        "roles": role.cpu().numpy(),
        "before": floats(model.grid(before.h, before.left)[0]),
        "after": floats(model.grid(after.h, after.left)[0]),
        "s": floats(place(s)),
        "t": floats(place(t)),
    }
    meta = {
        "layer": layer,
        "layers": len(chosen),
        "scale": scale,
        "scales": len(model.scales),
        "checkerboard": isinstance(one, CheckerboardCoupling),
        "counts": [int((role == part).sum()) for part in (KEPT, CHANGED, LEFT)],
        "log_det": float(s.sum()),
        "total": float(after.log_det - states[0].log_det),
        "levels": model.levels,
        "leaves": len(after.left) > len(before.left),
    }
    return Seen(meta, arrays)


@torch.no_grad()
def mixing(model: ImageFlow, step: int) -> Seen:
    """The matrix that mixes the channels in one step of a Glow, and the actnorm before it.

    Arguments:
        step: from 0, the first one from the data.

    Returns:
        ``weight`` (C, C), W; ``gram`` (C, C), WᵀW − I, 0 for a rotation; ``scale`` (C,), what actnorm multiplies each
        channel with; all float32. ``meta``: ``step`` of ``steps`` and ``scale`` of ``scales``, from 0;
        ``places``: H · W; ``log_det`` of W, the sum of log |s|, and ``gap``, how far from it log |det W| by elimination
        is; ``singular`` values, the largest first; ``away``: the Frobenius norm of W minus the nearest rotation.

    Raises:
        ValueError: there is no such step.
    """
    chosen = mixings(model)
    if not 0 <= step < len(chosen):
        raise ValueError(f"the flow mixes its channels in {len(chosen)} steps, and {step + 1} is none of them")
    scale, norm, mix = chosen[step]
    weight = mix.weight()
    singular = torch.linalg.svdvals(weight)
    meta = {
        "step": step,
        "steps": len(chosen),
        "scale": scale,
        "scales": len(model.scales),
        "places": (model.size >> scale + 1) ** 2,
        "log_det": float(mix.log_s.sum()),
        "gap": float((torch.linalg.slogdet(weight)[1] - mix.log_s.sum()).abs()),
        "singular": singular.tolist(),
        "away": float((singular - 1).norm()),
    }
    arrays = {
        "weight": floats(weight),
        "gram": floats(weight.T @ weight - torch.eye(len(weight)).to(weight)),
        "scale": floats((norm.s.exp() / norm.deviation).flatten()),
    }
    return Seen(meta, arrays)


@torch.no_grad()
def direction(model: ImageFlow, a: int, b: int, seed: int = 0) -> Seen:
    """From class b to class a and beyond: what the coarsest block of the noise is shifted by is the difference of the
    two classes' means, times ``STEPS``.

    In the units of the noise that is (μ_a − μ_b) / σ_b. At 0 stands the image itself, at 1 a sample has the mean of
    class a, and the spread of class b.

    Arguments:
        a, b: classes.
        seed: of the sample.

    Returns:
        ``images`` uint8 (2, len(STEPS), H, W), grey levels: first a sample of class b, then the example digit b;
        ``posterior`` float32 (2, len(STEPS), 10), p(class | image) by the model itself. ``meta``: ``levels``.

    Raises:
        ValueError: the model is not class-conditional, or there is no such class.
    """
    if not model.conditional:
        raise ValueError("only a class-conditional model has means of classes")
    digit, label = _image(model, str(b))
    shift = (model.class_mean[a] - model.class_mean[b]) * (-model.class_log_scale[b]).exp()
    z = torch.cat((model.noise(1, torch.Generator().manual_seed(seed)), model(_dequantized(model, digit), label)[0]))
    along = torch.tensor(STEPS).to(z)[:, None] * torch.nn.functional.pad(
        shift.flatten(),
        (model.dim - shift.numel(), 0),  # the coarsest block is the last one
    )
    moved = (z[:, None] + along).flatten(0, 1)
    images = model.grey(model.inverse(moved, torch.full((len(moved),), b).to(z.device)))
    posterior = model.posterior(images, torch.Generator().manual_seed(SEED))
    shape = (2, len(STEPS), model.size, model.size)
    arrays = {
        "images": images.view(shape).to(torch.uint8).cpu().numpy(),
        "posterior": floats(posterior.view(2, len(STEPS), -1)),
    }
    return Seen({"levels": model.levels, "a": a, "b": b}, arrays)


def _image(model: ImageFlow, name: str) -> tuple[Tensor, Tensor | None]:
    """Grey levels (1, 1, H, W) of an example digit, or of a sample, and its class where the model is told one."""
    weight = next(model.parameters())
    digit = torch.tensor([int(name)] if name.isdigit() else [0], device=weight.device)
    labels = digit if model.conditional else None
    if name == "sample":
        return model.sample(1, torch.Generator().manual_seed(SEED), labels), labels
    if name not in examples(model.size):
        raise ValueError(f"there is no example {name!r}")
    levels = torch.from_numpy(examples(model.size)[name].levels(model.levels))
    return levels.to(weight.device)[None, None], labels


def _dequantized(model: ImageFlow, x: Tensor) -> Tensor:
    return model.dequantize(x.cpu(), torch.Generator().manual_seed(SEED))
