"""What samples of an image GAN are worth."""

from __future__ import annotations

from genlab.evaluation.frechet import judge
from genlab.models.gan import ImageGAN
from genlab.views.seen import Seen


def judged(model: ImageGAN, count: int = 2000, seed: int = 0) -> Seen:
    """``genlab.evaluation.frechet.judge`` as ``meta``; raises as it does."""
    return Seen(judge(model, count, seed), {})
