"""WaveNet: sound, sample by sample (van den Oord et al. 2016a, WaveNet: a generative model for raw audio)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.layers.causal1d import CausalConv1d
from genlab.models.autoregressive import AutoregressiveModel


class Layer(nn.Module):
    """``z = tanh(W_f ∗ h + V_f y) ⊙ σ(W_g ∗ h + V_g y)``, of a class y; what it hands on is ``h + W_r z``.

    Arguments:
        last: True where nothing follows to which it could hand anything on.
    """

    def __init__(self, channels: int, dilation: int, classes: int, last: bool) -> None:
        super().__init__()
        self.gate = CausalConv1d(channels, 2 * channels, 2, dilation=dilation)
        self.told = nn.Embedding(classes, 2 * channels) if classes else None
        self.residual = None if last else CausalConv1d(channels, channels)

    def forward(self, h: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor]:
        """The next h, and z, (N, channels, T) each."""
        both = self.gate(h)
        if self.told is not None:
            both = both + self.told(labels)[:, :, None]
        value, gate = both.chunk(2, 1)
        z = torch.tanh(value) * torch.sigmoid(gate)
        return h if self.residual is None else h + self.residual(z), z


class WaveNet(AutoregressiveModel):
    """A stack of gated dilated layers, each of which speaks to the head.

    Arguments:
        length: samples of a sound that is written, and of one that is learnt from; the weights do not depend on it.
        levels: of a sample.
        channels: feature maps.
        skips: of the head.
        stacks: how often the dilations 1, 2, 4 … 2^(layers − 1) follow one another.
        layers: of a stack.
        classes: of sounds; 0 for none.
    """

    things = "sounds"

    def __init__(
        self,
        length: int,
        levels: int,
        channels: int = 32,
        skips: int = 64,
        stacks: int = 1,
        layers: int = 10,
        classes: int = 0,
    ) -> None:
        super().__init__((1, length), levels, classes)
        self.length, self.channels = length, channels
        # Levels as vectors, and the height of each beside them: neighbours sound alike before anything is learnt.
        self.value = nn.Embedding(levels, channels)
        self.height = nn.Parameter(torch.randn(channels))
        nn.init.normal_(self.value.weight, std=0.1)
        dilations = [2**k for _ in range(stacks) for k in range(layers)]
        last = len(dilations) - 1
        self.layers = nn.ModuleList(Layer(channels, d, classes, k == last) for k, d in enumerate(dilations))
        self.skip = CausalConv1d(channels * len(dilations), skips)  # of the z of all layers side by side
        self.hidden = CausalConv1d(skips, skips)
        self.head = CausalConv1d(skips, levels)

    @property
    def dilations(self) -> list[int]:
        """Of the layers."""
        return [cast(Layer, layer).gate.step for layer in self.layers]

    @property
    def field(self) -> int:
        """How many samples of the past a prediction can depend on."""
        return 1 + sum(self.dilations)

    def vectors(self) -> Tensor:
        """What the first layer is given of each level, (levels, channels)."""
        height = self.normalise(torch.arange(self.levels, device=self.height.device))
        return self.value.weight + height[:, None] * self.height

    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """As in ``AutoregressiveModel``: one pass; the input is shifted by one, so that the present is hidden."""
        h = F.pad(F.embedding(x[:, 0].long(), self.vectors()).transpose(1, 2), (1, -1))
        told = []
        for layer in self.layers:
            h, z = layer(h, labels)
            told.append(z)
        return self.head(F.relu(self.hidden(F.relu(self.skip(torch.cat(told, 1))))))

    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """As in ``AutoregressiveModel``: constant work a sample, however long the past is, on the CPU."""
        self.check_labels(labels, n)
        writer = Writer(self, n, labels)

        def next_logits(t: int, x: Tensor) -> Tensor:
            logits = writer.logits(x[:, 0, t - 1].cpu().numpy() if t else None)
            return torch.from_numpy(logits.copy()).to(x.device)

        return next_logits


class Writer:
    """A WaveNet that is given one sample after the other (Le Paine et al. 2016, Fast Wavenet generation algorithm).

    Each layer keeps the inputs that its older tap is still to meet, in a ring. Where a step is a dozen products with
    small matrices, calls cost more than numbers: NumPy's take a third of the time of PyTorch's. The ½ of
    ``σ(a) = ½ + ½ tanh(a / 2)`` are part of the weights, so that one tanh serves both halves of a gate.
    """

    def __init__(self, model: WaveNet, n: int, labels: Tensor | None = None) -> None:
        self._vectors, channels = _numbers(model.vectors()), model.channels
        kind, self._n, layers = self._vectors.dtype, n, [cast(Layer, layer) for layer in model.layers]
        self._begin = np.zeros((n, channels), kind)
        self._z = np.zeros((n, len(layers) * channels), kind)
        half = torch.cat([torch.ones(channels), torch.full((channels,), 0.5)]).to(model.height)
        self._layers = []
        for k, layer in enumerate(layers):
            weight = (
                (layer.gate.weight * half[:, None, None]).permute(2, 1, 0).flatten(0, 1)
            )  # (2 C, 2 C): older tap first
            bias = cast(Tensor, layer.gate.bias).expand(n, -1)
            if layer.told is not None:
                bias = bias + layer.told(labels)
            ring = np.zeros((layer.gate.step, n, 2 * channels), kind)  # at each place: the older input, and the newer
            part = self._z[:, k * channels : (k + 1) * channels]
            residual = layer.residual and _product(layer.residual, 0.5)
            self._layers.append((ring, _numbers(weight), _numbers(bias * half), part, residual))
        self._head = [_product(model.skip, 0.5), _product(model.hidden), _product(model.head)]
        self._t = 0

    def logits(self, last: np.ndarray | None) -> np.ndarray:
        """Logits (n, levels) of the next sample after the last one (n,), or of the first sample: None."""
        h, channels = self._begin if last is None else self._vectors[last], self._begin.shape[1]
        for ring, weight, bias, z, residual in self._layers:
            pair = ring[self._t % len(ring)]
            pair[:, :channels] = pair[:, channels:]
            pair[:, channels:] = h
            both = pair @ weight
            both += bias
            np.tanh(both, both)
            value = both[:, :channels]
            np.multiply(value, both[:, channels:], z)
            z += value
            if residual:
                h = h + z @ residual[0]
                h += residual[1]
        self._t += 1
        (w1, b1), (w2, b2), (w3, b3) = self._head
        told = np.maximum(self._z @ w1 + b1, 0)
        return np.maximum(told @ w2 + b2, 0) @ w3 + b3

    def write(
        self, uniforms: np.ndarray, last: np.ndarray | None, temperature: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """The next sample by inverse CDF, int64 (n,), and the probabilities (n, levels) that it was drawn from.

        Arguments:
            uniforms: (n,) in [0, 1).
            last: as in ``logits``.
        """
        logits = self.logits(last)
        if temperature != 1:
            logits /= temperature
        logits -= logits.max(1, keepdims=True)
        p = np.exp(logits, logits)
        p /= p.sum(1, keepdims=True)
        drawn = (p.cumsum(1) <= uniforms[:, None]).sum(1)
        return np.minimum(drawn, p.shape[1] - 1), p


def _numbers(x: Tensor) -> np.ndarray:
    return np.ascontiguousarray(x.detach().cpu().numpy())


def _product(layer: CausalConv1d, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Weight (in, out), scaled, and bias of a kernel of one tap."""
    return _numbers(scale * layer.weight[:, :, 0].t()), _numbers(cast(Tensor, layer.bias))
