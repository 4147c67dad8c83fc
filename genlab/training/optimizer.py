"""What moves weights: Adam, and Muon for some kernels (Jordan et al. 2024, kellerjordan.github.io/posts/muon).

Both are torch's, as functions: its optimizer objects import its compiler, three seconds at the start of every training.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim._muon import DEFAULT_A, DEFAULT_B, DEFAULT_C, DEFAULT_NS_STEPS, EPS, muon
from torch.optim.adam import adam

MUON = 5.0  # its rate, in that of Adam: a step of it is an orthogonal matrix times the rate, whatever the gradient


class Optimizer:
    """Adam, and Muon for kernels. Their moments are there from the beginning, so that a resumed run can fill them.

    Arguments:
        weights: all of them.
        kernels: those among them, (out, in, …), that Muon moves as matrices (out, −1).
        beta1: of Adam.
    """

    def __init__(self, weights: Sequence[Parameter], kernels: Sequence[Parameter] = (), beta1: float = 0.9) -> None:
        self.weights, self._kernels, self._beta1 = weights, kernels, beta1
        others = set(map(id, kernels))
        self._rest = [weight for weight in weights if id(weight) not in others]
        self.moments: dict[Parameter, dict[str, Tensor]] = {
            weight: {
                "step": torch.zeros((), device=weight.device),
                "exp_avg": torch.zeros_like(weight),
                "exp_avg_sq": torch.zeros_like(weight),
            }
            for weight in self._rest
        }
        for kernel in kernels:
            self.moments[kernel] = {"momentum_buffer": torch.zeros_like(kernel).flatten(1)}

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Moves all weights along their gradients."""
        weights, gradients, moments = self._moved(self._rest)
        adam(
            weights,
            gradients,
            [moment["exp_avg"] for moment in moments],
            [moment["exp_avg_sq"] for moment in moments],
            [],
            [moment["step"] for moment in moments],
            fused=True,
            amsgrad=False,
            beta1=self._beta1,
            beta2=0.999,
            lr=rate,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
        )
        kernels, gradients, moments = self._moved(self._kernels)
        matrices = [kernel.flatten(1).clone() for kernel in kernels]
        muon(
            matrices,
            [gradient.flatten(1) for gradient in gradients],
            [moment["momentum_buffer"] for moment in moments],
            lr=MUON * rate,
            weight_decay=0.0,
            momentum=0.95,
            nesterov=True,
            ns_coefficients=(DEFAULT_A, DEFAULT_B, DEFAULT_C),
            ns_steps=DEFAULT_NS_STEPS,
            eps=EPS,
            adjust_lr_fn=None,
            has_complex=False,
        )
        for kernel, matrix in zip(kernels, matrices, strict=True):
            kernel.copy_(matrix.view_as(kernel))

    def _moved(self, weights: Sequence[Parameter]) -> tuple[list[Tensor], list[Tensor], list[dict[str, Tensor]]]:
        """Those that have a gradient, their gradients and their moments."""
        moved = [(weight, weight.grad, self.moments[weight]) for weight in weights if weight.grad is not None]
        return [weight for weight, _, _ in moved], [gradient for _, gradient, _ in moved], [own for _, _, own in moved]

    def zero_grad(self) -> None:
        """Forgets the gradients."""
        for weight in self.weights:
            weight.grad = None
