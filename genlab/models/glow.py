"""Glow: steps of actnorm, a learnt mixing of channels, and an affine coupling (Kingma and Dhariwal 2018)."""

from __future__ import annotations

from genlab.layers.image_flow import ActNorm, ChannelCoupling, ImageLayer, Invertible1x1, Squeeze
from genlab.models.image_flow import ImageFlow, halvings


class Glow(ImageFlow):
    """Each scale squeezes, and then makes ``depth`` steps. Half of the channels leave after all scales but the last.

    The last coupling before they leave shifts and scales them by what the other half says: Glow's learnt prior.

    Arguments:
        channels: of the couplings' networks on the finest scale; one scale deeper half as many again.
        depth: K, steps of a scale.
    """

    def __init__(self, size: int, levels: int, channels: int = 32, depth: int = 8, conditional: bool = False) -> None:
        scales, c, width = [], 1, channels
        for _ in range(halvings(size)):
            c *= 4
            scales.append([Squeeze(), *(layer for _ in range(depth) for layer in _step(c, width))])
            c, width = c // 2, width * 3 // 2
        super().__init__(size, levels, scales, conditional)


def _step(channels: int, hidden: int) -> list[ImageLayer]:
    return [ActNorm(channels), Invertible1x1(channels), ChannelCoupling(channels, hidden, swap=False)]
