"""Objects by dotted path, "package.module:name": so that whoever names one need not import it."""

from __future__ import annotations

import importlib
from typing import Any


def resolve(path: str) -> Any:
    """The object of a path; imports its module."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
