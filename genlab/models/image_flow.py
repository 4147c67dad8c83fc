"""What normalizing flows on images share: dequantisation, scales whose latents leave early, an exact density."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.errors import OutsideDomain
from genlab.layers.image_flow import ActNorm, ImageLayer

MARGIN = 1e-6  # intensities are drawn away from 0 and 1 by it, so that their logit is a number
SCALES = 3  # at most: as often as it can be halved, and its images stay larger than a pixel


class State(NamedTuple):
    """An image on its way to the noise.

    Attributes:
        h: what is still on the way, (N, C, H, W).
        left: blocks of latents that have left it, the first ones first, (N, C, H, W) each.
        log_det: log |det| of all layers so far, (N,).
    """

    h: Tensor
    left: tuple[Tensor, ...]
    log_det: Tensor


class ImageFlow(nn.Module):
    """A density of grey images: integers x are dequantised, v = (x + u) / levels with u uniform in [0, 1), and logit(v)
    goes through layers to noise z ~ N(0, I) of as many dimensions.

    After each scale but the last half of the channels leave: they are noise already, and the coarser scales go on with
    the rest. A class-conditional model has a mean and a scale of the last block for each class.

    log p(x) is of the dequantised x and includes −D log levels: its mean over u is a lower bound of the log-probability
    of the integers (Theis, van den Oord and Bethge 2016), the published measure of flows.

    L. Dinh, J. Sohl-Dickstein and S. Bengio. Density estimation using Real NVP. ICLR, 2017.

    Arguments:
        size: height and width.
        levels: grey levels.
        scales: the layers of each scale, from the data's side.
        conditional: True where it is told a class.
    """

    loss_draws = 1

    def __init__(self, size: int, levels: int, scales: list[list[ImageLayer]], conditional: bool = False) -> None:
        super().__init__()
        self.size, self.levels, self.conditional = size, levels, conditional
        self.dim = size**2
        self.scales = nn.ModuleList(nn.ModuleList(layers) for layers in scales)
        self.blocks = self._blocks()
        if conditional:
            last = self.blocks[-1]
            self.class_mean = nn.Parameter(torch.zeros(CLASSES, *last))
            self.class_log_scale = nn.Parameter(torch.zeros(CLASSES, *last))

    @torch.no_grad()
    def _blocks(self) -> list[tuple[int, ...]]:
        """Shapes (C, H, W) of the latents, in the order in which they leave."""
        *_, last = self._states(torch.zeros(1, 1, self.size, self.size))
        return [tuple(block.shape[1:]) for block in (*last.left, last.h)]

    def chain(self) -> list[list[ImageLayer]]:
        """The layers of each scale, from the data's side."""
        return [[cast(ImageLayer, layer) for layer in cast(nn.ModuleList, layers)] for layers in self.scales]

    @property
    def inner(self) -> list[nn.Parameter]:
        """Kernels between hidden channels of the couplings, which Muon may move."""
        kernels = [weight for name, weight in self.named_parameters() if ".net." in name and weight.dim() == 4]
        return [kernel for kernel in kernels if min(kernel.shape[:2]) >= 16]

    # Between images and numbers

    def dequantize(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Grey levels (N, 1, H, W) as intensities in [0, 1): (x + u) / levels, with u from the generator."""
        u = torch.rand(x.shape, generator=generator, device=generator.device if generator else x.device)
        return (x + u.to(next(self.parameters()))) / self.levels

    def grey(self, v: Tensor) -> Tensor:
        """Intensities as grey levels, int64 of the same shape."""
        return (v * self.levels).floor().clamp(0, self.levels - 1).long()

    def logits(self, v: Tensor) -> tuple[Tensor, Tensor]:
        """``logit(m + (1 − 2m) v)`` of intensities, and log |det| (N,). Raises OutsideDomain: not from 0 to 1."""
        if v.dim() != 4 or v.shape[1:] != (1, self.size, self.size) or not bool(((v >= 0) & (v <= 1)).all()):
            raise OutsideDomain(f"images have the shape (N, 1, {self.size}, {self.size}) and intensities from 0 to 1.")
        p = MARGIN + (1 - 2 * MARGIN) * v
        log_p, log_q = p.log(), (-p).log1p()
        return log_p - log_q, (math.log1p(-2 * MARGIN) - log_p - log_q).sum((1, 2, 3))

    def intensities(self, y: Tensor) -> Tensor:
        """The inverse of ``logits``: in [0, 1]."""
        return ((torch.sigmoid(y) - MARGIN) / (1 - 2 * MARGIN)).clamp(0, 1)

    # Between images and noise

    def states(self, v: Tensor, labels: Tensor | None = None) -> Iterator[State]:
        """Of intensities: logits first, then after each layer; a block leaves together with the last layer of its
        scale. The last block ends as its class tells a class-conditional model.

        Raises:
            OutsideDomain: as ``logits``.
            ValueError: classes that are missing, too many or none.
        """
        y, log_det = self.logits(v)
        state = State(y, (), log_det)
        for state in self._states(y, log_det):
            yield state
        if self.conditional:
            mean, log_scale = self._class(labels, len(v))
            log_det = state.log_det - log_scale.sum((1, 2, 3))
            yield State((state.h - mean) * (-log_scale).exp(), state.left, log_det)

    def _states(self, y: Tensor, log_det: Tensor | None = None, *, begin: bool = False) -> Iterator[State]:
        state = State(y, (), y.new_zeros(len(y)) if log_det is None else log_det)
        yield state
        chain = self.chain()
        for k, layers in enumerate(chain):
            for layer in layers:
                h, left, log_det = state
                if begin and isinstance(layer, ActNorm):
                    layer.begin(h)
                h, change = layer(h)
                if layer is layers[-1] and k < len(chain) - 1:
                    h, block = h.chunk(2, 1)
                    left = (*left, block)
                state = State(h, left, log_det + change)
                yield state

    @torch.no_grad()
    def begin(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> None:
        """Lets layers take from a first batch of grey levels what they begin with."""
        for _ in self._states(self.logits(self.dequantize(x, generator))[0], begin=True):
            pass

    def forward(self, v: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """From intensities (N, 1, H, W) to noise (N, D), the first block first, and log |det ∂z/∂v| (N,).

        Raises as ``states``, and OutsideDomain where a number overflows.
        """
        *_, last = self.states(v, labels)
        z = torch.cat([block.flatten(1) for block in (*last.left, last.h)], 1)
        if not bool(z.isfinite().all()):
            raise OutsideDomain("a number overflows on the way: a weight is too large.")
        return z, last.log_det

    def split(self, z: Tensor) -> list[Tensor]:
        """Noise (N, D) as the blocks of which it consists. Raises OutsideDomain: another shape, or not finite."""
        if z.dim() != 2 or z.shape[1] != self.dim or not bool(z.isfinite().all()):
            raise OutsideDomain(f"noise has the shape (N, {self.dim}) and is finite.")
        parts = z.split([math.prod(shape) for shape in self.blocks], 1)
        return [part.unflatten(1, shape) for part, shape in zip(parts, self.blocks, strict=True)]

    def generation(self, z: Tensor, labels: Tensor | None = None) -> Iterator[tuple[Tensor, tuple[Tensor, ...]]]:
        """From noise to logits: what is on its way and the blocks that still wait, at first, then with each layer
        undone; a block joins together with the last layer of its scale. Raises as ``split`` and ``states``.
        """
        *waiting, h = self.split(z)
        yield h, tuple(waiting)
        if self.conditional:
            mean, log_scale = self._class(labels, len(z))
            h = h * log_scale.exp() + mean
            yield h, tuple(waiting)
        chain = self.chain()
        for k, layers in reversed(list(enumerate(chain))):
            for layer in reversed(layers):
                if layer is layers[-1] and k < len(chain) - 1:
                    h = torch.cat((h, waiting.pop()), 1)
                h = layer.inverse(h)
                yield h, tuple(waiting)

    def inverse(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """From noise (N, D) to intensities (N, 1, H, W). Raises as ``generation``."""
        *_, (y, _) = self.generation(z, labels)
        return self.intensities(y)

    def grid(self, h: Tensor, blocks: tuple[Tensor, ...]) -> Tensor:
        """What is on its way, and blocks beside it, as one image (N, H, W): squeezing only moves numbers about."""
        blocks = tuple(blocks)
        while True:
            if blocks and blocks[-1].shape[-1] == h.shape[-1]:
                h, blocks = torch.cat((h, blocks[-1]), 1), blocks[:-1]
            if h.shape[-1] == self.size:
                return h[:, 0]
            h = F.pixel_shuffle(h, 2)

    # Likelihood and samples

    def log_prob(self, x: Tensor, labels: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        """log p(x) in nats (N,) of grey levels (N, 1, H, W), dequantised with draws of the generator.

        A class-conditional model without labels is the mixture of its ten classes. Raises as ``states``.
        """
        if self.conditional and labels is None:
            return torch.logsumexp(self.class_log_probs(x, generator), 1) - math.log(CLASSES)
        return self._log_prob(self.dequantize(x, generator), labels)

    def class_log_probs(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """log p(x | y) of a class-conditional model for each class, (N, 10), all with the same u."""
        y, log_det = self.logits(self.dequantize(x, generator))
        *_, last = self._states(y, log_det)
        mean, log_scale = self.class_mean, self.class_log_scale
        z = (last.h[:, None] - mean) * (-log_scale).exp()  # (N, 10, C, H, W)
        shared = last.log_det + sum((_log_normal(block) for block in last.left), torch.zeros_like(last.log_det))
        own = _log_normal(z.flatten(0, 1)).view(len(x), -1) - log_scale.sum((1, 2, 3))
        return shared[:, None] + own - self.dim * math.log(self.levels)

    def posterior(self, x: Tensor, generator: torch.Generator | None = None, draws: int = 16) -> Tensor:
        """p(y | x) of a class-conditional model, (N, 10), by Bayes' rule: the density's mean over draws of u."""
        each = self.class_log_probs(x.repeat(draws, 1, 1, 1), generator).double().unflatten(0, (draws, len(x)))
        return torch.softmax(torch.logsumexp(each, 0), 1)

    def _log_prob(self, v: Tensor, labels: Tensor | None) -> Tensor:
        *_, last = self.states(v, labels)
        normal = sum((_log_normal(block) for block in (*last.left, last.h)), torch.zeros_like(last.log_det))
        return normal + last.log_det - self.dim * math.log(self.levels)

    def loss(self, x: Tensor, labels: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        """Mean negative log-likelihood in nats for each pixel, of a class-conditional model given the class."""
        v = self.dequantize(x, generator)
        return -self._log_prob(v, labels if self.conditional else None).mean() / self.dim

    def noise(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """z ~ N(0, I) with shape (n, D), from the caller's CPU generator, whatever the model's device."""
        weight = next(self.parameters())
        return torch.randn(n, self.dim, generator=generator, dtype=weight.dtype).to(weight.device)

    @torch.no_grad()
    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        labels: Tensor | None = None,
        temperature: float = 1.0,
    ) -> Tensor:
        """n images as grey levels, int64 (n, 1, H, W); of a class-conditional model by default of 0, 1, … 9, 0, …

        Arguments:
            temperature: what z is multiplied with.
        """
        z = temperature * self.noise(n, generator)
        if self.conditional and labels is None:
            labels = torch.arange(n, device=z.device) % CLASSES
        return self.grey(self.inverse(z, labels if self.conditional else None))

    def _class(self, labels: Tensor | None, n: int) -> tuple[Tensor, Tensor]:
        """Mean and log-scale (n, C, H, W) of the last block; of weights of the classes (n, 10), between theirs."""
        if labels is not None and labels.shape == (n, CLASSES):
            mean, log_scale = (
                torch.einsum("ny,ychw->nchw", labels, of) for of in (self.class_mean, self.class_log_scale)
            )
            return mean, log_scale
        if labels is None or labels.shape != (n,) or not bool(((labels >= 0) & (labels < CLASSES)).all()):
            raise ValueError(f"a class-conditional model needs labels: {n} classes from 0 to {CLASSES - 1}")
        return self.class_mean[labels], self.class_log_scale[labels]


def halvings(size: int) -> int:
    """How often images of a size are squeezed: twice, or once where an odd size comes first."""
    return len(list(itertools.takewhile(lambda k: size % 2**k == 0 and size // 2**k > 1, range(1, SCALES))))


def _log_normal(z: Tensor) -> Tensor:
    """log N(z; 0, I) of (N, …), (N,)."""
    return -0.5 * (z.square() + math.log(2 * math.pi)).flatten(1).sum(1)
