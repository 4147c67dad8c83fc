"""One network for every order of the pixels (Uria, Murray and Larochelle 2014; Hoogeboom et al. 2022).

It is told which pixels are known and gives the posterior of each other one. So it is a model of the image in each of
the T! orders at once. The mean of ``−log p`` over the orders is T times the mean, over how many are known (uniform on
0 … T − 1) and which, of the mean of ``−log p`` over the others: this is what it is trained on.

B. Uria, I. Murray and H. Larochelle. A deep and tractable density estimator. ICML, 2014, arXiv 1310.1757.
E. Hoogeboom et al. Autoregressive diffusion models. ICLR, 2022, arXiv 2110.02037.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.position import position_code
from genlab.models.autoregressive import AutoregressiveImage, StepByStep

CHUNK = 64  # masked images in one pass of logits


class Residual(nn.Module):
    """``h + W₂ ∗ relu(W₁ ∗ relu(h))``, maps (N, C, H, W) to maps of the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, h: Tensor) -> Tensor:
        """As above."""
        return h + self.conv2(self.conv1(h.relu()).relu())


class UNet(nn.Module):
    """Residual blocks on three scales, on the way down and up again; what went down is added on the way up.

    Arguments:
        inputs, outputs: channels.
        width: channels on the finest scale; twice as many on the others.
    """

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__()
        widths = (width, 2 * width, 2 * width)
        self.first = nn.Conv2d(inputs, width, 3, padding=1)
        self.down = nn.ModuleList(nn.Sequential(Residual(c), Residual(c)) for c in widths)
        self.wider = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in pairwise(widths))
        self.narrower = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.up = nn.ModuleList(nn.Sequential(Residual(c), Residual(c)) for c in widths[:-1])
        self.last = nn.Sequential(
            nn.ReLU(), nn.Conv2d(width, 2 * width, 1), nn.ReLU(), nn.Conv2d(2 * width, outputs, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, inputs, H, W) to (N, outputs, H, W)."""
        h, kept = self.down[0](self.first(x)), []
        for wider, block in zip(self.wider, list(self.down)[1:], strict=True):
            kept.append(h)
            h = block(wider(F.avg_pool2d(h, 2, ceil_mode=True)))
        for narrower, block in zip(reversed(self.narrower), reversed(self.up), strict=True):
            skip = kept.pop()
            h = block(skip + F.interpolate(narrower(h), skip.shape[2:]))
        return self.last(h)


class OrderAgnostic(AutoregressiveImage):
    """A U-Net that sees the known pixels, and where they are, and gives the posteriors of all others at once.

    As a model of images in raster order it is one among others; ``genlab.generate`` takes any order.

    Arguments:
        size, levels: as in ``AutoregressiveImage``.
        channels: feature maps of the U-Net on its finest scale.
    """

    one_pass = False
    any_order = True
    loss_draws = 2  # how many pixels are known is drawn, evenly spread over a batch

    position: Tensor

    def __init__(self, size: int, levels: int, channels: int = 24) -> None:
        super().__init__(size, levels)
        code = position_code(size)
        self.register_buffer("position", code, persistent=False)
        self.net = UNet(2 + len(code), levels, channels)

    def posteriors(self, x: Tensor, known: Tensor) -> Tensor:
        """Logits of every pixel given the known ones; those at known pixels mean nothing.

        Arguments:
            x: levels (N, 1, H, W); what stands at unknown pixels does not matter.
            known: bool of the same shape.

        Returns:
            (N, levels, H, W).
        """
        # where, not a product: what stands in unknown places must not matter at all
        values = torch.where(known, self.normalise(x), 0)
        code = self.position.expand(len(x), -1, -1, -1)
        logits: Tensor = self.net(torch.cat([known.to(values.dtype), values, code], 1))
        return logits

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """Logits of every pixel given those before it in raster order: one pass a pixel, CHUNK passes at a time."""
        places = torch.arange(self.size**2, device=x.device)
        one = [[self._at(image, t) for t in places.split(CHUNK)] for image in x.split(1)]
        return torch.stack([torch.cat(parts) for parts in one]).transpose(1, 2).unflatten(2, x.shape[2:])

    def _at(self, x: Tensor, t: Tensor) -> Tensor:
        """Logits (K, levels) of one image x (1, 1, H, W) at K positions t, each given those before it."""
        before = torch.arange(self.size**2, device=x.device) < t[:, None]
        logits = self.posteriors(x.expand(len(t), -1, -1, -1), before.view(-1, *self.shape)).flatten(2)
        return logits[torch.arange(len(t)), :, t]

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """As in ``AutoregressiveImage``, in a single pass."""
        before = (torch.arange(self.size**2, device=x.device) < t).view(1, *self.shape).expand(x.shape)
        return self.posteriors(x, before).flatten(2)[:, :, t]

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean over images of the mean nats of an unknown pixel.

        How many are known is uniform on 0 … T − 1 for each image, and evenly spread over a batch; which, is uniform.
        """
        self.check(x)
        spread = torch.randperm(len(x), generator=generator, device=generator.device)
        shift = torch.rand((), generator=generator, device=generator.device)
        count = ((spread + shift) * (self.size**2 / len(x))).long().clamp(max=self.size**2 - 1)
        return self.unknown_nats(x, self.any_known(count, generator).to(x.device)).mean()

    def unknown_nats(self, x: Tensor, known: Tensor) -> Tensor:
        """Mean nats of a pixel that is not known, of each image, (N,).

        For a uniform number of known pixels, any of them alike, T times it is an unbiased estimate of the mean of
        ``−log p(x)`` over all orders.
        """
        nats = F.cross_entropy(self.posteriors(x, known), x[:, 0].long(), reduction="none").flatten(1)
        unknown = ~known.flatten(1)
        return (nats * unknown).sum(1) / unknown.sum(1)

    @torch.no_grad()
    def visited_log_probs(self, x: Tensor, places: Sequence[int], together: int = 1) -> Tensor:
        """``log p`` of pixels of one image x (1, 1, H, W) in an order, given those visited before the pass, (K,).

        Arguments:
            places: the K pixels, in the order in which they are visited.
            together: pixels of one pass.
        """
        if not places:
            return torch.zeros(0, device=x.device)
        at = torch.tensor(places, dtype=torch.long, device=x.device)
        rank = torch.full((self.size**2,), len(places), device=x.device)
        rank[at] = torch.arange(len(places), device=x.device)
        log_probs = []
        for begins in torch.arange(0, len(places), together, device=x.device).split(CHUNK):
            known = (rank < begins[:, None]).view(-1, *self.shape)
            told = -F.cross_entropy(
                self.posteriors(x.expand_as(known), known), x[:, 0].expand_as(known[:, 0]).long(), reduction="none"
            )
            here = at[int(begins[0]) : int(begins[-1]) + together]
            log_probs.append(told.flatten(1)[torch.arange(len(here), device=x.device) // together, here])
        return torch.cat(log_probs)

    def any_known(self, count: Tensor, generator: torch.Generator) -> Tensor:
        """Bool (N, 1, H, W): ``count`` (N,) pixels each, below T, any of them alike."""
        ranks = torch.rand(len(count), self.size**2, generator=generator, device=generator.device).argsort(1).argsort(1)
        return (ranks < count[:, None]).view(-1, *self.shape)

    def stepper(self, n: int, labels: Tensor | None = None) -> StepByStep:
        """As in ``AutoregressiveImage``: a pass for each pixel, since the mask changes everything."""
        self.check_labels(labels, n)
        return StepByStep(lambda t, x: self.predict_at(x, None, t))
