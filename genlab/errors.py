"""Errors meant for people: each message is one clear sentence that says what is wrong and what would be right."""

from __future__ import annotations

import re


class GenlabError(Exception):
    """Base of every error whose message may be shown to a person as it stands."""


class CheckpointError(GenlabError):
    """A checkpoint that cannot be used: truncated, of another model, not safetensors, with NaN weights, too large."""


class NotWritten(GenlabError):
    """A file that cannot be written where it is to be."""


class DataUnavailable(GenlabError):
    """A data set that is neither on disk nor reachable."""


class Diverged(GenlabError):
    """A training whose loss is no longer a finite number."""


class OutsideDomain(GenlabError, ValueError):
    """An input on which a flow is not defined: of another shape, not finite, or so far out that a number overflows."""


class OutOfMemory(GenlabError):
    """A computation that needs more memory than there is."""


class WorkerFailed(GenlabError):
    """A computation that failed in its process in an unforeseen way, or took too long."""


def is_out_of_memory(error: Exception) -> bool:
    """True for Python's, for torch's on a device, and for torch's on the CPU, which is a plain RuntimeError."""
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or (isinstance(error, RuntimeError) and bool(re.search("can.t allocate memory|out of memory", str(error))))
    )
