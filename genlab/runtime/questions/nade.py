"""What a canvas may ask about NADE. Torch-free."""

from __future__ import annotations

from genlab.errors import GenlabError
from genlab.experiments.pixels import NADEExperiment
from genlab.runtime.questions.pixels_inside import AtPixel
from genlab.runtime.visitors import Source


class HiddenVector(AtPixel):
    """The hidden vector while it grows, up to a pixel."""

    name = "hidden_vector"
    view = "genlab.views.nade:hidden_vector"
    figure = "genlab.figures.nade:hidden_vector"

    def check(self, source: Source) -> None:
        """As in ``About``."""
        super().check(source)
        if not isinstance(source.experiment, NADEExperiment):
            raise GenlabError("This can be asked of NADE only.")
