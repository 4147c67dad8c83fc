"""Invertible layers of images: what multi-scale flows are built of.

L. Dinh, J. Sohl-Dickstein and S. Bengio. Density estimation using Real NVP. ICLR, 2017. D. P. Kingma and P. Dhariwal.
Glow: generative flow with invertible 1×1 convolutions. NeurIPS, 2018.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BOUND = 3.0  # of the log-scales s of a coupling, which lie softly within ±3
SMALLEST = 1e-4  # a standard deviation below it is that of a constant, which nothing can stretch to 1


class ImageLayer(nn.Module):
    """An invertible map of images whose log-determinant is known in closed form."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Towards the noise: y of x (N, C, H, W), and log |det ∂y/∂x| with shape (N,)."""
        raise NotImplementedError

    def inverse(self, y: Tensor) -> Tensor:
        """Towards the data."""
        raise NotImplementedError


class Squeeze(ImageLayer):
    """Space to depth: each 2×2 pixels become 4 channels of one; a permutation, so its log-determinant is 0."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``ImageLayer``: (N, C, H, W) to (N, 4C, H/2, W/2)."""
        return F.pixel_unshuffle(x, 2), x.new_zeros(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``ImageLayer``."""
        return F.pixel_shuffle(y, 2)


class ActNorm(ImageLayer):
    """An affine map of each channel, which gives a first batch mean 0 and variance 1: ``y = (x − m) / d · e^s + b``.

    m and d are of the first batch and are kept as buffers; s and b are learnt from 0 on. Before a first batch the layer
    is the identity.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(1, channels, 1, 1))
        self.register_buffer("deviation", torch.ones(1, channels, 1, 1))
        self.s = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.b = nn.Parameter(torch.zeros(1, channels, 1, 1))

    @torch.no_grad()
    def begin(self, x: Tensor) -> None:
        """Takes mean and deviation from a first batch (N, C, H, W); a constant channel is only shifted."""
        deviation, mean = torch.std_mean(x, (0, 2, 3), keepdim=True, correction=0)
        self.mean.copy_(mean)
        self.deviation.copy_(torch.where(deviation > SMALLEST, deviation, 1.0))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``ImageLayer``."""
        log_scale = self.s - self.deviation.log()
        return (x - self.mean) * log_scale.exp() + self.b, log_scale.sum().expand(len(x)) * x[0, 0].numel()

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``ImageLayer``."""
        return (y - self.b) * (self.deviation.log() - self.s).exp() + self.mean


class Invertible1x1(ImageLayer):
    """A learnt matrix W mixes the channels of each pixel. ``W = P L (U + diag s)`` begins as a random rotation.

    P is a permutation, L lower triangular with a diagonal of ones, U strictly upper triangular. The signs of s are kept
    and log |s| is learnt, so that W cannot become singular.
    """

    permutation: Tensor
    sign: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        rotation, _ = torch.linalg.qr(torch.randn(channels, channels))
        permutation, lower, upper = torch.linalg.lu(rotation)
        diagonal = upper.diagonal()
        self.register_buffer("permutation", permutation)
        self.register_buffer("sign", diagonal.sign())
        self.log_s = nn.Parameter(diagonal.abs().log())
        self.lower = nn.Parameter(lower.tril(-1))
        self.upper = nn.Parameter(upper.triu(1))

    def triangles(self) -> tuple[Tensor, Tensor]:
        """L and U + diag s, each (C, C)."""
        lower = self.lower.tril(-1) + torch.eye(len(self.sign)).to(self.lower)
        return lower, self.upper.triu(1) + torch.diag(self.sign * self.log_s.exp())

    def weight(self) -> Tensor:
        """W, (C, C)."""
        lower, upper = self.triangles()
        return self.permutation @ lower @ upper

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``ImageLayer``: log |det| is H · W times the sum of log |s|."""
        return F.conv2d(x, self.weight()[:, :, None, None]), self.log_s.sum().expand(len(x)) * x[0, 0].numel()

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``ImageLayer``, by two triangular systems."""
        lower, upper = self.triangles()
        x = self.permutation.T @ y.flatten(2)
        x = torch.linalg.solve_triangular(lower, x, upper=False, unitriangular=True)
        return torch.linalg.solve_triangular(upper, x, upper=True).view_as(y)


def network(channels: int, hidden: int, out: int) -> nn.Sequential:
    """What a coupling is told by what it keeps: convolutions 3×3, 1×1 and 3×3. The last one begins at 0."""
    last = nn.Conv2d(hidden, out, 3, padding=1)
    nn.init.zeros_(last.weight)
    assert last.bias is not None
    nn.init.zeros_(last.bias)
    return nn.Sequential(
        nn.Conv2d(channels, hidden, 3, padding=1), nn.ReLU(), nn.Conv2d(hidden, hidden, 1), nn.ReLU(), last
    )


class CheckerboardCoupling(ImageLayer):
    """``y = b ⊙ x + (1 − b) ⊙ (x ⊙ exp s(b ⊙ x) + t(b ⊙ x))``: b is a checkerboard of ones and zeros.

    Arguments:
        channels, size: of the images.
        hidden: channels of the network.
        odd: True where b is 1 on the places whose row and column have an odd sum, else where it is even.
    """

    mask: Tensor

    def __init__(self, channels: int, size: int, hidden: int, odd: bool) -> None:
        super().__init__()
        places = torch.arange(size)
        board = (places[:, None] + places) % 2 == int(odd)
        self.register_buffer("mask", board.float().expand(channels, size, size).clone(), persistent=False)
        self.net = network(channels, hidden, 2 * channels)

    def fields(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Log-scale s and shift t of images, both 0 where b is 1."""
        s, t = self.net(self.mask * x).to(x.dtype).chunk(2, 1)
        change = 1 - self.mask
        return change * BOUND * torch.tanh(s / BOUND), change * t

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``ImageLayer``."""
        s, t = self.fields(x)
        return x * s.exp() + t, s.sum((1, 2, 3))

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``ImageLayer``: what is kept tells what has changed."""
        s, t = self.fields(y)
        return (y - t) * (-s).exp()


class ChannelCoupling(ImageLayer):
    """``y_a = x_a``, ``y_b = x_b ⊙ exp s(x_a) + t(x_a)``: a is one half of the channels, b the other.

    Arguments:
        channels: an even number.
        hidden: channels of the network.
        swap: True where a is the second half.
    """

    def __init__(self, channels: int, hidden: int, swap: bool) -> None:
        super().__init__()
        self.swap = swap
        self.net = network(channels // 2, hidden, channels)

    def fields(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is kept, what changes, log-scale s and shift t."""
        halves = x.chunk(2, 1)
        a, b = halves[::-1] if self.swap else halves
        s, t = self.net(a).to(x.dtype).chunk(2, 1)
        return a, b, BOUND * torch.tanh(s / BOUND), t

    def join(self, a: Tensor, b: Tensor) -> Tensor:
        """Both halves at their places."""
        return torch.cat((b, a) if self.swap else (a, b), 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As in ``ImageLayer``."""
        a, b, s, t = self.fields(x)
        return self.join(a, b * s.exp() + t), s.sum((1, 2, 3))

    def inverse(self, y: Tensor) -> Tensor:
        """As in ``ImageLayer``."""
        a, b, s, t = self.fields(y)
        return self.join(a, (b - t) * (-s).exp())
