"""The distance between two sets of features, each described by its mean and covariance."""

from __future__ import annotations

import torch
from torch import Tensor


def frechet(mean1: Tensor, covariance1: Tensor, mean2: Tensor, covariance2: Tensor) -> float:
    """The squared Fréchet distance between two Gaussians, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½), in float64.

    With Σ = L Lᵀ the eigenvalues of Σ₁Σ₂ are the squared singular values of L₁ᵀL₂. So the trace of the root is their
    sum, also where a covariance is singular, and no root is ever taken of a matrix that is not symmetric.

    D. C. Dowson and B. V. Landau. The Fréchet distance between multivariate normal distributions. Journal of
    Multivariate Analysis, 1982. Of features: M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter. GANs
    trained by a two time-scale update rule converge to a local Nash equilibrium. NeurIPS, 2017.

    Arguments:
        mean1, mean2: (D,).
        covariance1, covariance2: (D, D), symmetric, no eigenvalue negative.
    """
    (mean1, cov1), (mean2, cov2) = (mean1.double(), covariance1.double()), (mean2.double(), covariance2.double())
    root = torch.linalg.svdvals(_factor(cov1).T @ _factor(cov2)).sum()
    return max(0.0, float((mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * root))


def _factor(covariance: Tensor) -> Tensor:
    """L with L Lᵀ = Σ."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp(min=0).sqrt()
