"""Particles under way: what pages ask of an interactive process about completions that honour all known pixels."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from genlab.data.classes import CLASSES
from genlab.errors import GenlabError
from genlab.evaluation.prefix import class_posterior, known_prefix, pixel_log_probs
from genlab.generation.particles import effective, lineages, particles, systematic
from genlab.generation.request import Request
from genlab.generation.steps import Step, generate
from genlab.models.autoregressive import AutoregressiveImage
from genlab.runtime import generations
from genlab.runtime.generations import Generation, Given, Mixture, image_model
from genlab.runtime.models import Source
from genlab.runtime.pixels import piece
from genlab.runtime.recent import Recent
from genlab.views import drawing as drawings

COUNT = 64
KEPT = 6  # drawings whose particles are kept: up to 57 MB each at 28×28 while they are under way, then 1 MB


class Particles:
    """Particles of a drawing under way, as ``genlab.runtime.generations.Generation`` is of images.

    Arguments:
        n: how many completions they are to give, without weights.
        label: the class of all. None draws one for each from ``p(y | x_<t)``, t being the first unknown pixel.
    """

    def __init__(
        self, model: AutoregressiveImage, n: int, seed: int, temperature: float, label: int | None, given: Given
    ) -> None:
        self.model, self.temperature = model, temperature
        known, self.mask = given.tensors(model)
        generator = torch.Generator().manual_seed(seed)
        self._uniform = float(torch.rand((), generator=generator))  # of the completions that are shown
        labels, log_weight = None, None
        self._log_prob: Tensor | None = torch.zeros(COUNT, device=next(model.parameters()).device)
        if label is not None:
            labels = torch.full((COUNT,), label)
        elif model.conditional:
            log_probs = pixel_log_probs(model, torch.where(self.mask, known, 0))
            log_posterior = class_posterior(log_probs, known_prefix(self.mask)).log()
            counts = systematic(log_posterior, COUNT, float(torch.rand((), generator=generator)))
            labels = torch.arange(CLASSES).repeat_interleave(counts)
            log_weight = -math.log(CLASSES) - log_posterior[labels]
            self._log_prob = None  # of the mixture: not what a particle draws from
        self.labels, self.steps = labels, list[Step]()
        self._next = particles(
            model, COUNT, known=known, mask=self.mask, labels=labels, temperature=temperature,
            generator=generator, log_weight=log_weight,
        )  # fmt: skip
        self._n = n
        self._mixture: Mixture | None = None

    @property
    def complete(self) -> bool:
        """True when every pixel is written."""
        return len(self.steps) == len(self.model.order)

    def advance(self, start: int, budget: float) -> None:
        """Makes steps for so many seconds, and in any case the one at ``start``."""
        until = time.perf_counter() + budget
        while not self.complete and (len(self.steps) <= start or time.perf_counter() < until):
            step = next(self._next)
            if self._log_prob is not None:
                told = step.log_probs
                if self.temperature != 1:
                    told = torch.log_softmax(told * self.temperature, 1)
                self._log_prob = self._log_prob[step.ancestor] + told.gather(1, step.value[:, None])[:, 0]
            self.steps.append(replace(step, log_probs=step.log_probs.new_empty(0)))  # nobody reads them
        if self.complete:
            self._next = iter(())  # forgets the sampler

    @property
    def shown(self) -> Tensor:
        """Which particles are shown, (n,): drawn by their weights, so that they have none any more."""
        weight = self.steps[-1].log_weight
        assert weight is not None
        if not effective(weight):
            return torch.arange(self._n)
        return torch.arange(COUNT).repeat_interleave(systematic(weight, self._n, self._uniform).cpu())

    def log_prob(self, images: Tensor, budget: float) -> Tensor | None:
        """Once complete: log-likelihood of the images that are shown (n, 1, H, W), as ``Generation.log_prob``."""
        if self._log_prob is not None:
            return self._log_prob[self.shown]
        self._mixture = self._mixture or Mixture(self.model, images)
        return self._mixture.log_prob(budget)


class Replay(Generation):
    """An image (T,) int64 that is gone through once more, each pixel being what it was: particles keep no posteriors.

    Arguments:
        label: the class that it was written with.
        mask: bool, one image, what was known of it.
    """

    def __init__(
        self, model: AutoregressiveImage, temperature: float, label: int | None, image: Tensor, mask: Tensor
    ) -> None:
        self.model, self.temperature, self.label, self.mask = model, temperature, label, mask
        self.begin, self.labels, self.steps = known_prefix(mask), None if label is None else torch.tensor([label]), []
        request = Request(1, image.view(mask.shape), torch.ones_like(mask), self.labels, temperature)
        known = mask.flatten()
        self._next = (replace(s, known=known[s.position : s.position + 1]) for s in generate(model, request))


under_way: Recent[tuple[object, ...], Particles] = Recent(KEPT)


def _asked(source: Source, settings: dict[str, Any]) -> Particles:
    """The particles that settings speak of. Raises CheckpointError, or GenlabError where the drawing does not fit."""
    asked = (settings["n"], settings["seed"], settings["temperature"], settings["label"])
    model, given = image_model(source), Given(*settings["given"])
    if (made := under_way.get((model, *asked, given))) is None:
        try:
            made = Particles(model, *asked, given)
        except ValueError as error:
            raise GenlabError(f"{error}.") from error
        under_way.put((model, *asked, given), made)
    return made


def completions(source: Source, settings: dict[str, Any], start: int, budget: float) -> bytes:
    """The particles of a drawing so far; asked once more when they are complete, how likely those shown are.

    Arguments:
        settings, start, budget: as ``genlab.runtime.pixels.trace`` has them.

    Returns:
        ``genlab.views.drawing.particles`` of them.

    Raises:
        CheckpointError: the source cannot be used.
        GenlabError: the drawing does not fit the model.
    """
    made = _asked(source, settings)
    model, whole = made.model, made.complete
    if not whole:
        made.advance(start, budget)
    seen = drawings.particles(model, made.steps, made.mask, made.labels, made.shown)
    if whole:
        images = torch.from_numpy(seen.arrays["images"]).long().view(-1, 1, model.size, model.size)
        seen = drawings.ranked(seen, made.log_prob(images, budget))
    return seen.pack()


def trace(source: Source, settings: dict[str, Any], start: int, budget: float) -> bytes:
    """A piece of how one of the completions was written; arguments and answer as ``genlab.runtime.pixels.trace``.

    Raises:
        As ``completions``.
    """
    made, only = _asked(source, settings), settings["only"]
    key = made.model, *(settings[name] for name in ("n", "seed", "temperature", "label", "given", "only"))
    if (again := generations.under_way.get(key)) is None:
        made.advance(len(made.model.order) - 1, 0.0)
        past = list(lineages(made.steps, made.shown[only : only + 1].to(made.steps[-1].value.device)))
        image = torch.cat([step.value[index] for step, index in past[::-1]]).cpu()
        label = None if made.labels is None else int(made.labels[past[-1][1].cpu()])
        again = Replay(made.model, made.temperature, label, image, made.mask)
        generations.under_way.put(key, again, 4 * made.model.levels * len(image))
    return piece(again, 1, 0, None, start, budget)
