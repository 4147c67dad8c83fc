"""What pages ask of an interactive process that show a model from inside: figures, packed. Uses torch.

A ``source`` is the name of a catalogue entry or the bytes of a weights file; ``dark`` the visitor's theme.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from genlab.dotted import resolve
from genlab.errors import GenlabError
from genlab.figures import pixels
from genlab.figures.colours import DARK, LIGHT, Colours
from genlab.figures.maps import Figure
from genlab.runtime.generations import generation, image_model
from genlab.runtime.models import Source, model_of
from genlab.views import pixels as views
from genlab.views.seen import Seen


def look(source: Source, view: str, figure: str, dark: bool, **arguments: Any) -> bytes:
    """The figure of a view of a model, both by dotted path. Raises GenlabError: what the view cannot do."""
    seen = _seen(source, resolve(view), **arguments)
    made: Figure = resolve(figure)(seen.meta, seen.arrays, _colours(dark))
    return made.pack()


def masks(source: Source, dark: bool, position: int, budget: float) -> bytes:
    """What a masked network is given before it predicts a position of an image that it draws itself.

    Arguments:
        budget: seconds of drawing, while the pixels before the position are not all there.

    Returns:
        ``genlab.figures.pixels.masks`` of the image so far; ``drawn`` pixels of it are there.

    Raises:
        CheckpointError: the source cannot be used.
        GenlabError: a position outside the image, or a model without masked input.
    """
    model = image_model(source)
    if model.one_pass:
        raise GenlabError("This model has no masked input.")
    made = generation(model, 1, views.SEED, 1.0, None, None)
    if len(made.steps) < position:
        made.advance(len(made.steps), budget)
    image, drawn = np.zeros(model.size**2, np.int64), min(position, len(made.steps))
    image[:drawn] = [int(step.value[0]) for step in made.steps[:drawn]]
    seen = _seen(source, views.masks, position=position, image=image.reshape(model.size, model.size))
    return pixels.masks(seen.meta | {"drawn": drawn}, seen.arrays, _colours(dark)).pack(drawn=drawn)


def receptive_field(source: Source, dark: bool, position: int, budget: float) -> bytes:
    """What moves the prediction at a position, measured on images that the model draws itself; as ``masks``."""
    model = image_model(source)
    made = generation(model, views.IMAGES, views.SEED, 1.0, None, None)
    if len(made.steps) < position:
        made.advance(len(made.steps), budget)
    drawn = min(position, len(made.steps))
    images = torch.zeros(views.IMAGES, model.size**2, dtype=torch.long)
    if drawn:
        images[:, model.order[:drawn]] = torch.stack([step.value for step in made.steps[:drawn]], 1)
    images = images.view(-1, 1, model.size, model.size)
    seen = _seen(source, views.receptive_field, position=position, images=images, labels=made.labels)
    return pixels.receptive_field(seen.meta, seen.arrays, _colours(dark)).pack(drawn=drawn)


def fragments(names: dict[str, str], dark: bool, seed: int) -> bytes:
    """Sixteen images by each of two models of the catalogue, without and with positions, from the same uniforms.

    Arguments:
        names: of both, by their title.
        seed: of the uniforms.

    Raises:
        CheckpointError: one has no weights here.
    """
    pair = [(title, *_seen(name, views.samples, seed=seed)) for title, name in names.items()]
    return pixels.fragments(pair, _colours(dark)).pack()


def _seen(source: Source, view: Callable[..., Seen], **arguments: Any) -> Seen:
    try:
        return view(model_of(source), **arguments)
    except ValueError as error:
        raise GenlabError(f"{error}.") from error


def _colours(dark: bool) -> Colours:
    return DARK if dark else LIGHT
