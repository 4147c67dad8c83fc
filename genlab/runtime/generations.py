"""Images under way, as an interactive process keeps them between two questions."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple, cast, get_args

import numpy as np
import torch
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.errors import CheckpointError
from genlab.evaluation.prefix import class_posterior, known_prefix, pixel_log_probs
from genlab.experiments.pixels import Adaptive, Fixed
from genlab.generation.any_order import AnyOrder, visit
from genlab.generation.orders import places
from genlab.generation.request import Request
from genlab.generation.steps import Plan, Step, generate
from genlab.models.autoregressive import AutoregressiveImage
from genlab.runtime.models import Source, model_of
from genlab.runtime.recent import Recent
from genlab.views.any_order import Beliefs, beliefs

ROOM = 2**27  # bytes of images under way: ten times sixteen of 28×28 with 256 levels


def image_model(source: Source) -> AutoregressiveImage:
    """As ``model_of``, of a model that writes images. Raises CheckpointError."""
    model = model_of(source)
    if not hasattr(model, "stepper"):
        raise CheckpointError("These are weights of a model that writes no images.")
    return cast(AutoregressiveImage, model)


class Given(NamedTuple):
    """A drawing on a model's grid, hashable: bytes of uint8 arrays, a number for each pixel in raster order."""

    levels: bytes
    known: bytes  # 1 where known, else 0

    def tensors(self, model: AutoregressiveImage) -> tuple[Tensor, Tensor]:
        """Integer levels and bool mask, (1, 1, H, W) each. Raises ValueError where the sizes do not fit."""
        shape = (1, 1, model.size, model.size)
        levels, known = (torch.tensor(np.frombuffer(part, np.uint8)) for part in self)
        if levels.numel() != model.size**2 or known.numel() != model.size**2:
            raise ValueError(f"a drawing for this model has {model.size}×{model.size} pixels")
        return levels.long().view(shape), known.bool().view(shape)


class Visiting(NamedTuple):
    """In which order pixels are visited, hashable; the fields are those of ``genlab.generation.Request``."""

    order: Fixed | Adaptive
    path: tuple[int, ...] = ()
    together: int = 1

    def asked(self, size: int, seed: int) -> dict[str, Any]:
        """Fields of a request. The seed is that of a random order."""
        order = self.order
        if order not in get_args(Adaptive):
            order = places(order, size, torch.Generator().manual_seed(seed))  # type: ignore[assignment,arg-type]
        return self._replace(order=order)._asdict()


class Mixture:
    """Log-likelihood of images (n, 1, H, W), the classes being alike: computed a class at a time."""

    def __init__(self, model: AutoregressiveImage, images: Tensor) -> None:
        self._model, self._images = model, images
        self._log_probs: list[Tensor] = []  # under class 0, 1 …

    def log_prob(self, budget: float) -> Tensor | None:
        """Nats of each image, (n,). Computes for so many seconds, and is None until all classes are there."""
        until = time.perf_counter() + budget
        while len(self._log_probs) < CLASSES:
            labels = torch.full((len(self._images),), len(self._log_probs))
            with torch.inference_mode():
                self._log_probs.append(self._model.log_prob(self._images, labels))
            if time.perf_counter() >= until:
                break
        if len(self._log_probs) < CLASSES:
            return None
        return torch.logsumexp(torch.stack(self._log_probs), 0) - math.log(CLASSES)


