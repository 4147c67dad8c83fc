"""MADE (Germain et al. 2015): masks on the weights of a plain network make it autoregressive."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.degrees import masks
from genlab.models.autoregressive import AutoregressiveImage, StepByStep


class MADE(AutoregressiveImage):
    """A network whose outputs for a pixel see only earlier ones, by masks: all posteriors in one pass.

    One set of weights serves several *members*, each with an order of the pixels and degrees of the hidden units of its
    own: member k has order k // masks. The first order is the raster one, that of ``predict`` and of sampling.

    Arguments:
        hidden: units of each hidden layer.
        layers: hidden layers, at least 1.
        orders: of the pixels, on which it is trained in turn at random.
        masks: sets of degrees for each order, alike.
        mask_seed: of the orders but the first, and of the degrees but each order's first, which are spread evenly.
        middle: True where most of these lie in the middle instead: of images whose first and last rows are blank.
    """

    rank: Tensor
    degrees: Tensor

    def __init__(
        self,
        size: int,
        levels: int,
        hidden: int = 256,
        layers: int = 1,
        orders: int = 1,
        masks: int = 1,
        mask_seed: int = 0,
        middle: bool = False,
    ) -> None:
        super().__init__(size, levels)
        total, generator = size**2, torch.Generator().manual_seed(mask_seed)
        self.orders, self.members = orders, orders * masks
        self.loss_draws = self.members
        others = [1 + torch.randperm(total, generator=generator) for _ in range(orders - 1)]
        ranks = [torch.arange(1, total + 1), *others]
        spread = _degrees(hidden, total, 2 if middle else 0).expand(layers, -1)
        degrees = [
            spread if k % masks == 0 else torch.randint(1, max(2, total), (layers, hidden), generator=generator)
            for k in range(self.members)
        ]
        self.register_buffer("rank", torch.stack(ranks).repeat_interleave(masks, 0), persistent=False)  # (members, D)
        self.register_buffer("degrees", torch.stack(degrees), persistent=False)  # (members, layers, hidden)
        widths = [total] + layers * [hidden]
        self.hidden = nn.ModuleList(nn.Linear(n, m) for n, m in itertools.pairwise(widths))
        # The first level's logit is 0: only differences count.
        self.out = nn.Linear(hidden, total * (levels - 1))
        self.direct = nn.Linear(total, total * (levels - 1), bias=False)

    def masks(self, member: int = 0) -> list[Tensor]:
        """Of the hidden layers, the outputs and the direct weights, bool (out, in)."""
        rank = self.rank[member]
        outputs = rank.repeat_interleave(self.levels - 1)
        return [*masks([rank, *self.degrees[member], outputs]), *masks([rank, outputs])]

    def weights(self, member: int = 0) -> list[Tensor]:
        """``W ⊙ M`` of each layer, in the order of ``masks``."""
        layers = [*self.hidden, self.out, self.direct]
        return [mask * layer.weight for mask, layer in zip(self.masks(member), layers, strict=True)]

    def biases(self) -> list[Tensor]:
        """Of the hidden layers."""
        return [cast(nn.Linear, layer).bias for layer in self.hidden]

    def member_logits(self, x: Tensor, member: int) -> Tensor:
        """Logits (N, D, levels) of every pixel in raster order, given those before it in a member's order."""
        *hidden, out, direct = self.weights(member)
        pixels = self.normalise(x).flatten(1)
        h = pixels
        for weight, bias in zip(hidden, self.biases(), strict=True):
            h = F.linear(h, weight, bias).relu()
        logits = F.linear(h, out, self.out.bias) + F.linear(pixels, direct)
        return F.pad(logits.unflatten(1, (-1, self.levels - 1)), (1, 0))

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveImage``: the first member's."""
        return self.member_logits(x, 0).transpose(1, 2).unflatten(2, (self.size, self.size))

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """Mean nats a pixel of one member, drawn by the generator."""
        self.check(x)
        member = 0
        if self.members > 1:
            member = int(torch.randint(self.members, (), generator=generator, device=generator.device))
        return F.cross_entropy(self.member_logits(x, member).flatten(0, 1), x.flatten().long())

    def member_log_probs(self, x: Tensor, members: Sequence[int]) -> Tensor:
        """``log p_k(x)`` of each image in nats, one pass a member, with shape (N, K).

        Raises:
            ValueError: as in ``logits``.
        """
        self.check(x)
        values = x.flatten(1).long()
        each = [F.cross_entropy(self.member_logits(x, k).transpose(1, 2), values, reduction="none") for k in members]
        return -torch.stack([nats.sum(1) for nats in each], 1)

    def ensemble_log_prob(self, x: Tensor, members: Sequence[int]) -> Tensor:
        """``log Σ_k p_k(x) / K`` in nats, with shape (N,): the mean of probabilities of whole images, itself one.

        Raises:
            ValueError: as in ``logits``.
        """
        return torch.logsumexp(self.member_log_probs(x, members), 1) - math.log(len(members))

    @torch.no_grad()
    def stepper(self, n: int, labels: Tensor | None = None) -> StepByStep:
        """As in ``AutoregressiveImage``: a new pixel adds its column to the sums of the first hidden layer."""
        self.check_labels(labels, n)
        first, *hidden, out, direct = self.weights()
        columns = first.t().contiguous()  # (D, hidden)
        begin, *shifts = self.biases()
        sums = begin.expand(n, -1).clone()
        out, bias, direct = (part.unflatten(0, (-1, self.levels - 1)) for part in (out, self.out.bias, direct))
        following = list(zip(hidden, shifts, strict=True))

        def next_logits(t: int, x: Tensor) -> Tensor:
            pixels = self.normalise(x).flatten(1)
            if t:
                sums.addcmul_(pixels[:, t - 1 : t], columns[t - 1])
            h = sums.relu()
            for weight, shift in following:
                h = F.linear(h, weight, shift).relu_()
            return F.pad(F.linear(h, out[t], bias[t]) + F.linear(pixels, direct[t]), (1, 0))

        return StepByStep(next_logits, [sums])


def _degrees(hidden: int, total: int, power: int) -> Tensor:
    """Degrees of hidden units: m is as frequent as the power of m (D − m), the pairs of pixels that a unit can join."""
    total = max(2, total)
    degree = torch.arange(1, total)
    share = ((degree * (total - degree)) ** power).cumsum(0)
    return degree[torch.searchsorted(share * hidden, share[-1] * torch.arange(hidden), right=True)]
