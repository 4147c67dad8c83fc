"""Pages whose questions are answered without another process."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.runtime.engine import Engine
from genlab.runtime.trampoline import guarded, resolve, unwrap


@pytest.fixture
def answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are answered in this process: the same functions and errors, without the way to another one."""

    def ask(self: Engine, path: str, *args: Any, timeout: float = 30, **kwargs: Any) -> Any:
        return unwrap(guarded(lambda: resolve(path)(*args, **kwargs)))

    monkeypatch.setattr(Engine, "ask", ask)
    monkeypatch.setattr(Engine, "start", lambda self: None)
