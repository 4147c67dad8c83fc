"""What each device holds. The server looks at main memory itself and has the interactive process look at the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil

from genlab.errors import GenlabError

_EVERY = 2.0  # seconds between two looks at the accelerators

Device = dict[str, Any]  # name: str, memory_total and memory_used: int, bytes


def main_memory() -> Device:
    """The machine's own memory, in bytes."""
    memory = psutil.virtual_memory()
    return {
        "name": f"CPU, {psutil.cpu_count() or 1} cores",
        "memory_total": memory.total,
        "memory_used": memory.total - memory.available,
    }


class Accelerators:
    """The last known state of the accelerators; looking never waits.

    Arguments:
        submit: asks the interactive process, as ``Engine.submit`` does.
    """

    def __init__(self, submit: Callable[[str], Any]) -> None:
        self._submit = submit
        self._question: Any = None
        self._asked = 0.0
        self._known: list[Device] | None = None

    def devices(self) -> list[Device]:
        """What was last heard; asks again where that is old. A machine without accelerators is asked once."""
        if self._question is not None and self._question.done():
            question, self._question = self._question, None
            try:
                self._known = question.result()
            except GenlabError:
                self._known = self._known or []  # a driver that fails must not take the page with it
        if self._question is None and self._known != [] and time.monotonic() - self._asked > _EVERY:
            self._asked = time.monotonic()
            self._question = self._submit("genlab.runtime.answers:accelerators")
        return self._known or []
