"""Real NVP on images: checkerboards, squeezing, halves of the channels, scales (Dinh et al. 2017)."""

from __future__ import annotations

from genlab.layers.image_flow import ActNorm, ChannelCoupling, CheckerboardCoupling, ImageLayer, Squeeze
from genlab.models.image_flow import ImageFlow, halvings


class RealNVPImages(ImageFlow):
    """Each scale: three checkerboard couplings, a squeeze, three couplings of channels, and half of the channels leave.
    The last scale: four checkerboard couplings.

    The paper's couplings normalise by batch; here each follows an actnorm, which gives an image the same density
    whichever batch it is in.

    Arguments:
        channels: of the couplings' networks on the finest scale; twice as many after each squeeze.
    """

    def __init__(self, size: int, levels: int, channels: int = 32) -> None:
        scales, c, side, width = [], 1, size, channels
        for _ in range(halvings(size)):
            squeezed: list[ImageLayer] = [Squeeze()]
            for k in range(3):
                squeezed += [ActNorm(4 * c), ChannelCoupling(4 * c, 2 * width, swap=k % 2 == 1)]
            scales.append(_checkerboards(3, c, side, width) + squeezed)
            c, side, width = 2 * c, side // 2, 2 * width
        scales.append(_checkerboards(4, c, side, width))
        super().__init__(size, levels, scales)


def _checkerboards(count: int, channels: int, size: int, hidden: int) -> list[ImageLayer]:
    layers: list[ImageLayer] = []
    for k in range(count):
        layers += [ActNorm(channels), CheckerboardCoupling(channels, size, hidden, odd=k % 2 == 1)]
    return layers
