"""What can be seen of a GAN in the middle of a step, on one batch: values, verdicts and gradients. Changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.data.datasets import load
from genlab.experiments.principles import ByGame
from genlab.models.gan import GAN
from genlab.training.adversarial import LOSSES, Loss, discriminator_loss, generator_loss
from genlab.views.limits import FINE, HIGH, LOW
from genlab.views.seen import Seen, floats

LARGEST = 256  # data in a batch
BINS = 32  # of a histogram of values
FLAT = 0.01  # a sigmoid whose slope is below this passes hardly any gradient; the largest is 1/4
REACH, PLACES = 8.0, 161  # logits at which losses are drawn: at least from −8 to 8


class Batch(NamedTuple):
    """What both players are asked about.

    Attributes:
        z: noise (N, latent).
        mix: ε of the gradient penalty (N,).
        x: real data (N, …) in the model's range, or None.
        labels: classes (N,), or None where the model is told none.
    """

    z: Tensor
    mix: Tensor
    x: Tensor | None
    labels: Tensor | None


class Layer(NamedTuple):
    """A layer, the values that left it, and the gradients of a player's loss."""

    layer: nn.Module
    values: Tensor  # h (N, …)
    slope: Tensor  # ∂L/∂h
    weights: list[Tensor]  # ∂L/∂θ of each of its weights


def batch(model: GAN, experiment: ByGame, seed: int, data: bool = True) -> Batch:
    """A batch of the experiment's size, at most 256; without ``data``, of noise only. Raises DataUnavailable."""
    n, generator = min(experiment.batch_size, LARGEST), torch.Generator().manual_seed(seed)
    z = model.noise(n, generator)
    mix, x, labels = torch.rand(n, generator=generator).to(z), None, torch.arange(n, device=z.device) % CLASSES
    if data:
        train = load(experiment).train
        grey, given = train.batch(torch.randint(len(train), (n,), generator=generator), generator)
        x, labels = model.real(grey).to(z), labels if given is None else given.to(z.device)
    return Batch(z, mix, x, labels if model.conditional else None)


def play(model: GAN, player: str, on: Batch, loss: Loss, penalty: float) -> tuple[Tensor, list[Layer]]:
    """The loss that a player minimises, and each of its layers from the input on, as backpropagation sees them.

    Arguments:
        player: "D" or "G".
        penalty: λ of the gradient penalty.

    Raises:
        ValueError: D without real data.
    """
    model = copy.deepcopy(model).requires_grad_()  # the weights that are looked at get no gradients
    if player == "G":
        with noted(model.generator) as passed:
            total = generator_loss(model, loss, on.z, on.labels)
    else:
        if on.x is None:
            raise ValueError("D needs real data")
        with noted(model.discriminator) as passed:
            total = discriminator_loss(model, loss, on.x, on.z, on.mix, on.labels, penalty)
    weights = [list(layer.parameters()) for layer, _ in passed]
    every = [values for _, values in passed] + [weight for part in weights for weight in part]
    slopes = iter(torch.autograd.grad(total, every))
    of_values = [next(slopes) for _ in passed]
    seen = [
        Layer(layer, values.detach(), slope, [next(slopes) for _ in part])
        for (layer, values), slope, part in zip(passed, of_values, weights, strict=True)
    ]
    return total.detach(), seen


@contextmanager
def noted(player: nn.Module) -> Iterator[list[tuple[nn.Module, Tensor]]]:
    """Notes which layers data pass first, each with the values that leave it; what only changes a shape is no layer."""
    passed: list[tuple[nn.Module, Tensor]] = []

    def note(layer: nn.Module, _: object, values: Tensor) -> None:
        if all(known is not layer for known, _ in passed):  # a gradient penalty passes them again
            passed.append((layer, values))

    hooks = [
        layer.register_forward_hook(note)
        for layer in player.modules()
        if not isinstance(layer, nn.Flatten | nn.Unflatten) and not list(layer.children())
    ]
    try:
        yield passed
    finally:
        for hook in hooks:
            hook.remove()


