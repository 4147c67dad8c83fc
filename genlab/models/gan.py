"""Generative adversarial networks: a generator and a discriminator.

I. Goodfellow et al. Generative adversarial nets. NeurIPS, 2014. Class-conditional: M. Mirza and S. Osindero.
Conditional generative adversarial nets. 2014. Convolutional: A. Radford, L. Metz and S. Chintala. Unsupervised
representation learning with deep convolutional generative adversarial networks. ICLR, 2016.
"""

from __future__ import annotations

import itertools
import math
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.layers.mlp import mlp


class GAN(nn.Module):
    """Two players. The generator makes data x of noise z ~ N(0, I); the discriminator says how real data look.

    Arguments:
        generator: from z (N, latent), or z and a class as one-hot (N, latent + 10), to x.
        discriminator: from x, or from x with the class beside it, to a number each, (N, 1): the larger, the more real.
        latent: dimensions of z.
        conditional: True where both are told a class.
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module, latent: int, conditional: bool = False) -> None:
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.latent, self.conditional = latent, conditional

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """G(z): data of noise (N, latent), and of classes (N,) where the model is told them.

        Raises:
            ValueError: z of another shape, or classes that are missing, too many or none.
        """
        if z.dim() != 2 or z.shape[1] != self.latent:
            raise ValueError(f"noise has the shape (N, {self.latent}), not {tuple(z.shape)}")
        return cast(
            Tensor, self.generator(torch.cat((z, self._one_hot(labels, len(z)).to(z)), 1) if self.conditional else z)
        )

    def discriminate(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """What the discriminator says of data: a number each, with shape (N,), before any sigmoid. Raises as above."""
        return cast(Tensor, self.discriminator(self._beside(x, labels) if self.conditional else x)).flatten()

    def real(self, x: Tensor) -> Tensor:
        """Data of a batch in the range in which the generator makes them."""
        return x

    def noise(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """z ~ N(0, I) with shape (n, latent), from the caller's CPU generator, whatever the model's device."""
        weight = next(self.parameters())
        return torch.randn(n, self.latent, generator=generator, dtype=weight.dtype).to(weight.device)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None, labels: Tensor | None = None) -> Tensor:
        """n data; of a class-conditional model each of its class, by default 0, 1, … 9, 0, …"""
        z = self.noise(n, generator)
        if self.conditional and labels is None:
            labels = torch.arange(n, device=z.device) % CLASSES
        return self.generate(z, labels)

    def _one_hot(self, labels: Tensor | None, n: int) -> Tensor:
        if labels is None or labels.shape != (n,) or not bool(((labels >= 0) & (labels < CLASSES)).all()):
            raise ValueError(f"a class-conditional model needs labels: {n} classes from 0 to {CLASSES - 1}")
        return F.one_hot(labels.long(), CLASSES)

    def _beside(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """x with the class as further channels that are 1 or 0 all over."""
        one_hot = self._one_hot(labels, len(x)).to(x)[:, :, None, None]
        return torch.cat((x, one_hot.expand(-1, -1, *x.shape[2:])), 1)


class PlaneGAN(GAN):
    """Both players are small networks on points of the plane; so is the noise.

    Arguments:
        hidden: units of each hidden layer.
        depth: hidden layers of each player.
    """

    def __init__(self, hidden: int = 64, depth: int = 2) -> None:
        inside = [hidden] * depth
        super().__init__(mlp([2, *inside, 2]), mlp([2, *inside, 1]), latent=2)


class ImageGAN(GAN):
    """A GAN on grey images: float in [0, 1] with shape (N, 1, size, size)."""

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, latent: int, conditional: bool, size: int, levels: int
    ) -> None:
        super().__init__(generator, discriminator, latent, conditional)
        self.size, self.levels = size, levels

    def real(self, x: Tensor) -> Tensor:
        """Grey levels (N, 1, H, W) as intensities from 0 to 1."""
        return x * (1 / (self.levels - 1))

    def grey(self, x: Tensor) -> Tensor:
        """Intensities as they are shown: grey levels, uint8 of the same shape, in main memory."""
        return (x * (self.levels - 1)).round().to("cpu", torch.uint8)


class VanillaGAN(ImageGAN):
    """Fully connected players with one hidden layer each.

    Weights start as in A. Kristiadi's post, "Generative adversarial networks in PyTorch": normal with standard
    deviation ``sqrt(2 / fan-in)``, biases 0.
    """

    def __init__(self, size: int, levels: int, latent: int = 100, hidden: int = 128, conditional: bool = False) -> None:
        classes, pixels = CLASSES if conditional else 0, size**2
        generator = nn.Sequential(
            *mlp([latent + classes, hidden, pixels]), nn.Sigmoid(), nn.Unflatten(1, (1, size, size))
        )
        discriminator = nn.Sequential(nn.Flatten(), *mlp([pixels * (1 + classes), hidden, 1]))
        super().__init__(generator, discriminator, latent, conditional, size, levels)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=math.sqrt(2 / layer.in_features))
                nn.init.zeros_(layer.bias)


class DCGAN(ImageGAN):
    """Convolutional players: strides instead of pooling, leaky units in the discriminator.

    The discriminator has no normalisation and the generator normalises each image by itself, so that what becomes of
    one z depends on no other.

    Arguments:
        channels: feature maps next to the image; each level deeper has twice as many.
    """

    def __init__(self, size: int, levels: int, latent: int = 64, channels: int = 16, conditional: bool = False) -> None:
        start = 7 if size % 7 == 0 else 2
        depth = int(math.log2(size // start))
        widths = [channels * 2**level for level in range(depth)]  # from the image to the deepest
        classes = CLASSES if conditional else 0
        deep = (widths[-1], start, start)
        up: list[nn.Module] = [nn.Linear(latent + classes, math.prod(deep)), nn.Unflatten(1, deep)]
        for width, following in itertools.pairwise([*widths[::-1], 1]):
            up += [nn.GroupNorm(4, width), nn.ReLU(), nn.ConvTranspose2d(width, following, 4, 2, 1)]
        down: list[nn.Module] = []
        for width, following in itertools.pairwise([1 + classes, *widths]):
            down += [nn.Conv2d(width, following, 4, 2, 1), nn.LeakyReLU(0.2)]
        up.append(nn.Sigmoid())
        down += [nn.Flatten(), nn.Linear(math.prod(deep), 1)]
        super().__init__(nn.Sequential(*up), nn.Sequential(*down), latent, conditional, size, levels)
