"""What a WaveNet computes for one sample of a sound."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genlab.models.wavenet import Layer, WaveNet
from genlab.views.seen import Seen, floats


def one_sample(model: WaveNet, levels: np.ndarray, labels: Tensor | None, temperature: float = 1.0) -> Seen:
    """The posterior of a sound's last sample, and what it was made of.

    Arguments:
        levels: uint8 (T,), the sample and those before it.
        labels: (1,), or None of a model that is told no class.

    Returns:
        ``p`` float32 (levels,), temperature included. Of every layer, at the last W = min(field + 1, T) places: ``z``
        float32 (L, W), the mean of |tanh ⊙ σ| over channels, and ``gate`` (L, W), that of σ. ``gradient`` float32
        (W,): how long the gradient of log p(x_t) is by what the first layer is given at each place, which is made of
        the sample before it; scaled to at most 1. And the words ``dilations``, ``t`` and ``field``.
    """
    window = torch.from_numpy(levels[-(model.field + 1) :].astype(np.int64))[None]
    given = F.pad(F.embedding(window, model.vectors()).transpose(1, 2), (1, -1)).detach().requires_grad_()
    h, spoken, gates = given, [], []
    for module in model.layers:
        layer = cast(Layer, module)
        both = layer.gate(h) if layer.told is None else layer.gate(h) + layer.told(labels)[:, :, None]
        gates.append(torch.sigmoid(both.chunk(2, 1)[1]).mean(1))
        h, z = layer(h, labels)
        spoken.append(z)
    told = torch.cat(spoken, 1)[:, :, -1:]
    logits = model.head(F.relu(model.hidden(F.relu(model.skip(told)))))[0, :, 0]
    log_p = torch.log_softmax(logits, 0)
    (gradient,) = torch.autograd.grad(log_p[window[0, -1]], given)
    size = gradient[0].norm(dim=0)
    return Seen(
        {"dilations": model.dilations, "t": len(levels) - 1, "field": model.field},
        {
            "p": floats(torch.softmax(logits / temperature, 0)),
            "z": floats(torch.cat([z.abs().mean(1) for z in spoken])),
            "gate": floats(torch.cat(gates)),
            "gradient": floats(size / size.max().clamp_min(1e-12)),
        },
    )
