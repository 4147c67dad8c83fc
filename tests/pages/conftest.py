"""Pages whose questions are answered without another process."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from genlab.catalog import FAMILIES
from genlab.data import download
from genlab.runtime.engine import Engine
from genlab.runtime.questions import About, read
from genlab.runtime.rpc import guarded, resolve, unwrap
from genlab.runtime.visitors import visitors
from genlab.views.pack import unpack as unpacked

PAGED = {name: family for name, family in FAMILIES.items() if family.section}  # others are seen on these

# Every AppTest looks through all packages that are installed, which takes half a second: once is enough.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are answered in this process: the same functions and errors, without the way to another one.

    Nothing is downloaded.
    """

    def ask(self: Engine, path: str, *args: Any, meanwhile: Callable[[], object] = list, **kwargs: Any) -> Any:
        meanwhile()
        return unwrap(guarded(lambda: resolve(path)(*args, **kwargs)))

    def refuse(url: str, progress: download.Progress | None) -> bytes:
        raise OSError("the network is cut off")

    monkeypatch.setattr(download, "_download", refuse)
    monkeypatch.setattr(Engine, "ask", ask)
    monkeypatch.setattr(Engine, "start", lambda self: None)


def asked(at: AppTest) -> Iterator[dict[str, Any]]:
    """What the canvases of a page ask over the wire when they open."""
    for element in at.get("bidi_component"):
        page = unpacked(element.proto.bytes)[0] if element.proto.bytes else {}
        if page.get("question"):
            settings = {field["name"]: field["value"] for field in page.get("controls", ())}
            settings.pop("first", None)  # of which the player makes a drawing
            how = settings.pop("how", "raster")
            about = {} if page["source"] is None else {"source": page["source"]}
            question, place = {**about, **page["question"], **settings}, page.get("place", {})
            if page["question"]["name"] == "walk":
                yield question | {"name": "sheet"}
            if page["question"]["name"] == "directions":
                place = {name: value for name, value in place.items() if name != "b"}
            yield question | place
            if how == "particles":
                yield question | {"name": "particles"}
            if page["question"]["name"] == "completions":
                yield {"name": "score", "source": page["source"], "drawing": page["question"]["drawing"]}
        if page.get("first"):
            yield {"name": "first_picture", "lanes": page["first"]}
        for lane, measured in zip(page.get("lanes", ()), page.get("measure", ()), strict=True):
            source = lane["source"]
            yield (
                {"name": "beside", "source": source}
                if source
                else {
                    "name": "beginning",
                    "experiment": lane["experiment"],
                }
            )
            if measured:
                yield {"name": "measured", "source": measured}


def answer(at: AppTest, message: dict[str, Any]) -> bytes:
    """The first piece of the answer, computed in this process. Raises GenlabError."""
    question, source = read(message), None
    if isinstance(question, About):
        source = visitors().source(at.session_state["owner"], question.source)
        question.check(source)
    args, options = question.arguments(source, 0, 0.05)
    block: bytes = unwrap(guarded(lambda: resolve(question.answer)(*args, **options)))
    return block
