"""Causal models of images: every pixel predicted in one pass, and exact incremental prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from genlab.layers.causal import Cached, CausalConv2d, Columns, Rows
from genlab.layers.position import position_code
from genlab.models.autoregressive import AutoregressiveImage, exchange


class CausalImage(AutoregressiveImage):
    """A model whose layers look up and to the left only.

    Arguments:
        position: True where the input carries the positional encoding beside the levels.
    """

    position: Tensor

    def __init__(self, size: int, levels: int, conditional: bool = False, position: bool = True) -> None:
        super().__init__(size, levels, conditional)
        code = position_code(size) if position else torch.zeros(0, size, size)
        self.register_buffer("position", code, persistent=False)
        self.in_channels = 1 + code.shape[0]

    def inputs(self, x: Tensor) -> Tensor:
        """Levels in [−1, 1], and the positional encoding if there is one: (N, in_channels, size, size)."""
        return torch.cat([self.normalise(x), self.position.expand(x.shape[0], -1, -1, -1)], 1)

    def level_weight(self, conv: CausalConv2d) -> Tensor:
        """Weights (out, 1, K_r, K_c) by which a raw level enters a first layer."""
        return conv.weight[:, :1] * (2 / (self.levels - 1))

    def constant(self, conv: CausalConv2d) -> Tensor:
        """What a first layer gives where every level is 0: bias, encoding and edges, with shape (size, size, out).

        A first layer is affine, so its output is this map plus ``level_weight`` applied to the raw levels.
        """
        zeros = torch.zeros(1, 1, self.size, self.size, dtype=torch.long, device=conv.weight.device)
        return conv(self.inputs(zeros))[0].permute(1, 2, 0).contiguous()


class CachedStepper:
    """Exact incremental prediction by a causal model: a new pixel computes only what it changes.

    The vertical stack is computed once a row, the horizontal one a column at a time. ``parts`` are the model's layers
    by name, with the buffers that hold what is already known.

    Arguments:
        rows, columns: the first layers of the two stacks, which take raw levels.
        row: called with r when row r begins and the rows above stand in the first layer's buffer.
        pixel: called with c; returns the logits (n, levels) there, in the row under way.
        kept: tensors (n, …) beside the buffers that differ from image to image: what the row gave, or the class.
    """

    def __init__(
        self,
        size: int,
        parts: Mapping[str, Cached],
        rows: Rows,
        columns: Columns,
        row: Callable[[int], None],
        pixel: Callable[[int], Tensor],
        kept: Sequence[Tensor],
    ) -> None:
        self.size, self.parts, self.rows, self.columns = size, parts, rows, columns
        self.row, self.pixel, self.kept = row, pixel, kept
        self.next = 0
        self.seen: Tensor | None = None
        self.pixels: tuple[Tensor, ...] = ()

    def __call__(self, t: int, x: Tensor) -> Tensor:
        """Logits (n, levels) at position t. Raises ValueError where t is not the next position."""
        if t != self.next:
            raise ValueError(f"positions come one after the other: {self.next} is next, not {t}")
        self.next += 1
        r, c = divmod(t, self.size)
        if c == 0 or x is not self.seen:  # in a loop x is the same tensor, and the pixels of a row are the same views
            self.seen, self.pixels = x, x[:, 0, r].unsqueeze(2).unbind(1)  # (n, 1) each
        if c:
            self.columns.write[c - 1].copy_(self.pixels[c - 1])
        else:
            if r:
                self.rows.write[r - 1].copy_(x[:, 0, r - 1, :, None])
            self.row(r)
        return self.pixel(c)

    def select(self, index: Tensor) -> None:
        """As in ``Stepper``; in place, since steps have views of the buffers."""
        exchange((*self.kept, *(tensor for part in self.parts.values() for tensor in part.kept())), index)