class Generation:
    """Images under way: the steps made so far, and the iterator that makes the next.

    Arguments:
        label: the class of all images. None draws one for each: from ``p(y | x_<t)`` where a drawing tells the first
            pixels, else from the ten alike.
        given: the pixels that are known.
        visiting: in which order, of a model that takes any; None for its own.
        like: generations that may have begun as this one does, on a path.
    """

    of: tuple[object, ...] = ()  # what two generations have in common that differ in their order alone
    together = 1  # pixels drawn from one pass
    any_order = False

    def __init__(
        self,
        model: AutoregressiveImage,
        n: int,
        seed: int,
        temperature: float,
        label: int | None,
        given: Given | None = None,
        visiting: Visiting | None = None,
        like: Iterable[Generation] = (),
    ) -> None:
        self.model, self.temperature, self.label = model, temperature, label
        self.of = model, n, seed, temperature, given, None if visiting is None else visiting.together
        known, mask = (None, None) if given is None else given.tensors(model)
        self.mask = torch.zeros(1, 1, model.size, model.size, dtype=torch.bool) if mask is None else mask
        self.begin = known_prefix(self.mask)
        self.labels = self._draw_labels(n, seed, known) if model.conditional else None
        self.steps: list[Step] = []
        self.beliefs: list[Beliefs] = []  # before each step that was predicted, in any order
        self._told: Tensor | None = None  # the posteriors whose beliefs came last
        self._mixture: Mixture | None = None
        generator = torch.Generator().manual_seed(seed)
        request = Request(n, known, mask, self.labels, temperature, generator)
        if visiting is None:
            self._next = generate(model, request)
            return
        self.any_order, self.together = True, visiting.together
        self.begin = int(self.mask.sum())
        self._begin_as(like, visiting.path)
        request = replace(request, **visiting.asked(model.size, seed))
        self._next = visit(cast(AnyOrder, model), Plan(model, request), request, self.steps[:])

    def _begin_as(self, like: Iterable[Generation], path: tuple[int, ...]) -> None:
        """Takes over the steps of another generation up to the last place of a path, where one went the same way."""
        known = self.mask.flatten().nonzero()[:, 0].tolist()
        way = known + [place for place in path if place not in known][:-1]
        for other in like:
            if other.of == self.of and [step.position for step in other.steps[: len(way)]] == way:
                self.steps, self.beliefs = other.steps[: len(way)], other.beliefs[: len(way) - len(known)]
                return

    def _draw_labels(self, n: int, seed: int, known: Tensor | None) -> Tensor:
        if self.label is not None:
            return torch.full((n,), self.label)
        generator = torch.Generator().manual_seed(seed)
        if known is None:
            return torch.randint(CLASSES, (n,), generator=generator)
        known = torch.where(self.mask, known, 0)
        posterior = class_posterior(pixel_log_probs(self.model, known), self.begin)
        return torch.multinomial(posterior, n, replacement=True, generator=generator)

    @property
    def complete(self) -> bool:
        """True when every pixel is written."""
        return len(self.steps) == len(self.model.order)

    def advance(self, start: int, budget: float) -> None:
        """Makes steps for so many seconds, and in any case the one at ``start``."""
        until = time.perf_counter() + budget
        while len(self.steps) <= start or time.perf_counter() < until:
            step = next(self._next, None)
            if step is None:
                return
            if step.posteriors is not None:
                new = step.posteriors is not self._told
                self._told = step.posteriors
                self.beliefs.append(beliefs(step.posteriors) if new else self.beliefs[-1])
            self.steps.append(replace(step, posteriors=None))  # all of them would fill the memory
            if self.complete:
                self._next = iter(())  # forgets the sampler

    def since(self, start: int, only: int | None) -> list[Step]:
        """The steps from ``start`` on; of a single image, if ``only`` names it."""
        steps = self.steps[start:]
        if only is None:
            return steps
        one = slice(only, only + 1)
        return [replace(s, log_probs=s.log_probs[one], value=s.value[one], known=s.known[one]) for s in steps]

    def maps(self, start: int, image: int) -> dict[str, np.ndarray]:
        """What an image was thought to be before each step from ``start`` on, uint8 (S, T), in any order."""
        if not self.any_order:
            return {}
        before = [None] * (len(self.steps) - len(self.beliefs)) + self.beliefs  # what is known is not predicted
        nothing = torch.zeros(self.mask.numel(), dtype=torch.uint8)
        return {
            f"{name}_map": torch.stack(
                [nothing if b is None else getattr(b, name)[image] for b in before[start:]]
            ).numpy()
            for name in Beliefs._fields
        }

    def log_prob(self, budget: float) -> Tensor | None:
        """Once complete: log-likelihood of each image in nats, (n,): of the mixture where the classes were drawn.

        The mixture is computed class by class, for so many seconds at a time, and None until it is whole. A given
        class, or a model without classes, has told its probabilities while it wrote: they are summed.
        """
        values = torch.stack([step.value for step in self.steps], 1)  # (n, T)
        if self.labels is None or self.label is not None:
            drawn_from = torch.stack([step.log_probs for step in self.steps], 1)  # (n, T, levels)
            log_probs = drawn_from if self.temperature == 1 else torch.log_softmax(drawn_from * self.temperature, 2)
            return log_probs.gather(2, values.unsqueeze(2)).squeeze(2).sum(1)
        images = values.view(-1, 1, self.model.size, self.model.size)
        self._mixture = self._mixture or Mixture(self.model, images)
        return self._mixture.log_prob(budget)


under_way: Recent[tuple[object, ...], Generation] = Recent(ROOM)


def generation(
    model: AutoregressiveImage,
    n: int,
    seed: int,
    temperature: float,
    label: int | None,
    given: Given | None,
    visiting: Visiting | None = None,
) -> Generation:
    """A generation that is kept, so that asking for more of it goes on where it was.

    A class asks for many at a time: where one were forgotten before it is complete, each piece of it would be made
    from the beginning.
    """
    key = model, n, seed, temperature, label, given, visiting
    if (kept := under_way.get(key)) is None:
        kept = Generation(*key, like=under_way.values())
        room = 4 * n * model.levels * model.size**2  # its log-probabilities, once it is complete
        under_way.put(key, kept, room if visiting is None else room + 2 * n * model.size**4)  # and beliefs
    return kept
