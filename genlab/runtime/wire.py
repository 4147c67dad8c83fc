"""The wire: one WebSocket a tab, over which canvases ask, watch and steer. Torch-free, beside Streamlit's own socket.

Browser to server: JSON, the messages below. Server to browser: blocks of ``genlab.views.pack`` whose words have
``type`` and ``canvas``:

    welcome                                after a good hello
    answer   id, more, meta, and arrays    a piece of an answer; ``more``: others follow by themselves
    refused  id, sentence                  what is said in place of an answer, of news, or of a command that was done
    news     job, have, whole, now, film, meta, and arrays
             what is new in a training: ``curve`` float32 (n, 3) are new points (all of them where ``whole``), the array
             ``now`` is the newest picture, of the step ``now``, and ``film N`` the picture at step N; ``have`` is to be
             sent when it is watched anew
    status   meta                          devices and trainings

A socket is closed with one sentence where a visitor's page cannot go on with it: its messages are not of this kind, too
large or too many, or its ticket is strange.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from genlab.errors import GenlabError
from genlab.runtime import questions
from genlab.runtime.broker import Broker
from genlab.runtime.engine import Engine, engine
from genlab.runtime.film import Have
from genlab.runtime.job import Job
from genlab.runtime.visitors import Source, Visitors, present, visitors
from genlab.views.pack import pack, unpack

HELLO = 10.0  # seconds that a browser has to say who it is
LARGEST = 65_536  # characters of a message
OFTEN = 120  # messages a second: a drag asks 60 times, and what it sees is acknowledged
CANVASES = 64  # of a tab, each with a question, a training and the status at most
NEWS, STATUS = 1 / 20, 0.5  # seconds between two of them for a canvas, at least
LOOK = 2.0  # seconds between two looks at the devices
GONE = (
    "This training is not here any more: one whose page is closed is kept for a day, as far as there is room. "
    "Press train to begin a new one."
)
POLICY, TOO_BIG = 1008, 1009  # why a socket is closed, in WebSocket's numbers

Words = dict[str, Any]
Work = Callable[[], Coroutine[Any, Any, None]]
Describe = Callable[[Job, Sequence[str]], tuple[Words, dict[str, np.ndarray]]]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Canvas = Annotated[str, Field(min_length=1, max_length=100)]
Token = Annotated[str, Field(max_length=100)]
Steps = Annotated[tuple[int, ...], Field(max_length=64)]


class Hello(_Message):
    """The first message of a socket; ``ticket`` came with the page."""

    type: Literal["hello"]
    ticket: Token


class Ask(_Message):
    """A question, see ``genlab.runtime.questions``; it takes the place of the canvas's last one."""

    type: Literal["ask"]
    id: int
    canvas: Canvas
    question: dict[str, Any]


class Watch(_Message):
    """A training is watched from now on, in place of another; ``have`` is that of the last news of it.

    Said again of the same training, it only changes ``need``, steps of pictures wanted once, and ``changed``, titles of
    settings that the page shows and that differ from the training's.
    """

    type: Literal["watch"]
    canvas: Canvas
    job: Token
    have: Have | None = None
    need: Steps = ()
    changed: Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=40)] = ()


class Status(_Message):
    """The status is wanted from now on, whenever it changes."""

    type: Literal["status"]
    canvas: Canvas


class Command(_Message):
    """A training is to be steered: ``value`` of a step is a player's name, "slow" or ""."""

    type: Literal["command"]
    id: int
    canvas: Canvas
    job: Token
    command: Literal["train", "pause", "step"]
    value: Annotated[str, Field(max_length=10)] = ""


class Ack(_Message):
    """The last news, or the last status, was drawn: the next may come."""

    type: Literal["ack"]
    canvas: Canvas


class Drop(_Message):
    """The canvas is gone."""

    type: Literal["drop"]
    canvas: Canvas


