"""μ-law: 256 levels, closer together where sound is quiet (ITU-T G.711; van den Oord et al. 2016a). Torch-free."""

from __future__ import annotations

import numpy as np

LEVELS = 256
MU = LEVELS - 1
SILENCE = 128  # the level of a sample that is 0


def encode(sound: np.ndarray) -> np.ndarray:
    """Samples in [−1, 1] as levels, uint8: ``f(x) = sign(x) log(1 + μ |x|) / log(1 + μ)``, in 256 equal steps.

    What lies beyond is clipped.
    """
    x = np.clip(sound, -1, 1)
    f = np.sign(x) * np.log1p(MU * np.abs(x)) / np.log1p(MU)
    return np.floor((f + 1) / 2 * MU + 0.5).astype(np.uint8)


def decode(levels: np.ndarray) -> np.ndarray:
    """The sample in the middle of each level, float32 in [−1, 1]."""
    f = 2 * levels.astype(np.float64) / MU - 1
    return (np.sign(f) * np.expm1(np.abs(f) * np.log1p(MU)) / MU).astype(np.float32)
