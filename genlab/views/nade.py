"""What can be seen of NADE: its one hidden vector, while it grows along an image."""

from __future__ import annotations

import numpy as np
import torch

from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.nade import NADE
from genlab.views.pixels import SEED, place
from genlab.views.seen import Seen, floats

UNITS = 5  # numbers of the hidden vector that are shown


@torch.inference_mode()
def hidden_vector(model: AutoregressiveImage, position: int) -> Seen:
    """The hidden vector before each pixel of an image that the model draws, up to a position.

    Returns:
        ``image`` float32 (size, size), ink from 0 to 1; ``expected``, likewise, the mean of the posterior that each
        pixel was drawn from; ``hidden`` float32 (UNITS, size, size), at each pixel the number h of a unit before it.
        All are NaN where nothing is known yet: behind the position, the image from there on. ``weights`` float32
        (UNITS, size, size): what ink at each pixel adds to the sum inside h. The units are those that move most along
        the whole image. ``meta`` has their numbers, ``units``; ``row`` and ``column``; and the multiplications that the
        sums took so far, ``work``, and would have taken anew for every pixel, ``anew``.

    Raises:
        ValueError: a position outside the image, or a model without such a vector.
    """
    row, column = place(model, position)
    if not isinstance(model, NADE):
        raise ValueError("this model has no hidden vector that grows")
    size, hidden = model.size, len(model.c)
    x = model.sample(1, generator=torch.Generator().manual_seed(SEED))
    ink = model.ink(x)[0]  # (D,)
    before = torch.cat([model.W.new_zeros(1, hidden), ink[:-1, None] * model.W[:-1]]).cumsum(0)
    h = (model.c + before).sigmoid()  # (D, H)
    chosen = h.diff(dim=0).abs().sum(0).topk(min(UNITS, hidden)).indices
    levels = torch.arange(model.levels, dtype=ink.dtype, device=ink.device)
    expected = model.logits(x)[0].softmax(0).movedim(0, -1) @ levels / (model.levels - 1)

    def known(values: torch.Tensor, count: int) -> np.ndarray:
        array = floats(values).reshape(-1, size**2)
        array[:, count:] = np.nan
        return array.reshape(-1, size, size)

    return Seen(
        {
            "row": row,
            "column": column,
            "units": chosen.tolist(),
            "work": position * hidden,
            "anew": position * (position + 1) // 2 * hidden,
        },
        {
            "image": known(ink, position)[0],
            "expected": known(expected, position + 1)[0],
            "hidden": known(h[:, chosen].t(), position + 1),
            "weights": floats(model.W[:, chosen].t()).reshape(-1, size, size),
        },
    )
