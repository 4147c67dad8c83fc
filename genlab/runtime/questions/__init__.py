"""What a canvas may ask: typed, frozen, and checked before anything computes. Torch-free."""

from genlab.runtime.questions import (  # noqa: F401 - all declare their questions
    experiments,
    flows,
    gans,
    image_flows,
    image_layers,
    latents,
    made,
    nade,
    pixels,
    pixels_inside,
    sequences,
    sound,
)
from genlab.runtime.questions.base import QUESTIONS, About, Question, View, read

__all__ = ["QUESTIONS", "About", "Question", "View", "read"]
