"""MAF (Papamakarios et al. 2017) and IAF (Kingma et al. 2016): one network, used in opposite directions."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.degrees import masks
from genlab.models.flow import Flow, FlowLayer, bounded

BOUND = 3.0  # of the log-scales


class MaskedLinear(nn.Linear):
    """``y = (W ⊙ M) x + b`` with a mask M of zeros and ones, with shape (out, in)."""

    mask: Tensor

    def __init__(self, mask: Tensor) -> None:
        super().__init__(mask.shape[1], mask.shape[0])
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """As in ``nn.Linear``."""
        return F.linear(x, self.mask * self.weight, self.bias)


class MADE(nn.Sequential):
    """A network whose outputs for a coordinate see only the coordinates before it (Germain et al. 2015).

    Every hidden unit has a degree m of 1 … D − 1, see ``genlab.layers.degrees``; with a context, which all outputs
    see, also of 0.

    Arguments:
        order: the rank, from 1 to D, of each coordinate, with shape (D,).
        hidden: units of its two hidden layers.
        outputs: numbers for each coordinate; the result has the shape (N, outputs · D), number by number.
        context: numbers that come after the coordinates in the input.
    """

    def __init__(self, order: Tensor, hidden: int, outputs: int, context: int = 0) -> None:
        lowest = 0 if context else 1
        middle = lowest + torch.arange(hidden) % max(1, len(order) - lowest)
        given = torch.cat((order, torch.zeros(context, dtype=order.dtype)))
        first, second, last = map(_linear, masks([given, middle, middle, order.repeat(outputs)]))
        super().__init__(first, nn.SiLU(inplace=True), second, nn.SiLU(inplace=True), last)


def _linear(mask: Tensor) -> nn.Linear:
    """A masked layer; a plain one where nothing is masked, as between the hidden units of D = 2: it is faster."""
    return nn.Linear(mask.shape[1], mask.shape[0]) if mask.all() else MaskedLinear(mask.float())


class AutoregressiveLayer(FlowLayer):
    """Shift μ and log-scale log σ of every coordinate, read from the coordinates before it.

    Arguments:
        dim: D.
        hidden: units of the network.
        backwards: from the last coordinate to the first.
        context: numbers beside the coordinates that the network reads too.
    """

    def __init__(self, dim: int, hidden: int, backwards: bool, context: int = 0) -> None:
        super().__init__()
        order = torch.arange(1, dim + 1)
        self.order = order.flip(0) if backwards else order
        self.visits = self.order.argsort().tolist()
        self.net = MADE(self.order, hidden, 2, context)

    def fields(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """μ and log σ of x (…, D), each with that shape; log σ lies softly within ±3.

        Arguments:
            context: (…, context) where the layer has one.
        """
        shift, log_scale = self.net(x if context is None else torch.cat((x, context), -1)).chunk(2, -1)
        return shift, bounded(log_scale, BOUND)

    def one_by_one(self, given: Tensor, towards_noise: bool, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Finds the coordinates that the network itself reads, in order: D passes of it.

        Arguments:
            given: the other side, with shape (N, D).
            towards_noise: ``(given − μ) / σ``, else ``given · σ + μ``.
            context: (N, context) where the layer has one.

        Returns:
            What was looked for, and log σ at it, each with shape (N, D).
        """
        values = [given.new_zeros(len(given))] * given.shape[1]
        log_scales = list(values)
        for i in self.visits:  # nothing in place: IAF learns through this loop
            shift, log_scale = (field[:, i] for field in self.fields(torch.stack(values, 1), context))
            values[i] = (
                (given[:, i] - shift) * (-log_scale).exp() if towards_noise else given[:, i] * log_scale.exp() + shift
            )
            log_scales[i] = log_scale
        return torch.stack(values, 1), torch.stack(log_scales, 1)


class MAFLayer(AutoregressiveLayer):
    """``x_i = z_i σ_i(x_<i) + μ_i(x_<i)``: the density takes one pass of the network, generation D."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``: one pass."""
        shift, log_scale = self.fields(x)
        return (x - shift) * (-log_scale).exp(), -log_scale.sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``: one pass for each coordinate."""
        return self.one_by_one(y, towards_noise=False)[0]


class IAFLayer(AutoregressiveLayer):
    """``x_i = z_i σ_i(z_<i) + μ_i(z_<i)``: generation takes one pass of the network, the density D."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``: one pass for each coordinate."""
        z, log_scale = self.one_by_one(x, towards_noise=True)
        return z, -log_scale.sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``: one pass."""
        shift, log_scale = self.fields(y)
        return y * log_scale.exp() + shift


class MAF(Flow):
    """Masked autoregressive flow: the order of the coordinates turns round from layer to layer.

    Arguments:
        dim: D.
        hidden: units of the networks.
        depth: layers.
    """

    def __init__(self, dim: int = 2, hidden: int = 64, depth: int = 5) -> None:
        super().__init__(dim, [MAFLayer(dim, hidden, backwards=bool(k % 2)) for k in range(depth)])


class IAF(Flow):
    """Inverse autoregressive flow, otherwise as ``MAF``."""

    def __init__(self, dim: int = 2, hidden: int = 64, depth: int = 5) -> None:
        super().__init__(dim, [IAFLayer(dim, hidden, backwards=bool(k % 2)) for k in range(depth)])