_MESSAGES: TypeAdapter[Any] = TypeAdapter(
    Annotated[Hello | Ask | Watch | Status | Command | Ack | Drop, Field(discriminator="type")]
)


class Closed(Exception):
    """The socket is to be closed, with a sentence."""

    def __init__(self, sentence: str, code: int = POLICY) -> None:
        super().__init__(sentence)
        self.code = code


class Wire:
    """Serves the sockets of all tabs: ``WebSocketRoute("/wire", Wire(...).serve)``.

    Arguments:
        describe: what a page shows of a training besides its curve and pictures, in words and small arrays.
        status: the foot of the sidebar for an owner, as JSON-able words.
        of: the engine; that of this process where it is None.
        known: the visitors.
    """

    def __init__(
        self,
        describe: Describe,
        status: Callable[[str], Words],
        *,
        of: Engine | None = None,
        known: Visitors | None = None,
    ) -> None:
        self.describe, self.status = describe, status
        self.visitors = known or visitors()
        self.broker: Broker  # who is answered when; made on the server's loop, on which it then lives
        self._begun = False
        self._engine = of
        self._feeds: set[_Feed] = set()

    @property
    def engine(self) -> Engine:
        """Where computing happens."""
        return self._engine or engine()

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.broker = Broker(self.engine)
            threading.Thread(target=self._listen, args=(asyncio.get_running_loop(),), name="wire", daemon=True).start()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Brings every change of a training onto the loop: one thread for all who watch."""
        changed = self.engine.jobs.changed
        with changed, suppress(RuntimeError):  # the server's loop has ended
            while changed.wait():
                loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        for feed in self._feeds:
            feed.due.set()

    async def serve(self, socket: WebSocket) -> None:
        """One tab, until it is gone."""
        if not _own_origin(socket.headers):
            await socket.close(POLICY)
            return
        await socket.accept()
        self._begin()
        with suppress(WebSocketDisconnect):
            try:
                async with asyncio.timeout(HELLO):
                    hello = _read(await _receive(socket))
                owner = self.visitors.owner(hello.ticket) if isinstance(hello, Hello) else None
                if owner is None:
                    raise Closed("This page is not known here: reload it.")
                with present(owner, self.engine.jobs):
                    await _Tab(self, socket, owner).live()
            except TimeoutError:
                await socket.close(POLICY, "No greeting came.")
            except Closed as reason:
                await socket.close(reason.code, str(reason))

    def follow(self, feed: _Feed) -> None:
        """From now on a feed hears of every change of a training."""
        self._feeds.add(feed)

    def forget(self, feed: _Feed) -> None:
        """It need not hear of them any more."""
        self._feeds.discard(feed)


class _Feed:
    """Something that is sent again whenever it is new and the last of it was drawn.

    Arguments:
        make: the next message, or None where nothing is new.
        gap: seconds between two messages, at least.
        look: seconds after which it is looked at even though nobody said that there is something new.
    """

    def __init__(self, make: Callable[[], bytes | None], gap: float, look: float | None = None) -> None:
        self.due = asyncio.Event()
        self.due.set()
        self.drawn = True
        self._make, self._gap, self._look = make, gap, look

    def draw(self) -> None:
        """The last message was drawn."""
        self.drawn = True
        self.due.set()

    async def run(self, send: Callable[[bytes], Coroutine[Any, Any, None]]) -> None:
        """Sends until it is cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look):
                    await self.due.wait()
            self.due.clear()
            if self.drawn and (message := self._make()) is not None:
                self.drawn = False
                await send(message)
                await asyncio.sleep(self._gap)


