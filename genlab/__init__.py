"""genlab: generative models as streams of small steps. UI-free; torch is imported at the first use of a model."""

from __future__ import annotations

import importlib
from typing import Any

from genlab.catalog import experiment

__all__ = ["Run", "experiment", "generate", "load"]

_LAZY = {"Run": "genlab.training.run", "generate": "genlab.generation.steps", "load": "genlab.training.checkpoints"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'genlab' has no attribute {name!r}")
