"""What pages ask of the interactive process about GANs. Uses torch."""

from __future__ import annotations

from genlab.runtime.models import Source
from genlab.training import checkpoints
from genlab.training.run import Run


def slow_round(source: Source) -> bytes:
    """One round of the game from a model's weights on, packed; nothing of it is kept.

    Arguments:
        source: the name of a catalogue entry or the bytes of a weights file.

    Returns:
        ``genlab.views.rounds.slowly``.

    Raises:
        GenlabError: the source cannot be used, or is of no GAN on the plane.
    """
    run = Run.resume(checkpoints.read(source) if isinstance(source, str) else source, None)
    shown = run.task.slowly(run)
    run.advance(steps=0)  # a loss that is no number is told here
    return shown
