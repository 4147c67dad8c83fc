"""The masked-input network of lecture 10.1: an ordinary network that is told which values are known."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.models.sequence import SequenceModel

LEAST = 16  # places that two convolutions and two poolings leave something of
CHUNK = 1024  # masked sequences in one pass of logits


class MaskedNet(SequenceModel):
    """A network with two input channels, mask and values, that predicts one place a pass.

    At T = 32 it is the lecture's; sequences shorter than 16 are padded with unknown places.
    """

    one_pass = False
    loss_draws = 8  # one place says little of a sequence

    def __init__(self, length: int, levels: int) -> None:
        super().__init__(length, levels)
        self.padding = max(LEAST - length, 0)
        left = ((length + self.padding - 4) // 2 - 4) // 2
        self.features = nn.Sequential(
            nn.Conv1d(2, 32, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(32, 64, kernel_size=5),
            nn.ReLU(),
            nn.MaxPool1d(2),
        )
        self.fc = nn.Sequential(nn.Linear(64 * left, 200), nn.ReLU(), nn.Linear(200, levels))

    def masked(self, x: Tensor, t: Tensor) -> Tensor:
        """What the network sees of sequences x (N, 1, T) before places t (N,): mask and values, (N, 2, T)."""
        mask = torch.arange(self.length, device=x.device) < t.view(-1, 1, 1)
        # where, not a product: what stands in unknown places must not matter at all
        values = torch.where(mask, self.normalise(x), 0)
        return torch.cat([mask.to(values.dtype), values], 1)

    def next_logits(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (N, levels) at place t (N,) of each sequence, given those before it."""
        return self.fc(self.features(F.pad(self.masked(x, t), (0, self.padding))).flatten(1))

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Logits of every place: one pass a place, CHUNK passes at a time."""
        n = len(x)
        index = torch.arange(n, device=x.device).repeat_interleave(self.length).split(CHUNK)
        places = torch.arange(self.length, device=x.device).repeat(n).split(CHUNK)
        parts = [self.next_logits(x[i], t) for i, t in zip(index, places, strict=True)]
        return torch.cat(parts).view(n, self.length, self.levels).transpose(1, 2)

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """As in ``AutoregressiveModel``, in a single pass."""
        return self.next_logits(x, torch.full((len(x),), t, device=x.device))

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean nats at one random place of each sequence, drawn from the generator."""
        self.check(x)
        t = torch.randint(self.length, (len(x),), generator=generator, device=generator.device).to(x.device)
        return F.cross_entropy(self.next_logits(x, t), x[:, 0].gather(1, t[:, None])[:, 0].long())

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """As in ``AutoregressiveModel``; nothing is reused from step to step, since the mask changes everything."""
        self.check_labels(labels, n)
        return lambda t, x: self.predict_at(x, None, t)
