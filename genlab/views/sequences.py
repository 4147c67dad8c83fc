"""What can be seen of a model of sequences."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.evaluation.straight import straight
from genlab.generation.request import Request
from genlab.generation.steps import generate
from genlab.layers.causal1d import CausalConv1d
from genlab.models.causal_sequence import CausalSequence
from genlab.models.gated_sequence import GaussianSequence
from genlab.models.sequence import SequenceModel
from genlab.views.seen import Seen, floats

FLOOR = 12.0  # nats below which a probability is drawn as nothing
NOISE = 8  # random sequences on which it is measured what reaches a place


def written(
    model: SequenceModel,
    n: int = 16,
    seed: int = 0,
    temperature: float = 1.0,
    known: tuple[int | None, ...] = (),
) -> Seen:
    """Sequences that a model writes, with the posterior of every place of each.

    Arguments:
        known: value of each place that is given, None where it is to be written; () for nothing given.

    Returns:
        ``values`` uint8 (n, T); ``log_probs`` uint8 (n, T, levels), from 0 (``floor`` nats below certainty, or less) to
        255 (certain): the distributions drawn from, temperature included; of them float32 (n, T) ``entropy`` in nats,
        ``mean`` and ``deviation`` in levels, ``surprise``, nats of each value, and ``uniforms``, by which it was drawn;
        ``given`` uint8 (T,). In the words ``log_prob`` (n,), log-likelihood of each sequence in nats without the
        temperature.

    Raises:
        ValueError: values that do not fit the model.
    """
    given = torch.tensor([value is not None for value in known] or [False] * model.length)
    fixed = torch.tensor([value or 0 for value in known] or [0] * model.length)
    if len(given) != model.length:
        raise ValueError(f"a sequence of this model has {model.length} places, not {len(given)}")
    uniforms = torch.rand(n, model.length, generator=torch.Generator().manual_seed(seed))
    request = Request(known=fixed[None, None], mask=given[None, None], temperature=temperature, uniforms=uniforms)
    steps = list(generate(model, request))
    log_probs = torch.stack([step.log_probs for step in steps], 1).cpu()  # (n, T, levels)
    values = torch.stack([step.value for step in steps], 1).cpu()
    with torch.inference_mode():
        total = model.log_prob(values[:, None].to(next(model.parameters()).device)).cpu()
    surprise = -log_probs.gather(2, values[:, :, None])[:, :, 0]
    p, level = log_probs.exp(), torch.arange(model.levels, dtype=log_probs.dtype)
    mean = p @ level
    deviation = (p * (level - mean[:, :, None]) ** 2).sum(2).sqrt()
    words = {
        "n": n,
        "length": model.length,
        "levels": model.levels,
        "floor": FLOOR,
        "temperature": temperature,
        "log_prob": [round(each, 4) for each in total.tolist()],
        "straight": straight(values).tolist(),
        "normal": isinstance(model, GaussianSequence),
    }
    return Seen(
        words,
        {
            "values": values.to(torch.uint8).numpy(),
            "log_probs": (255 * (1 + log_probs.clamp(-FLOOR, 0) / FLOOR)).round().to(torch.uint8).numpy(),
            "surprise": floats(surprise),
            "entropy": floats(torch.special.entr(p).sum(2)),
            "mean": floats(mean),
            "deviation": floats(deviation),
            "uniforms": floats(uniforms),
            "given": given.to(torch.uint8).numpy(),
        },
    )


def beside(model: SequenceModel, uniforms: Tensor, real: Tensor, letters: str | None = None) -> Seen:
    """Real sequences, and those that a model writes from uniforms (n, T).

    Arguments:
        real: (n, T).
        letters: what stands for each level, "" for nothing; None where sequences should be two straight pieces.

    Returns:
        ``real`` and ``samples`` uint8 (n, T), and ``bent`` uint8 (n,), 1 for each sample that no two straight pieces
        explain, where they should.
    """
    samples = torch.stack([step.value for step in generate(model, Request(uniforms=uniforms))], 1).cpu()
    bent = ~straight(samples) if letters is None else torch.zeros(len(samples))
    words = {"levels": model.levels, "letters": letters or "", "judged": letters is None}
    return Seen(
        words,
        {name: x.cpu().to(torch.uint8).numpy() for name, x in (("real", real), ("samples", samples), ("bent", bent))},
    )


@lru_cache(maxsize=16)
def reach(model: SequenceModel) -> Seen:
    """How strongly each value moves the prediction at each place: mean absolute gradient of its logits, on noise.

    Returns:
        ``reach`` float32 (T, T): row t has what moves the logits at t, 1 at the strongest; exactly 0 where nothing
        arrives.
    """
    weight = next(model.parameters())
    generator = torch.Generator().manual_seed(0)
    levels = torch.rand(NOISE, 1, model.length, generator=generator) * (model.levels - 1)
    direction = torch.randn(model.levels, generator=generator).to(weight)
    rows = []
    for t in range(model.length):
        x = levels.to(weight.device, weight.dtype).requires_grad_()
        with torch.enable_grad():
            told = model.predict_at(x, None, t) @ direction
            (gradient,) = torch.autograd.grad(told.sum(), x, allow_unused=True)
        rows.append(torch.zeros(model.length) if gradient is None else gradient.abs().mean((0, 1)).cpu())
    field = torch.stack(rows)
    return Seen({"length": model.length}, {"reach": floats(field / field.amax(1, keepdim=True).clamp_min(1e-30))})


def poke(model: SequenceModel, place: int, hide: str = "shift") -> Seen:
    """What changes when one value of a sequence is another one, layer by layer: measured, on random sequences.

    Arguments:
        place: whose value is raised by a level, the highest one to 0.
        hide: how the first layer hides the present: "shift", as the model does; "mask", its input unshifted and the
            weights of the present taken for 0, which needs a kernel of one tap more; "leak", not at all.

    Returns:
        ``moved`` float32 (layers, T), the largest change of any channel, 1 at the largest of each layer; exactly 0
        where nothing changed. The words have the ``layers``, from the input to the logits, and the ``dilations`` of
        their kernels, 0 for those of one tap.

    Raises:
        ValueError: no such place; a masked network, whose layers have no places, hidden otherwise than it is.
    """
    x = _noise(model, place)
    other = x.clone()
    other[:, :, place] = (x[:, :, place] + 1) % model.levels
    with torch.inference_mode():
        one, two = _layers(model, x, hide), _layers(model, other, hide)
    return _grid([(name, dilation, a - b) for (name, dilation, a), (_, _, b) in zip(one, two, strict=True)])


def needs(model: SequenceModel, place: int, hide: str = "shift") -> Seen:
    """What a prediction depends on, layer by layer: gradients of its logits, on random sequences.

    Arguments:
        place: of the prediction.
        hide: as in ``poke``.

    Returns:
        As ``poke``: ``moved`` has the largest gradient with respect to any channel.

    Raises:
        ValueError: as ``poke``.
    """
    x = _noise(model, place).to(next(model.parameters()).dtype).requires_grad_()
    with torch.enable_grad():
        kept = _layers(model, x, hide)
        generator = torch.Generator().manual_seed(1)
        direction = torch.randn(model.levels, generator=generator).to(x)  # plain sums of logits could cancel
        told = (kept[-1][2][:, :, place] @ direction).sum()
        gradients = torch.autograd.grad(told, [each for _, _, each in kept], allow_unused=True)
    return _grid(
        [
            (name, dilation, torch.zeros_like(each) if gradient is None else gradient)
            for (name, dilation, each), gradient in zip(kept, gradients, strict=True)
        ]
    )


def _noise(model: SequenceModel, place: int) -> Tensor:
    """Random sequences, on which one place is looked at. Raises ValueError where there is none."""
    if not 0 <= place < model.length:
        raise ValueError(f"the places of a sequence of this model are 0 to {model.length - 1}")
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(model.levels, (NOISE, 1, model.length), generator=generator)
    return x.to(next(model.parameters()).device)


Layer = tuple[str, int, Tensor]  # name, dilation of its taps or 0, and what it gives: (N, C, T)


def _grid(layers: list[Layer]) -> Seen:
    rows = torch.stack([each.detach().abs().amax((0, 1)).float() for _, _, each in layers])
    rows = rows / rows.amax(1, keepdim=True).clamp_min(1e-30)
    words = {"layers": [name for name, _, _ in layers], "dilations": [dilation for _, dilation, _ in layers]}
    return Seen(words, {"moved": floats(rows)})


def _layers(model: SequenceModel, x: Tensor, hide: str) -> list[Layer]:
    """Input, what every convolution with several taps and the first one give, and logits."""
    if not isinstance(model, CausalSequence):
        if hide != "shift":
            raise ValueError("a masked network hides what it must not see by its mask: it has no first layer to change")
        return [("x", 0, x), ("logits", 0, torch.stack([model.predict_at(x, None, t) for t in range(model.length)], 2))]
    first = next(layer for layer in model.modules() if isinstance(layer, CausalConv1d))
    kept = [("x", 0, x)]

    def convolve(layer: CausalConv1d, h: Tensor) -> Tensor:
        if layer is not first or hide == "shift":
            y = layer(h)
        elif hide == "leak":
            y = F.conv1d(h, layer.weight, layer.bias)
        else:  # two taps: that of the past has the model's own weights, that of the present is masked
            weight = torch.cat([layer.weight, layer.weight], 2) * torch.tensor([1.0, 0.0]).to(layer.weight)
            y = F.conv1d(F.pad(h, (1, 0)), weight, layer.bias)
        if layer is first or layer.kernel_size[0] > 1:
            kept.append((f"layer {len(kept)}", layer.step if layer.kernel_size[0] > 1 else 0, y))
        return y

    logits = model.network(model.inputs(x), convolve)
    return [*kept, ("logits", 0, logits)]


def posteriors(model: SequenceModel, sequence: tuple[int, ...]) -> Seen:
    """What a model expects at every place of a sequence, given the values before it.

    Returns:
        ``log_probs`` float32 (T, levels) in nats. The words have ``bits``, of each value, and ``mean``, the expected
        level of each place.

    Raises:
        ValueError: no sequence of this model.
    """
    x = torch.tensor(sequence)[None, None]
    with torch.inference_mode():
        log_probs = torch.log_softmax(model.logits(x.to(next(model.parameters()).device)), 1)[0].t().cpu()
    bits = -log_probs.gather(1, x[0, 0][:, None])[:, 0] / math.log(2)
    mean = log_probs.exp() @ torch.arange(model.levels, dtype=log_probs.dtype)
    words = {
        "levels": model.levels,
        "bits": [round(each, 4) for each in bits.tolist()],
        "mean": [round(each, 3) for each in mean.tolist()],
    }
    return Seen(words, {"log_probs": floats(log_probs)})
