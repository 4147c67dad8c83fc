"""Causal models of sequences: every place predicted in one pass, and exact incremental prediction."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor

from genlab.layers.causal1d import CausalConv1d
from genlab.models.sequence import SequenceModel

Convolve = Callable[[CausalConv1d, Tensor], Tensor]


class CausalSequence(SequenceModel):
    """A network of causal convolutions, the first of which hides the present."""

    @abstractmethod
    def network(self, x: Tensor, convolve: Convolve) -> Tensor:
        """Logits of levels, through ``convolve(layer, input)``, over places or at one place alone.

        Arguments:
            x: what ``inputs`` gives, (N, channels, T).
            convolve: applies one of the model's convolutions, which may be asked for once each.

        Returns:
            (N, levels, T).
        """

    def inputs(self, x: Tensor) -> Tensor:
        """What the first layer is given, (N, channels, T)."""
        return self.normalise(x)

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveModel``: one pass."""
        return self.network(self.inputs(x), lambda layer, h: layer(h))

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """As in ``AutoregressiveModel``: each convolution keeps of the past what it needs, and computes one place."""
        self.check_labels(labels, n)
        layers = [layer for layer in self.modules() if isinstance(layer, CausalConv1d)]
        queues = {layer: layer.queue(n) for layer in layers}
        begin = torch.zeros_like(self.inputs(torch.zeros(n, 1, 1, dtype=torch.long, device=layers[0].weight.device)))

        def next_logits(t: int, x: Tensor) -> Tensor:
            # What is new is the value before this place: the first layer hides the present.
            new = self.inputs(x[:, :, t - 1 : t]) if t else begin
            return self.network(new, lambda layer, h: queues[layer](h.squeeze(2)).unsqueeze(2)).squeeze(2)

        return next_logits
