"""Neural spline flows (Durkan et al. 2019): couplings whose curves are rational-quadratic splines."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.models.flow import Flow, FlowLayer, silu_mlp
from genlab.models.nice import AdditiveCoupling

BOUND = 4.0  # the splines act on [−4, 4]; outside they are the identity
NARROWEST = 1e-3  # share of [−4, 4], least width and height of a bin
FLATTEST = 1e-3  # least slope at a knot


def knots(raw: Tensor, bins: int) -> tuple[Tensor, Tensor]:
    """The spline that a network asks for.

    Arguments:
        raw: any numbers, with shape (..., 3 · bins − 1); all 0 means the identity.

    Returns:
        Places of the knots, first their x and then their y, with shape (..., 2, bins + 1), and slopes at them,
        with shape (..., bins + 1); at both ends the slope is 1.
    """
    sizes = raw[..., : 2 * bins].unflatten(-1, (2, bins)).softmax(-1)
    ends = (NARROWEST + (1 - bins * NARROWEST) * sizes).cumsum(-1)
    places = F.pad(2 * BOUND * ends - BOUND, (1, 0), value=-BOUND)
    slopes = FLATTEST + F.softplus(raw[..., 2 * bins :] + math.log(math.expm1(1 - FLATTEST)))
    return places, F.pad(slopes, (1, 1), value=1.0)


def spline(x: Tensor, raw: Tensor, bins: int, inverse: bool = False) -> tuple[Tensor, Tensor]:
    """A monotone rational-quadratic spline through knots, the identity outside [−4, 4].

    Arguments:
        x: with shape (...).
        raw: with shape (..., 3 · bins − 1), see ``knots``.
        inverse: the inverse function instead.

    Returns:
        The value, and the logarithm of the slope dy/dx (of the function itself, also for the inverse); shapes (...).
    """
    places, slopes = knots(raw, bins)
    inside = x.clamp(-BOUND, BOUND)
    searched = places[..., 1 if inverse else 0, 1:-1].contiguous()
    index = torch.searchsorted(searched, inside.unsqueeze(-1))  # the number of inner knots below
    table = torch.cat((places, slopes.unsqueeze(-2)), -2)
    where = index.unsqueeze(-2).expand(*index.shape[:-1], 3, 1)
    x0, y0, d0 = table.gather(-1, where).squeeze(-1).unbind(-1)
    x1, y1, d1 = table.gather(-1, where + 1).squeeze(-1).unbind(-1)
    w, h = x1 - x0, y1 - y0
    steep = h / w  # the slope of the chord
    curve = d0 + d1 - 2 * steep
    if inverse:  # Durkan et al., equations 6 to 8: the root of a quadratic
        rise = inside - y0
        a = h * (steep - d0) + rise * curve
        b = h * d0 - rise * curve
        t = 2 * steep * rise / (b + (b.square() + 4 * a * steep * rise).clamp_min(0).sqrt())
    else:
        t = (inside - x0) / w
    tt, t2 = t * (1 - t), t * t
    bottom = steep + curve * tt
    log_slope = 2 * steep.log() + (d1 * t2 + 2 * steep * tt + d0 * (1 - t).square()).log() - 2 * bottom.log()
    value = x0 + t * w if inverse else y0 + h * (steep * t2 + d0 * tt) / bottom
    beyond = x != inside
    return torch.where(beyond, x, value), torch.where(beyond, 0.0, log_slope)


class SplineCoupling(AdditiveCoupling):
    """Each coordinate of one half goes through a spline that a network reads from the other half.

    Arguments:
        dim, hidden, swap: as in ``AdditiveCoupling``.
        bins: pieces of each spline.
    """

    def __init__(self, dim: int, hidden: int, swap: bool, bins: int) -> None:
        super().__init__(dim, hidden, swap)
        self.bins = bins
        fixed = dim - self.cut if swap else self.cut
        self.net = silu_mlp([fixed, hidden, hidden, (3 * bins - 1) * (dim - fixed)], last=0.1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``."""
        a, b = self.halves(x)
        y, log_slope = spline(b, self._raw(a, b), self.bins)
        return self.join(a, y), log_slope.sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``."""
        a, b = self.halves(y)
        return self.join(a, spline(b, self._raw(a, b), self.bins, inverse=True)[0])

    def _raw(self, a: Tensor, b: Tensor) -> Tensor:
        return self.net(a).unflatten(1, (b.shape[1], -1))


class Spline(Flow):
    """Spline couplings that take turns.

    Arguments:
        dim: D.
        hidden: units of the networks.
        depth: couplings.
        bins: pieces of each spline.
    """

    def __init__(self, dim: int = 2, hidden: int = 64, depth: int = 4, bins: int = 8) -> None:
        layers: list[FlowLayer] = [SplineCoupling(dim, hidden, bool(k % 2), bins) for k in range(depth)]
        super().__init__(dim, layers)
