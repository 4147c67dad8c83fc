"""What pages ask of an interactive process about models that write images. Uses torch; one call runs at a time.

A ``source`` is the name of a catalogue entry or the bytes of a weights file.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from genlab.data.drawing import examples
from genlab.errors import GenlabError
from genlab.evaluation.prefix import known_prefix, pixel_log_probs
from genlab.generation.orders import places
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.order_agnostic import OrderAgnostic
from genlab.runtime.generations import Generation, Given, Visiting, generation, image_model
from genlab.runtime.models import Source
from genlab.views import drawing as drawings
from genlab.views.any_order import believed
from genlab.views.pack import pack
from genlab.views.pixels import FLOOR, trace_arrays

PASSES = 25  # in which a model of any order scores an image: a twentieth of a second at 28×28


def _asked(source: Source, settings: dict[str, Any]) -> Generation:
    """The generation that settings speak of. Raises CheckpointError, or GenlabError where a drawing does not fit."""
    model, given, visiting = image_model(source), settings.get("given"), settings.get("visiting")
    try:
        return generation(
            model,
            settings["n"],
            settings["seed"],
            settings["temperature"],
            settings["label"],
            None if given is None else Given(*given),
            None if visiting is None else Visiting(*visiting),
        )
    except ValueError as error:
        raise GenlabError(f"{error}.") from error


def trace(source: Source, settings: dict[str, Any], start: int, budget: float) -> bytes:
    """A piece of a generation, packed for the player.

    Arguments:
        settings: n (images), seed, temperature, label (of all images; None draws one for each) and focus (the image
            whose every posterior is told). With ``given`` (levels, known), the pixels of a drawing are kept; with
            ``visiting``, the fields of a ``Visiting``, they are visited in its order; with ``only``, the trace is that
            of this image alone.
        start: the first step wanted.
        budget: seconds to go on generating; at least one new step is made, until the images are complete.

    Returns:
        The steps from ``start`` to those made so far, as ``genlab.views.pixels.trace_arrays`` tells them. With
        ``visiting`` also what the image in focus was thought to be before each, ``expected_map`` and ``entropy_map``
        uint8 (S, T), see ``genlab.views.any_order``.

    Raises:
        CheckpointError: the source cannot be used.
        GenlabError: the drawing does not fit the model.
    """
    made = _asked(source, settings)
    return piece(made, settings["n"], settings["focus"], settings.get("only"), start, budget)


def piece(made: Generation, n: int, focus: int, only: int | None, start: int, budget: float) -> bytes:
    """A piece of a generation of n images that is under way; the other arguments are those of ``trace``."""
    model, total = made.model, len(made.model.order)
    start = max(0, min(start, total - 1))
    made.advance(start, budget)
    end = len(made.steps)
    labels = None if made.labels is None else made.labels.tolist()
    return pack(
        {
            "size": model.size,
            "levels": model.levels,
            "n": n if only is None else 1,
            "focus": focus,
            "start": start,
            "end": end,
            "total": total,
            "complete": end == total,
            "begin": made.begin % total,  # where there is something to watch
            "together": made.together,
            "temperature": made.temperature,
            "floor": FLOOR,
            "labels": labels if labels is None or only is None else labels[only : only + 1],
        },
        **trace_arrays(made.since(start, only), focus),
        **made.maps(start, focus if only is None else only),
    )


def completions(source: Source, settings: dict[str, Any], budget: float) -> bytes:
    """The images of a generation so far; asked once more when they are complete, how likely each is.

    Arguments:
        settings, budget: as in ``trace``.

    Returns:
        ``genlab.views.pixels.completions`` of the generation.

    Raises:
        As ``trace``.
    """
    made = _asked(source, settings)
    log_prob = made.log_prob(budget) if made.complete else None
    made.advance(len(made.steps), budget)
    seen = drawings.completions(made.model, made.steps, made.mask, made.labels, log_prob, any_order=made.any_order)
    return seen.pack()


def expected(source: Source, given: tuple[bytes, bytes], temperature: float) -> bytes:
    """What a model of any order expects of every unknown pixel of a drawing, and how unsure it is.

    Arguments:
        given: levels and known pixels, as in ``score``.

    Returns:
        ``expected`` and ``entropy`` uint8 (T,), see ``genlab.views.any_order.Beliefs``; known pixels are as they
        are, and sure.

    Raises:
        CheckpointError: the source cannot be used.
        GenlabError: the drawing does not fit the model, or this has an order of its own.
    """
    model = image_model(source)
    if not isinstance(model, OrderAgnostic):
        raise GenlabError("This model writes in an order of its own.")
    try:
        levels, known = Given(*given).tensors(model)
    except ValueError as error:
        raise GenlabError(f"{error}.") from error
    return believed(model, levels, known, temperature).pack()


def score(source: Source, given: tuple[bytes, bytes], budget: float) -> bytes:
    """How likely a drawing is, and how likely the examples are, so far as these are scored.

    Arguments:
        given: levels and known pixels, bytes of uint8 in raster order.
        budget: seconds for scoring examples that were not scored yet; at least one is, while there are any.

    Returns:
        ``genlab.views.drawing.scores`` of the pixels before the first unknown one; by a model of any order ``visited``,
        of all known pixels.

    Raises:
        As ``trace``.
    """
    model, until = image_model(source), time.perf_counter() + budget
    try:
        mask = Given(*given).tensors(model)[1]
        log_probs = _of_drawing(model, Given(*given))
    except ValueError as error:
        raise GenlabError(f"{error}.") from error
    any_order = isinstance(model, OrderAgnostic)
    heard = given[1] if any_order else bytes([1]) * model.size**2  # what comes later does not matter to the others
    scored = _scored(model, heard)
    for name, drawing in examples(model.size).items():
        if name not in scored:
            levels = drawing.levels(model.levels).astype(np.uint8).tobytes()
            scored[name] = _log_probs(model, Given(levels, heard))
            if time.perf_counter() > until:
                break
    if any_order:
        return drawings.visited(log_probs, scored, _visits(mask)).pack()
    return drawings.scores(log_probs, scored, known_prefix(mask)).pack()


def _visits(mask: torch.Tensor) -> list[int]:
    """The known pixels in a random order, always the same."""
    known = mask.flatten()
    return [place for place in places("random", mask.shape[-1], torch.Generator().manual_seed(0)) if known[place]]


def _log_probs(model: AutoregressiveImage, given: Given) -> torch.Tensor:
    """Log-probabilities of a drawing's pixels; by a model of any order of the known ones, as ``_visits`` has them."""
    levels, mask = given.tensors(model)
    levels = torch.where(mask, levels, 0)
    if not isinstance(model, OrderAgnostic):
        return pixel_log_probs(model, levels)
    levels = levels.to(next(model.parameters()).device)
    return model.visited_log_probs(levels, _visits(mask), max(1, model.size**2 // PASSES)).cpu()


_of_drawing = lru_cache(maxsize=8)(_log_probs)


@lru_cache(maxsize=8)
def _scored(model: AutoregressiveImage, heard: bytes) -> dict[str, torch.Tensor]:  # noqa: ARG001
    """What the examples scored so far are to a model, by name; filled by ``score``."""
    return {}
