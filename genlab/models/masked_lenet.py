"""The masked-input LeNet of lecture 10.1: an ordinary network that is told which pixels are known."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.autoregressive import AutoregressiveImage

CHUNK = 256  # masked images in one pass of logits: with 1024, each takes 1.5 times as long on one core


class MaskedLeNet(AutoregressiveImage):
    """A LeNet with two input channels, mask and values, that predicts one pixel a pass.

    At 28×28 it is the lecture's; smaller images skip the pooling, those below 8×8 are padded with zeros to 8×8.
    """

    one_pass = False
    loss_draws = 8  # one position says little of an image

    def __init__(self, size: int, levels: int) -> None:
        super().__init__(size, levels)
        self.padding = max(8 - size, 0)
        pool = 2 if size > 8 else 1
        side = (size + self.padding - 2) // pool - 4
        self.features = nn.Sequential(
            nn.Conv2d(2, 32, kernel_size=3), nn.MaxPool2d(pool), nn.ReLU(), nn.Conv2d(32, 64, kernel_size=5), nn.ReLU()
        )
        self.fc = nn.Sequential(nn.Linear(64 * side * side, 512), nn.ReLU(), nn.Linear(512, levels))

    def masked(self, x: Tensor, t: Tensor) -> Tensor:
        """What the network sees of images x (N, 1, H, W) before positions t (N,): mask and values, (N, 2, H, W)."""
        positions = torch.arange(self.size**2, device=x.device).view(1, 1, self.size, self.size)
        mask = positions < t.view(-1, 1, 1, 1)
        # where, not a product: what stands in unknown positions must not matter at all
        values = torch.where(mask, self.normalise(x), 0)
        return torch.cat([mask.to(values.dtype), values], 1)

    def next_logits(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (N, levels) of the pixel at position t (N,) of each image, given those before it."""
        inputs = F.pad(self.masked(x, t), (0, self.padding, 0, self.padding))
        return self.fc(self.features(inputs).flatten(1))

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Logits of every pixel: one pass a pixel, CHUNK passes at a time."""
        n, total = x.shape[0], self.size**2
        logits = self.logits_at(x, torch.arange(total, device=x.device).expand(n, -1))
        return logits.view(n, self.size, self.size, self.levels).permute(0, 3, 1, 2)

    def logits_at(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (N, K, levels) at K positions t (N, K) of each image: a pass each, CHUNK at a time."""
        index = torch.arange(x.shape[0], device=x.device).repeat_interleave(t.shape[1])
        parts = zip(index.split(CHUNK), t.flatten().split(CHUNK), strict=True)
        return torch.cat([self.next_logits(x[i], p) for i, p in parts]).unflatten(0, tuple(t.shape))

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """As in ``AutoregressiveImage``, in a single pass."""
        return self.next_logits(x, torch.full((x.shape[0],), t, device=x.device))

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean nats a pixel at one random position of each image, drawn from the generator."""
        self.check(x)
        t = torch.randint(self.size**2, (x.shape[0],), generator=generator, device=generator.device).to(x.device)
        targets = x.flatten(1).gather(1, t[:, None])[:, 0]
        return F.cross_entropy(self.next_logits(x, t), targets.long())

    def stepper(self, n: int, labels: Tensor | None = None) -> OnePass:
        """As in ``AutoregressiveImage``."""
        self.check_labels(labels, n)
        return OnePass(self, n)


class OnePass:
    """A pass for every pixel; nothing is reused from step to step, since the mask changes everything.

    Images that still agree, on the empty paper at the top or on the known part of a drawing, share one pass.
    """

    def __init__(self, model: MaskedLeNet, n: int) -> None:
        self.model = model
        positions = torch.arange(model.size**2, device=next(model.parameters()).device)
        self.steps = positions.unsqueeze(1).expand(-1, n).unbind(0)

    def __call__(self, t: int, x: Tensor) -> Tensor:
        """Logits (n, levels) at position t."""
        known = x.flatten(1)[:, :t]
        if len(x) > 1 and bool((known == known[:1]).all()):
            return self.model.next_logits(x[:1], self.steps[t][:1]).expand(len(x), -1)
        return self.model.next_logits(x, self.steps[t])

    def select(self, index: Tensor) -> None:
        """As in ``Stepper``: nothing is kept."""
