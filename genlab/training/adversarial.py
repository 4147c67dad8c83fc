"""What the two players of a GAN play for.

Minimax and non-saturating: I. Goodfellow et al. Generative adversarial nets. NeurIPS, 2014. Least squares: X. Mao
et al. Least squares generative adversarial networks. ICCV, 2017. Wasserstein: M. Arjovsky, S. Chintala and L. Bottou.
Wasserstein generative adversarial networks. ICML, 2017. Gradient penalty: I. Gulrajani et al. Improved training of
Wasserstein GANs. NeurIPS, 2017. Hinge: J. H. Lim and J. C. Ye. Geometric GAN. 2017.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.models.gan import GAN


class Loss(NamedTuple):
    """Losses of both players; they take what the discriminator says, l = D(x) before any sigmoid, with shape (N,)."""

    discriminate: Callable[[Tensor, Tensor], Tensor]  # of the discriminator, of what it says of real and of made data
    generate: Callable[[Tensor], Tensor]  # of the generator, of what D says of its data
    neutral: float | None  # where D's best answer turns from made to real; None where only differences count
    sigmoid: bool = False  # σ(l) is the probability of being real
    clipped: bool = False
    penalised: bool = False


def _cross_entropy(real: Tensor, fake: Tensor) -> Tensor:
    """−E log D(x) − E log (1 − D(G(z))) with D = σ(l)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _difference(real: Tensor, fake: Tensor) -> Tensor:
    return fake.mean() - real.mean()


LOSSES: dict[str, Loss] = {
    "minimax": Loss(_cross_entropy, lambda fake: -F.softplus(fake).mean(), 0.0, sigmoid=True),
    "non-saturating": Loss(_cross_entropy, lambda fake: F.softplus(-fake).mean(), 0.0, sigmoid=True),
    "least-squares": Loss(
        lambda real, fake: 0.5 * ((real - 1).square().mean() + fake.square().mean()),
        lambda fake: 0.5 * (fake - 1).square().mean(),
        0.5,
    ),
    "wasserstein": Loss(_difference, lambda fake: -fake.mean(), None, clipped=True),
    "wasserstein-gp": Loss(_difference, lambda fake: -fake.mean(), None, penalised=True),
    "hinge": Loss(lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(), lambda fake: -fake.mean(), 0.0),
}


def gradient_penalty(discriminate: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """E (‖∇D(x̂)‖ − 1)² at x̂ = ε x + (1 − ε) G(z).

    Arguments:
        discriminate: D.
        real, fake: data of the same shape (N, …).
        mix: ε, uniform numbers (N,).
    """
    share = mix.view(-1, *[1] * (real.dim() - 1))
    between = (share * real + (1 - share) * fake).requires_grad_()
    (slope,) = torch.autograd.grad(discriminate(between).sum(), between, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


def generator_loss(model: GAN, loss: Loss, z: Tensor, labels: Tensor | None) -> Tensor:
    """What G minimises, on noise z (N, latent) and classes (N,)."""
    return loss.generate(model.discriminate(model.generate(z, labels), labels))


def discriminator_loss(
    model: GAN, loss: Loss, x: Tensor, z: Tensor, mix: Tensor, labels: Tensor | None, penalty: float
) -> Tensor:
    """What D minimises, on real data x (N, …) and data made of z (N, latent), both of the classes (N,).

    Arguments:
        mix: ε of the gradient penalty (N,).
        penalty: its weight λ.
    """
    with torch.no_grad():
        fake = model.generate(z, labels)
    both = None if labels is None else torch.cat((labels, labels))
    total = loss.discriminate(*model.discriminate(torch.cat((x, fake)), both).chunk(2))
    if loss.penalised:
        total = total + penalty * gradient_penalty(lambda between: model.discriminate(between, labels), x, fake, mix)
    return total