# The views


def layers(model: GAN, experiment: ByGame, loss: str, seed: int = 0, data: bool = True) -> Seen:
    """Every layer of both players on one batch: the values leaving it and the gradients of the player's own loss.

    Arguments:
        experiment: where the data, the size of the batch and λ come from.
        loss: what both players minimise, see ``genlab.training.adversarial``.
        seed: of the batch.
        data: False leaves out what needs real data: the discriminator.

    Returns:
        ``meta`` has ``batch`` (N) and for each player, "D" and "G", its layers in order: ``kind``, ``shape`` (what
        goes in and comes out, or ""), ``rms`` of the values h, ``slope``: ‖∂L/∂h‖, ``weights``: ‖∂L/∂θ‖, or None
        where it has none; ``idle``: the share of its units that are 0 on the whole batch (ReLU) or where the slope is
        below 0.01 on the whole batch (sigmoid), else None. With the player's name before them, float32 shares:
        ``D_values`` (L, 32), histograms of h between ``D_range`` (L, 2); ``D_slopes`` and ``D_weights`` (L, 1 + 42):
        of |∂L/∂h| and |∂L/∂θ|, first what is smaller than 1e-12, then three bins for each power of ten up to 100.

    Raises:
        DataUnavailable: the data are neither on disk nor reachable.
    """
    on = batch(model, experiment, seed, data)
    meta: dict[str, Any] = {"batch": len(on.z)}
    arrays = {}
    for player in "DG" if data else "G":
        _, seen = play(model, player, on, LOSSES[loss], experiment.penalty)
        meta[player] = [_describe(layer) for layer in seen]
        histograms = [_histogram(floats(layer.values)) for layer in seen]
        arrays[f"{player}_values"] = np.stack([share for share, _ in histograms])
        arrays[f"{player}_range"] = np.stack([ends for _, ends in histograms])
        arrays[f"{player}_slopes"] = np.stack([_magnitudes([layer.slope]) for layer in seen])
        arrays[f"{player}_weights"] = np.stack([_magnitudes(layer.weights) for layer in seen])
    return Seen(meta, arrays)


def verdicts(model: GAN, experiment: ByGame, loss: str, seed: int = 0, data: bool = True) -> Seen:
    """What D says of real and of made data, and what both players make of it.

    Arguments:
        As in ``layers``.

    Returns:
        ``fake`` and, with data, ``real``, float32 (N,): l = D(x) before any sigmoid. ``meta`` has ``sigmoid``: True
        where σ(l) is a probability, ``neutral``: l of a D that cannot tell, None where any is as good; for each
        player ``loss``, ``equilibrium``: its loss where made and real data are alike, None where it has no value of its
        own, and ``norm`` of its whole gradient.

    Raises:
        As ``layers``.
    """
    on, played = batch(model, experiment, seed, data), LOSSES[loss]
    settled = equilibrium(played)
    neutral = None if settled["G"] is None else played.neutral
    meta: dict[str, Any] = {"sigmoid": played.sigmoid, "neutral": neutral, "equilibrium": settled}
    meta |= {"loss": {}, "norm": {}}
    for player in "DG" if data else "G":
        total, seen = play(model, player, on, played, experiment.penalty)
        meta["loss"][player], meta["norm"][player] = float(total), _norm(seen)
    with torch.no_grad():
        says = {"fake": floats(model.discriminate(model.generate(on.z, on.labels), on.labels))}
        if on.x is not None:
            says["real"] = floats(model.discriminate(on.x, on.labels))
    return Seen(meta, says)


