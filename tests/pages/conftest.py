"""Pages whose questions are answered without another process."""

from __future__ import annotations

from typing import Any

import pytest

from genlab.data import download
from genlab.runtime.engine import Engine
from genlab.runtime.trampoline import guarded, resolve, unwrap


@pytest.fixture
def answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are answered in this process: the same functions and errors, without the way to another one.

    Nothing is downloaded.
    """

    def ask(self: Engine, path: str, *args: Any, timeout: float = 30, **kwargs: Any) -> Any:
        return unwrap(guarded(lambda: resolve(path)(*args, **kwargs)))

    def refuse(url: str, progress: download.Progress | None) -> bytes:
        raise OSError("the network is cut off")

    monkeypatch.setattr(download, "_download", refuse)
    monkeypatch.setattr(Engine, "ask", ask)
    monkeypatch.setattr(Engine, "start", lambda self: None)