class _Watched:
    """A training that a canvas watches."""

    def __init__(self, wire: Wire, job: Job, message: Watch) -> None:
        self.job = job
        self._wire, self._canvas, self._have = wire, message.canvas, message.have
        self._version: int | None = None
        self.ask(message)

    def ask(self, message: Watch) -> None:
        """What else the canvas wants."""
        self._need, self._changed = set(message.need), message.changed
        self._version = None

    def news(self) -> bytes | None:
        """The message with what is new; None where nothing is."""
        version = self.job.version  # before it is looked at: what comes meanwhile is new once more
        if version == self._version:
            return None
        news = self.job.news(self._have, self._need)
        words, arrays = self._wire.describe(self.job, self._changed)
        self._version, self._have, self._need = version, news.have, set()
        meta = {
            "type": "news",
            "canvas": self._canvas,
            "job": self.job.token,
            "have": news.have,
            "whole": news.whole,
            "now": news.newest.step if news.newest else None,
            "film": [frame.step for frame in news.film],
            "meta": words,
        }
        points = [[math.nan if value is None else value for value in point] for point in news.points]
        arrays["curve"] = np.array(points, np.float32).reshape(-1, 3)
        if news.newest is not None:
            arrays["now"] = np.frombuffer(news.newest.picture, np.uint8)
        arrays |= {f"film {frame.step}": np.frombuffer(frame.picture, np.uint8) for frame in news.film}
        return pack(meta, **arrays)


class _Tab:
    """One socket, after its hello."""

    def __init__(self, wire: Wire, socket: WebSocket, owner: str) -> None:
        self._wire, self._socket, self._owner = wire, socket, owner
        self._sending, self._commanding = asyncio.Lock(), asyncio.Lock()
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}  # by what it is and canvas
        self._feeds: dict[tuple[str, str], _Feed] = {}
        self._watched: dict[str, _Watched] = {}
        self._commands: set[asyncio.Task[None]] = set()
        self._times: deque[float] = deque(maxlen=OFTEN)

    async def live(self) -> None:
        """Until the tab is gone. Raises Closed where it has to go."""
        await self._send(pack({"type": "welcome", "canvas": None}))
        try:
            while True:
                self._take(_read(await _receive(self._socket)))
        finally:
            for kind, canvas in list(self._tasks):
                self._end(kind, canvas)

    def _take(self, message: Any) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._times) == OFTEN and now - self._times[0] < 1:
            raise Closed("Too many messages: the page sends more than it may.")
        self._times.append(now)
        match message:
            case Ask():
                self._begin("ask", message.canvas, partial(self._answer, message))
            case Watch():
                self._watch(message)
            case Status():
                self._feed("status", message.canvas, _Feed(self._status(message.canvas), STATUS, LOOK))
            case Command():
                task = asyncio.ensure_future(self._command(message))
                self._commands.add(task)
                task.add_done_callback(self._commands.discard)
            case Ack():
                for kind in ("watch", "status"):
                    if (feed := self._feeds.get((kind, message.canvas))) is not None:
                        feed.draw()
            case Drop():
                for kind in ("ask", "watch", "status"):
                    self._end(kind, message.canvas)
            case Hello():
                raise Closed("The page has said hello already.")

    # What is under way for a canvas: at most one of a kind

    def _begin(self, kind: str, canvas: str, work: Work) -> None:
        self._end(kind, canvas)
        self._tasks[kind, canvas] = asyncio.ensure_future(_quietly(work))
        if len({known for _, known in self._tasks}) > CANVASES:
            raise Closed("Too many canvases: the page has more than it may.")

    def _feed(self, kind: str, canvas: str, feed: _Feed) -> None:
        self._begin(kind, canvas, partial(feed.run, self._send))
        self._feeds[kind, canvas] = feed
        self._wire.follow(feed)

    def _end(self, kind: str, canvas: str) -> None:
        if (task := self._tasks.pop((kind, canvas), None)) is not None:
            task.cancel()
        if (feed := self._feeds.pop((kind, canvas), None)) is not None:
            self._wire.forget(feed)
        if kind == "watch":
            self._watched.pop(canvas, None)

    async def _send(self, block: bytes) -> None:
        async with self._sending:  # waits while the browser is slow to take what was sent
            try:
                await self._socket.send_bytes(block)
            except RuntimeError as closed:  # Starlette's, where the server has closed the socket meanwhile
                raise WebSocketDisconnect from closed

    async def _refuse(self, id: int | None, canvas: str, error: GenlabError) -> None:
        await self._send(pack({"type": "refused", "id": id, "canvas": canvas, "sentence": str(error)}))

    # What is answered

    async def _answer(self, message: Ask) -> None:
        try:
            question = questions.read(message.question)
            source: Source | None = None
            if isinstance(question, questions.About):
                source = self._wire.visitors.source(self._owner, question.source)
                question.check(source)
            async with aclosing(self._wire.broker.answer(question, source, self._owner)) as pieces:
                async for piece, more in pieces:
                    words, arrays = unpack(piece)
                    meta = {"type": "answer", "id": message.id, "canvas": message.canvas, "more": more, "meta": words}
                    await self._send(pack(meta, **arrays))
        except GenlabError as error:
            await self._refuse(message.id, message.canvas, error)

    def _job(self, token: str, find: Callable[[str], Job | None]) -> Job:
        job = find(token)
        if job is None or job.owner != self._owner:
            raise GenlabError(GONE)
        return job

    def _watch(self, message: Watch) -> None:
        watched = self._watched.get(message.canvas)
        if watched is not None and watched.job.token == message.job:
            watched.ask(message)
            self._feeds["watch", message.canvas].due.set()
            return
        try:
            watched = _Watched(self._wire, self._job(message.job, self._wire.engine.jobs.known), message)
        except GenlabError as error:
            self._begin("watch", message.canvas, partial(self._refuse, None, message.canvas, error))
            return
        self._feed("watch", message.canvas, _Feed(watched.news, NEWS))
        self._watched[message.canvas] = watched

    def _status(self, canvas: str) -> Callable[[], bytes | None]:
        said: Words | None = None

        def look() -> bytes | None:
            nonlocal said
            words = self._wire.status(self._owner)
            if words == said:
                return None
            said = words
            return pack({"type": "status", "canvas": canvas, "meta": words})

        return look

    async def _command(self, message: Command) -> None:
        async with self._commanding:  # in the order in which they came
            try:
                job = self._job(message.job, self._wire.engine.jobs.get)
                await asyncio.to_thread(_steer, job, message)  # a pause waits for the slice under way
            except GenlabError as error:
                await _quietly(partial(self._refuse, message.id, message.canvas, error))


