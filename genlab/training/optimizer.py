"""What moves weights: Adam, and Muon for some kernels (Jordan et al. 2024, kellerjordan.github.io/posts/muon)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import Parameter

MUON = 5.0  # its rate, in that of Adam: a step of it is an orthogonal matrix times the rate, whatever the gradient


class Optimizer:
    """Adam, and Muon for kernels. Their moments are there from the beginning, so that a resumed run can fill them.

    Arguments:
        weights: all of them.
        kernels: those among them, (out, in, …), that Muon moves as matrices (out, −1).
        beta1: of Adam.
    """

    def __init__(self, weights: Sequence[Parameter], kernels: Sequence[Parameter] = (), beta1: float = 0.9) -> None:
        self.weights, self.kernels = weights, kernels
        others = set(map(id, kernels))
        rest = [weight for weight in weights if id(weight) not in others]
        self._adam = torch.optim.Adam(rest, lr=0.0, betas=(beta1, 0.999), fused=True)
        for weight in rest:
            self._adam.state[weight] = {
                "step": torch.zeros((), device=weight.device),
                "exp_avg": torch.zeros_like(weight),
                "exp_avg_sq": torch.zeros_like(weight),
            }
        self._matrices = [Parameter(kernel.detach().flatten(1).clone()) for kernel in kernels]
        self._muon = torch.optim.Muon(self._matrices, lr=0.0, weight_decay=0.0) if kernels else None
        self.moments: dict[Parameter, dict[str, Tensor]] = {weight: self._adam.state[weight] for weight in rest}
        for kernel, matrix in zip(kernels, self._matrices, strict=True):
            assert self._muon
            self.moments[kernel] = self._muon.state[matrix] = {"momentum_buffer": torch.zeros_like(matrix)}

    def step(self, rate: float) -> None:
        """Moves all weights along their gradients."""
        self._adam.param_groups[0]["lr"] = rate
        self._adam.step()
        if self._muon is None:
            return
        for kernel, matrix in zip(self.kernels, self._matrices, strict=True):
            matrix.data.copy_(kernel.detach().flatten(1))  # a resumed run has filled it meanwhile
            matrix.grad = None if kernel.grad is None else kernel.grad.flatten(1)
        self._muon.param_groups[0]["lr"] = MUON * rate
        self._muon.step()
        with torch.no_grad():
            for kernel, matrix in zip(self.kernels, self._matrices, strict=True):
                kernel.copy_(matrix.view_as(kernel))

    def zero_grad(self) -> None:
        """Forgets the gradients."""
        for weight in self.weights:
            weight.grad = None