def saturation(model: GAN, experiment: ByGame, seed: int = 0, data: bool = True) -> Seen:
    """Minimax beside non-saturating: losses of G and their slopes, and the gradient that G gets now for every loss.

    Arguments:
        As in ``layers``; all losses are compared.

    Returns:
        ``logits`` float32 (161,): places l; ``losses`` and ``slopes`` (2, 161): L_G of one made datum and ∂L_G/∂l
        there, for minimax and for non-saturating; ``fake`` (N,): l of the made data. ``meta`` has ``norms``: of G's
        whole gradient, by loss; ``probability``: mean of σ(l) over the made data.

    Raises:
        As ``layers``.
    """
    on = batch(model, experiment, seed, data and model.conditional)  # of the data, G is told the labels at most
    norms = {name: _norm(play(model, "G", on, played, 0.0)[1]) for name, played in LOSSES.items()}
    with torch.no_grad():
        fake = model.discriminate(model.generate(on.z, on.labels), on.labels)
    line = torch.linspace(min(-REACH, float(fake.min())), max(REACH, float(fake.max())), PLACES)
    curves, slopes = zip(*(curve(LOSSES[name], line) for name in ("minimax", "non-saturating")), strict=True)
    arrays = {"logits": line, "losses": torch.stack(curves), "slopes": torch.stack(slopes), "fake": fake}
    meta = {"norms": norms, "probability": float(torch.sigmoid(fake).mean())}
    return Seen(meta, {name: floats(array) for name, array in arrays.items()})


def curve(loss: Loss, logits: Tensor) -> tuple[Tensor, Tensor]:
    """L_G of one made datum of which D says l, and its slope ∂L_G/∂l, at each of ``logits`` (K,)."""
    at = logits.clone().requires_grad_()
    values = torch.stack([loss.generate(verdict) for verdict in at.split(1)])
    (slopes,) = torch.autograd.grad(values.sum(), at)
    return values.detach(), slopes


def equilibrium(loss: Loss) -> dict[str, float | None]:
    """Both losses where D cannot tell made from real data; None where D may be shifted by a number at no cost."""
    same = torch.full((1,), loss.neutral or 0.0)
    of_discriminator = loss.discriminate(same, same)
    free = bool(torch.isclose(loss.discriminate(same + 0.5, same + 0.5), of_discriminator))
    return {"D": float(of_discriminator), "G": None if free else float(loss.generate(same))}


# Of one layer


def _describe(seen: Layer) -> dict[str, Any]:
    """A layer in words and numbers, as ``layers`` tells it."""
    return {
        "kind": type(seen.layer).__name__,
        "shape": _shape(seen.layer),
        "rms": float(seen.values.square().mean().sqrt()),
        "slope": float(seen.slope.norm()),
        "weights": _norm([seen]) if seen.weights else None,
        "idle": _idle(seen.layer, seen.values),
    }


def _shape(layer: nn.Module) -> str:
    match layer:
        case nn.Linear():
            return f"{layer.in_features} → {layer.out_features}"
        case nn.Conv2d() | nn.ConvTranspose2d():
            return f"{layer.in_channels} → {layer.out_channels}"
    return ""


def _idle(layer: nn.Module, values: Tensor) -> float | None:
    """The share of units that pass no gradient, or hardly any, for whatever datum of the batch."""
    match layer:
        case nn.ReLU():
            still = values == 0
        case nn.Sigmoid():
            still = values * (1 - values) < FLAT
        case _:
            return None
    return float(still.all(0).double().mean())


def _norm(seen: list[Layer]) -> float:
    """Of the gradients of all weights of these layers together."""
    return float(sum(slope.double().square().sum() for layer in seen for slope in layer.weights)) ** 0.5


def _histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares (32,) of values between their least and their largest, and these two."""
    counts, edges = np.histogram(values, BINS)
    return (counts / values.size).astype(np.float32), edges[[0, -1]].astype(np.float32)


def _magnitudes(slopes: list[Tensor]) -> np.ndarray:
    """Shares of absolute values: below 10^LOW, then by powers of ten; 0 everywhere without any."""
    bins = (HIGH - LOW) * FINE
    size = torch.cat([slope.flatten().abs().double().cpu() for slope in slopes]) if slopes else torch.zeros(0)
    place = ((size.log10() - LOW) * FINE).floor().clamp(-1, bins - 1).long() + 1  # 0 lies at −∞
    return floats(torch.bincount(place, minlength=bins + 1) / max(1, len(size)))
