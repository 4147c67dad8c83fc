"""The browser side of the manifold between four images, each a sample or a drawing."""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.data.drawing import examples
from genlab.ui.browser import canvas
from genlab.ui.shell.drawing import current
from genlab.ui.shell.visitor import known, wire
from genlab.views.pack import pack


def corners(
    source: str | bytes, experiment: Any, seed: int, temperature: float, label: int | None, *, key: str
) -> None:
    """Shows the images between four images, which the visitor picks.

    Arguments:
        source: a catalogue name, or weights.
        experiment: of the model.
        seed, temperature, label: of the samples among which one picks.
        key: unique on the page, also of a saved picture.
    """
    strip, own = examples(experiment.size), current()
    names, drawings = [*strip], [example.ink for example in strip.values()]
    if own is not None:
        names, drawings = ["your drawing", *names], [own.resized(experiment.size).ink, *drawings]
    noise = {"source": known(source), "seed": seed, "temperature": temperature, "label": label}
    said = {**wire(), "noise": noise, "levels": experiment.levels, "names": names}
    canvas("image_flows/corners/corners", pack(said, drawings=np.stack(drawings)), key=key)
