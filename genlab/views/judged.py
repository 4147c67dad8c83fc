"""What samples of an image GAN are worth."""

from __future__ import annotations

from genlab.evaluation.sample_quality import sample_quality
from genlab.models.gan import ImageGAN
from genlab.views.seen import Seen


def judged(model: ImageGAN, count: int = 2000, seed: int = 0) -> Seen:
    """``genlab.evaluation.sample_quality.sample_quality`` as ``meta``; raises as it does."""
    return Seen(sample_quality(model, count, seed), {})