async def _quietly(work: Work) -> None:
    with suppress(WebSocketDisconnect):  # whoever listens to the socket knows
        await work()


def _steer(job: Job, message: Command) -> None:
    """Does what a command says. Raises GenlabError where it makes no sense."""
    match message.command:
        case "train":
            job.resume()
        case "pause":
            job.pause()
        case "step":
            if message.value not in ("", "slow", *job.experiment.players):
                raise GenlabError(f"There is no move {message.value!r} in this training.")
            job.step(message.value)


def _own_origin(headers: Mapping[str, str]) -> bool:
    """True for a page of this server: a browser says with each socket where its page came from."""
    origin = urlsplit(headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc.lower() == headers.get("host", "").lower() != ""


async def _receive(socket: WebSocket) -> str:
    """The next message. Raises Closed where it is none of ours, WebSocketDisconnect at the end."""
    event = await socket.receive()
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(event.get("code", 1000))
    text = event.get("text")
    if text is None:
        raise Closed("Messages to the wire are text.")
    if len(text) > LARGEST:
        raise Closed(f"A message to the wire has at most {LARGEST} characters.", TOO_BIG)
    return str(text)


def _read(text: str) -> Any:
    """The message. Raises Closed where there is no such message."""
    try:
        return _MESSAGES.validate_json(text)
    except ValidationError:
        raise Closed("This message is not one of the wire's: reload the page.") from None
