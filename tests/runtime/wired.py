"""A browser's tab without a browser, and an engine whose questions a test answers by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from genlab.errors import GenlabError
from genlab.runtime.job import Job
from genlab.runtime.jobs import Jobs
from genlab.runtime.shelf import Shelf
from genlab.runtime.visitors import Visitors
from genlab.runtime.waiting import settle
from genlab.runtime.wire import Wire
from genlab.views.pack import pack, unpack
from tests.coroutines import finish
from tests.runtime.fake import FakeActor

SOON = 10.0  # seconds: nothing takes as long, unless it never comes


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that is a coroutine."""

    def run(*args: Any, **kwargs: Any) -> None:
        finish(test(*args, **kwargs))

    run.__name__ = test.__name__
    run.__wrapped__ = test  # type: ignore[attr-defined]  # pytest looks there for the fixtures
    return run


async def quiet() -> None:
    """Whatever can happen without anybody's doing has happened."""
    for _ in range(30):
        await asyncio.sleep(0)


class Asked(NamedTuple):
    """A question as a process gets it."""

    slot: int
    path: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Future[bytes]

    def piece(self, start: int = 0, end: int = 1, total: int = 1) -> None:
        """Answers as ``genlab.runtime.pixels:trace`` does."""
        self.answer.set_result(pack({"end": end, "complete": end == total}, values=np.arange(start, end, dtype="i4")))

    def refuse(self, sentence: str) -> None:
        self.answer.set_exception(GenlabError(sentence))


class Here:
    """A training in this very process."""

    def __init__(self) -> None:
        self.ended: Future[str] = Future()
        self.pid = 0
        self.check = lambda: None
        self.memory = lambda: 0

    def ready(self) -> None:
        pass

    def make(self, path: str, *args: Any) -> None:
        self._actor = FakeActor(*args)

    def call(self, method: str, *args: Any) -> Any:
        return getattr(self._actor, method)(*args)

    def end(self) -> None:
        settle(self.ended, "ended (code 0)")


class FakeEngine:
    """Real jobs in this process, and questions that wait for the test to answer them."""

    def __init__(self, slots: int = 1, **jobs: Any) -> None:
        self.asked: list[Asked] = []
        self._folder = TemporaryDirectory()
        shelf = Shelf(Path(self._folder.name))
        self.jobs = Jobs(lambda: None, Here, **{"limit": 2, "shelf": shelf} | jobs)  # type: ignore[arg-type]
        self._slots = list(range(slots))

    def slots(self) -> list[int]:
        return self._slots

    def load(self, slot: int) -> int:
        return 0

    def submit_to(self, slot: int, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Asked:
        self.asked.append(Asked(slot, path, args, kwargs, Future()))
        return self.asked[-1]

    @property
    def open(self) -> list[Asked]:
        """Not answered yet."""
        return [asked for asked in self.asked if not asked.answer.done()]

    async def next(self) -> Asked:
        """The oldest open question, once there is one."""
        async with asyncio.timeout(SOON):
            while not self.open:
                await asyncio.sleep(0.001)
        return self.open[0]


def describe(job: Job, changed: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the pages of these tests say of a training."""
    return {"state": job.state, "step": job.progress.get("step", 0), "changed": list(changed)}, {}


class Lab:
    """A server with a wire."""

    def __init__(self, path: str = "/wire", **engine: Any) -> None:
        self.engine = FakeEngine(**engine)
        self.visitors = Visitors()
        self.said: dict[str, Any] = {"devices": []}
        self.wire = Wire(describe, lambda owner: self.said | {"for": owner}, of=self.engine, known=self.visitors)  # type: ignore[arg-type]
        self.app = Starlette(routes=[WebSocketRoute(path, self.wire.serve)])

    async def tab(self, owner: str = "ada", **socket: Any) -> Tab:
        """A tab of that visitor, after its hello."""
        tab = Tab(self.app, **socket)
        tab.say(type="hello", ticket=self.visitors.ticket(owner))
        assert (await tab.hear())["type"] == "welcome"
        return tab


class Tab:
    """One WebSocket, from the browser's side.

    Attributes:
        arrays: of the last message that was heard.
    """

    def __init__(self, app: Any, path: str = "/wire", origin: str | None = "http://lab:8501") -> None:
        headers = [(b"host", b"lab:8501")] + ([(b"origin", origin.encode())] if origin else [])
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
            "extensions": {},
        }
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._takes = asyncio.Event()
        self._takes.set()
        self.sent = 0  # messages that the server got rid of
        self.arrays: dict[str, np.ndarray] = {}
        self._in.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(app(scope, self._in.get, self._send))

    async def _send(self, event: Any) -> None:
        await self._takes.wait()
        if event["type"] == "websocket.send":
            self.sent += 1
        self._out.put_nowait(event)

    def slow(self) -> None:
        """From now on it takes nothing."""
        self._takes.clear()

    def fast(self) -> None:
        self._takes.set()

    def say(self, **message: Any) -> None:
        self.say_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    def ask(self, id: int, canvas: str = "c1", **question: Any) -> None:
        """Asks for a trace of the PixelCNN, unless the question says something else."""
        self.say(type="ask", id=id, canvas=canvas, question={"name": "trace", "source": "pixelcnn-digits", **question})

    async def event(self) -> dict[str, Any]:
        """What the server does next."""
        async with asyncio.timeout(SOON):
            return await self._out.get()

    async def hear(self) -> dict[str, Any]:
        """The words of the next message."""
        event = await self.event()
        while event["type"] == "websocket.accept":
            event = await self.event()
        assert event["type"] == "websocket.send", event
        meta, self.arrays = unpack(event["bytes"])
        return meta

    def silent(self) -> bool:
        """True where nothing is there to be heard."""
        return self._out.empty()

    async def closed(self) -> tuple[int, str]:
        """Code and sentence with which the server closes."""
        while (event := await self.event())["type"] != "websocket.close":
            pass
        async with asyncio.timeout(SOON):
            await self.task
        return event["code"], event.get("reason") or ""

    async def close(self) -> None:
        """The tab is closed, or the connection lost."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1006})
        with suppress(asyncio.CancelledError):
            await self.task
