"""Models, as an interactive process keeps them between two questions. Uses torch."""

from __future__ import annotations

from functools import lru_cache

from genlab.catalog import CATALOG
from genlab.models import Model
from genlab.training import checkpoints

Source = str | bytes  # the name of a catalogue entry, or the bytes of a weights file


def model_of(source: Source) -> Model:
    """The model of a source, kept for the next call. Raises CheckpointError."""
    path = CATALOG[source].checkpoint if isinstance(source, str) and source in CATALOG else None
    return _loaded(source, path.stat().st_mtime_ns if path and path.exists() else 0)


@lru_cache(maxsize=8)
def _loaded(source: Source, changed: int) -> Model:  # noqa: ARG001
    """``changed`` says when the file was written: a checkpoint trained anew is loaded anew."""
    return checkpoints.load(source) if isinstance(source, str) else checkpoints.loads(source)[0]
