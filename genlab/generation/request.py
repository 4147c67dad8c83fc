"""What is asked of a generation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.errors import GenlabError
from genlab.experiments.pixels import Adaptive


@dataclass(frozen=True)
class Request:
    """How many, of what, and from which random numbers. What does not fit a model is refused where it is used.

    Attributes:
        n: how many; without it as many as there are uniforms, labels or known data, else 1.
        known: integer (N, …) or (1, …) of the model's shape; only its masked positions matter.
        mask: bool of the same shape, True = known.
        labels: classes (N,) int64, for a class-conditional model.
        temperature: above 0; below 1 the likely becomes likelier.
        generator: of the CPU; the uniforms come from it in one draw (N, T), so that the same seed gives the same data
            on every device, and the first ones of a larger batch are those of a smaller one.
        uniforms: floating point (N, T) in [0, 1), in place of a generator.
        order: of a model that takes any: positions as they are visited, each at most once, those left out staying
            unknown; or "certain" or "uncertain", the position of least or of most entropy first.
        path: positions that such a model visits before all others, one by one.
        together: positions of the others that it draws after one pass.
    """

    n: int | None = None
    known: Tensor | None = None
    mask: Tensor | None = None
    labels: Tensor | None = None
    temperature: float = 1.0
    generator: torch.Generator | None = None
    uniforms: Tensor | None = None
    order: Sequence[int] | Adaptive | None = None
    path: Sequence[int] = ()
    together: int = 1

    def classes(self, conditional: bool) -> Tensor | None:
        """The labels; of a class-conditional model that is told none, the classes in turn.

        Raises:
            GenlabError: labels for a model that is told no class, or labels that are no classes.
        """
        if not conditional and self.labels is not None:
            raise GenlabError("this model is not told a class: leave out --label.")
        if self.labels is not None and not bool(((self.labels >= 0) & (self.labels < CLASSES)).all()):
            raise GenlabError(f"the classes are 0 to {CLASSES - 1}.")
        if not conditional or self.labels is not None:
            return self.labels
        return torch.arange(self.n or 1) % CLASSES

    def refuse_temperature(self) -> None:
        """Raises GenlabError where there is one: only what is drawn from logits can have it."""
        if self.temperature != 1:
            raise GenlabError("this model has no temperature: leave out --temperature.")
