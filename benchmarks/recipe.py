"""What of the usual recipe helps a gated PixelCNN in a short training: one change at a time, same images, one thread.

    python -m benchmarks.recipe

MNIST at 14×14 with 16 levels, by class: ``STEPS`` steps of 16 images, then bits/dim given the class on validation
images. The shipped recipe is Adam with clipped gradients, a learning rate that falls to a tenth over the last 40 %, the
average of the weights over the last steps, and dilations 1, 2, 4, 8. Three seeds of it show what chance does.
"""

from __future__ import annotations

import json
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import genlab
from genlab.data.images import load
from genlab.errors import DataUnavailable
from genlab.evaluation import bits_per_dim
from genlab.experiments.pixels import GatedPixelCNNExperiment
from genlab.layers.causal import column_causal, row_causal
from genlab.models import build
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.training import schedule
from genlab.training.objectives import MaximumLikelihood

STEPS, HELD_OUT, WARM_UP = 900, 2000, 50
CHANGES: dict[str, dict[str, Any]] = {
    "the shipped recipe": {},
    "the same, seed 1": {"seed": 1},
    "the same, seed 2": {"seed": 2},
    "no dilations": {"dilated": False},
    "learning rate constant": {"falling": False},
    "learning rate doubled": {"rate": 2.0},
    "learning rate doubled, warm-up": {"rate": 2.0, "warm_up": WARM_UP},
    "learning rate × 4, warm-up": {"rate": 4.0, "warm_up": WARM_UP},
    "attention after two blocks": {"attention": 2},
    "attention after two blocks, learning rate doubled, warm-up": {"attention": 2, "rate": 2.0, "warm_up": WARM_UP},
    "Muon on the flattened inner convolutions": {"muon": 0.01},
    "half the resolution in the middle": {"halved": True},
    "half the resolution in the middle, no dilations": {"halved": True, "dilated": False},
    "dropout 0.1 in every block": {"dropout": 0.1},
    "digits shifted by up to a pixel": {"shift": 1},
    "batches of 64 in the last quarter": {"late": 4},
}


class Halved(GatedPixelCNN):
    """All blocks but the first and the last at half the resolution, beside a way around them (Salimans et al. 2017).

    A place (R, C) of theirs sees what comes before pixel (2R, 2C) in raster order, as the four pixels that begin there
    may. ``size`` must be even.
    """

    def __init__(self, size: int, levels: int, channels: int = 32, **options: Any) -> None:
        super().__init__(size, levels, channels, **options)
        self.down = nn.ModuleList((row_causal(channels, channels, 3), column_causal(channels, channels, 3)))
        self.up = nn.ModuleList(nn.ConvTranspose2d(channels, channels, 2, stride=2) for _ in range(2))

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``."""
        inputs = self.inputs(x)
        first, *middle, last = self.blocks
        around = first(self.vertical(inputs), self.horizontal(inputs), labels)
        v, u = (down(y)[:, :, ::2, ::2] for down, y in zip(self.down, around, strict=True))
        for block in middle:
            v, u = block(v, u, labels)
        v, u = (y + up(half) for y, up, half in zip(around, self.up, (v, u), strict=True))
        _, u = last(v, u, labels)
        return self.final2(self.final1(u.relu()).relu())


def train(
    *,
    seed: int = 0,
    dilated: bool = True,
    falling: bool = True,
    rate: float = 1.0,
    warm_up: int = 0,
    attention: int = 0,
    halved: bool = False,
    muon: float = 0.0,
    dropout: float = 0.0,
    shift: int = 0,
    late: int = 1,
) -> dict[str, float]:
    """Bits/dim on held-out images, of the averaged and of the last weights."""
    base = genlab.experiment("gated-pixelcnn-mnist14", dilated=dilated, attention=attention, steps=STEPS, seed=seed)
    assert isinstance(base, GatedPixelCNNExperiment)
    data = load(base.dataset, base.size, base.levels)
    torch.manual_seed(seed)
    model = Halved(**base.architecture()) if halved else build(base)
    model = model.to(memory_format=torch.channels_last).train()
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.99))
    if dropout:
        for block in model.blocks:  # type: ignore[union-attr]
            block.out.register_forward_pre_hook(lambda _, x: F.dropout(x[0], dropout))
    inner = [p for p in model.blocks.parameters() if p.dim() == 4] if muon else []  # type: ignore[union-attr]
    flat = [torch.nn.Parameter(p.detach().flatten(1).clone()) for p in inner]  # matrices, as Muon wants them
    outer = [p for p in model.parameters() if all(p is not other for other in inner)]
    optimizers = [(torch.optim.Adam(outer, lr=base.learning_rate, fused=True), rate * base.learning_rate)]
    if muon:
        optimizers.append((torch.optim.Muon(flat, lr=muon, weight_decay=0.0), muon))
    generator, seen, total = torch.Generator().manual_seed(seed), 0, STEPS * base.batch_size
    while seen < total:
        batch = base.batch_size * (late if seen >= 0.75 * total else 1)
        x, labels = data.train.batch(torch.randint(len(data.train), (batch,), generator=generator), generator)
        if shift:
            x = shifted(x, shift, generator)
        model.loss(x, labels, generator).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), MaximumLikelihood.max_grad_norm)
        at = seen // base.batch_size if falling else 0
        for matrix, kernel in zip(flat, inner, strict=True):
            matrix.grad = None if kernel.grad is None else kernel.grad.flatten(1)
        for optimizer, highest in optimizers:
            optimizer.param_groups[0]["lr"] = schedule.learning_rate(highest, at, STEPS, warm_up)
            optimizer.step()
        with torch.no_grad():
            for matrix, kernel in zip(flat, inner, strict=True):
                kernel.copy_(matrix.view_as(kernel))
        model.zero_grad()
        average.update_parameters(model)
        seen += batch
    images, labels = data.validation.fixed(HELD_OUT)
    return {"averaged": score(average.module, images, labels), "last": score(model, images, labels)}


def shifted(x: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Each image moved by up to ``most`` pixels along each side; white paper comes in."""
    padded, size = F.pad(x, (most,) * 4), x.shape[-1]
    moves = torch.randint(2 * most + 1, (len(x), 2), generator=generator).tolist()
    return torch.stack([image[:, r : r + size, c : c + size] for image, (r, c) in zip(padded, moves, strict=True)])


@torch.inference_mode()
def score(model: AutoregressiveImage, images: Tensor, labels: Tensor) -> float:
    """Bits/dim given the class, without dropout."""
    for block in model.blocks:  # type: ignore[union-attr]
        block.out._forward_pre_hooks.clear()
    parts = zip(images.split(64), labels.split(64), strict=True)
    nats = -sum(float(model.log_prob(x, y).sum()) for x, y in parts) / len(images)
    return round(bits_per_dim(nats, images[0].numel()), 4)


def measure() -> dict[str, Any]:
    """Every change, or a sentence where MNIST is not there."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return {name: train(**change) for name, change in CHANGES.items()}
    except DataUnavailable as error:
        return {"skipped": str(error)}
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
