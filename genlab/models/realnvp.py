"""Real NVP (Dinh et al. 2016) with deeper networks than the lecture's."""

from __future__ import annotations

from torch import Tensor

from genlab.models.flow import Flow, FlowLayer, bounded, silu_mlp
from genlab.models.nice import AdditiveCoupling

BOUND = 3.0  # of the log-scales s


class AffineCoupling(AdditiveCoupling):
    """``y_b = x_b ⊙ exp s(x_a) + t(x_a)`` with log-scales softly within ±3.

    Arguments:
        dim, hidden, swap: as in ``AdditiveCoupling``; one network gives s and t.
    """

    def __init__(self, dim: int, hidden: int, swap: bool) -> None:
        super().__init__(dim, hidden, swap)
        fixed = dim - self.cut if swap else self.cut
        self.net = silu_mlp([fixed, hidden, hidden, 2 * (dim - fixed)], last=0.1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``FlowLayer``."""
        a, b = self.halves(x)
        s, t = self.fields(a)
        return self.join(a, b * s.exp() + t), s.sum(1)

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``FlowLayer``."""
        a, b = self.halves(y)
        s, t = self.fields(a)
        return self.join(a, (b - t) * (-s).exp())

    def fields(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """Log-scale s and shift t, each of the shape of the half that changes."""
        s, t = self.net(a).chunk(2, 1)
        return bounded(s, BOUND), t


class RealNVP(Flow):
    """Affine couplings that take turns.

    Arguments:
        dim: D.
        hidden: units of the networks.
        depth: couplings.
    """

    def __init__(self, dim: int = 2, hidden: int = 64, depth: int = 8) -> None:
        layers: list[FlowLayer] = [AffineCoupling(dim, hidden, swap=bool(k % 2)) for k in range(depth)]
        super().__init__(dim, layers)
