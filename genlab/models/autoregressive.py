"""What every autoregressive model has in common, of whatever its data are."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genlab.data.classes import CLASSES
from genlab.generation.request import Request
from genlab.generation.steps import Stepper, sample


def exchange(tensors: Iterable[Tensor], index: Tensor) -> None:
    """Writes what was at ``index[i]`` to i in each of several tensors (n, …): in place, and only where these differ.

    Arguments:
        index: (n,) int64.
    """
    moved = (index != torch.arange(len(index), device=index.device)).nonzero()[:, 0]
    origin = index[moved]
    for tensor in tensors:
        tensor[moved] = tensor[origin]


class StepByStep:
    """Prediction of n data, position after position, by a function.

    Arguments:
        next_logits: as ``AutoregressiveModel.stepper`` returns it.
        kept: what it keeps from one position to the next, (n, …) each.
    """

    def __init__(self, next_logits: Callable[[int, Tensor], Tensor], kept: Sequence[Tensor] = ()) -> None:
        self.next_logits, self.kept, self.next = next_logits, kept, 0

    def __call__(self, t: int, x: Tensor) -> Tensor:
        """Logits (n, levels) at position t. Raises ValueError where t is not the next position."""
        if t != self.next:
            raise ValueError(f"positions come one after the other: {self.next} is next, not {t}")
        self.next += 1
        return self.next_logits(t, x)

    def select(self, index: Tensor) -> None:
        """As in ``Stepper``."""
        exchange(self.kept, index)


class AutoregressiveModel(nn.Module, ABC):
    """``p(x) = Π_t p(x_t | x_1 … x_{t−1})`` over the values of a datum, in the order of their places in memory.

    Data are integer tensors with shape (N, 1, …) and values from 0 to levels − 1.

    Arguments:
        shape: of a datum, (1, …).
        levels: values that each of its places can take, at least 2.
        classes: how many classes of data the model can be told; 0 where it is told none.
    """

    things: str = "data"
    one_pass: bool = True  # False where a pass predicts one position alone
    loss_draws: int = 1  # calls of ``loss`` that a held-out loss averages; more where a call draws positions

    def __init__(self, shape: tuple[int, ...], levels: int, classes: int = 0) -> None:
        super().__init__()
        if min(shape) < 1 or levels < 2:
            raise ValueError(f"a model needs a size of at least 1 and 2 levels, not {shape[-1]} and {levels}")
        self.shape, self.levels, self.classes = shape, levels, classes
        self.order: Sequence[int] = range(math.prod(shape))

    @property
    def conditional(self) -> bool:
        """True where the model is told a class of each datum."""
        return self.classes > 0

    @abstractmethod
    def predict(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """``logits`` without its checks."""

    def predict_at(self, x: Tensor, labels: Tensor | None, t: int) -> Tensor:
        """Logits (N, levels) at position t alone, differentiable with respect to floating-point levels x."""
        return self.predict(x, labels).flatten(2)[:, :, t]

    @abstractmethod
    def stepper(self, n: int, labels: Tensor | None = None) -> Callable[[int, Tensor], Tensor]:
        """Incremental prediction of n data, position after position.

        Returns:
            ``next_logits(t, x)`` with shape (n, levels), to be called for t = 0, 1, 2 … with x (n, 1, …) integer on the
            model's device, whose positions before t are final; what the others hold does not matter.
        """

    def logits(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits of every position given those before it, all at once.

        Arguments:
            x: integer data (N, 1, …).
            labels: classes (N,), for a conditional model only.

        Returns:
            (N, levels, …), as torch's cross-entropy takes them.

        Raises:
            ValueError: a wrong shape, type or value, labels missing or not wanted.
        """
        self.check(x)
        self.check_labels(labels, x.shape[0])
        return self.predict(x, labels)

    def log_prob(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Log-likelihood of each datum in nats, with shape (N,).

        A conditional model without labels gives the exact mixture of its classes, alike: ``log Σ_y p(x | y) / Y``.

        Raises:
            ValueError: as in ``logits``.
        """
        if self.conditional and labels is None:
            return torch.logsumexp(self.class_log_probs(x), 1) - math.log(self.classes)
        return -F.cross_entropy(self.logits(x, labels), x[:, 0].long(), reduction="none").flatten(1).sum(1)

    def class_log_probs(self, x: Tensor) -> Tensor:
        """``log p(x | y)`` of each datum under each class, in nats, with shape (N, classes).

        Raises:
            ValueError: as in ``logits``; a model that is not class-conditional.
        """
        if not self.conditional:
            raise ValueError("this model is not class-conditional")
        each = [self.log_prob(x, x.new_full((x.shape[0],), y, dtype=torch.long)) for y in range(self.classes)]
        return torch.stack(each, 1)

    def loss(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> Tensor:
        """What training minimises: mean nats a position.

        Arguments:
            labels: left aside by a model that is not conditional.
            generator: of the CPU, for models that draw what they train on.
        """
        logits = self.logits(x, labels if self.conditional else None)
        # Levels last: in memory they lie side by side, and a softmax across maps would be three times as slow.
        return F.cross_entropy(logits.flatten(2).transpose(1, 2).flatten(0, 1), x.flatten().long())

    def sample(self, request: Request | int | None = None, **options: Any) -> Tensor:
        """Data (N, 1, …) int64 on the model's device; equal to consuming ``genlab.generate``, and faster.

        Arguments and errors: those of ``genlab.generate``.
        """
        return sample(self, request, **options)

    def normalise(self, x: Tensor) -> Tensor:
        """Levels to [−1, 1], in the type of the model's weights."""
        return x.to(next(self.parameters()).dtype) * (2 / (self.levels - 1)) - 1

    def check(self, x: Tensor) -> None:
        """Raises ValueError where x is no batch of this model's data (on a GPU its levels are taken on trust)."""
        if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
            raise ValueError(f"{self.things} must be integer levels, not {x.dtype}")
        if x.shape[1:] != self.shape:
            raise ValueError(f"{self.things} must have shape (N, {str(self.shape)[1:-1]}), not {tuple(x.shape)}")
        if x.device.type == "cpu" and bool(((x < 0) | (x >= self.levels)).any()):
            raise ValueError(f"levels must lie between 0 and {self.levels - 1}")

    def check_labels(self, labels: Tensor | None, n: int) -> None:
        """Raises ValueError where labels are missing, not wanted, or no n classes."""
        if labels is None:
            if self.conditional:
                raise ValueError("a class-conditional model needs labels")
        elif not self.conditional:
            raise ValueError("this model is not class-conditional: it takes no labels")
        elif labels.dtype != torch.long or labels.shape != (n,):
            raise ValueError(f"labels must be int64 with shape ({n},), not {labels.dtype} {tuple(labels.shape)}")
        elif labels.device.type == "cpu" and bool(((labels < 0) | (labels >= self.classes)).any()):
            raise ValueError(f"labels must lie between 0 and {self.classes - 1}")


class AutoregressiveImage(AutoregressiveModel):
    """A model of the pixels of a grey image in raster order, (N, 1, size, size).

    Arguments:
        size: height and width in pixels.
        levels: values a pixel can take, at least 2.
        conditional: True where the model is told the class (0 to 9) of each image.
    """

    things = "images"

    def __init__(self, size: int, levels: int, conditional: bool = False) -> None:
        super().__init__((1, size, size), levels, CLASSES if conditional else 0)
        self.size = size

    @abstractmethod
    def stepper(self, n: int, labels: Tensor | None = None) -> Stepper:
        """As in ``AutoregressiveModel``; images that are written together can take each other's place."""
