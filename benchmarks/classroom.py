"""A class of twenty over the wire: how long each waits for its picture after moving a slider, beside two trainings.

    python -m benchmarks.classroom

Everybody has a Watch page open and moves its temperature slider every five seconds: once each has another link, once
all have the same. A client speaks as a page does, without a browser; the server is a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from genlab.views.pack import unpack

CLIENTS, TRAININGS = 20, 2
EVERY, SECONDS = 5.0, 60.0  # between two moves of a visitor; of each of the two lessons
START = 300.0  # seconds that everything may take to be under way
MODELS = ("pixelcnn-mnist", "gated-pixelcnn-mnist", "masked-lenet-mnist")  # of different links, in turn


class Client:
    """A visitor with one Watch page.

    Attributes:
        moves: of its slider so far.
        first, whole: seconds from each move to the first piece of the answer, and to the last.
        errors: sentences of refusals.
    """

    def __init__(self, number: int, url: str, ticket: str, question: dict[str, Any]) -> None:
        self.first: list[float] = []
        self.whole: list[float] = []
        self.moves = 0
        self.errors: list[str] = []
        self._random = random.Random(number)
        self._url, self._ticket, self._question = url, ticket, question
        self._asked, self._sent, self._waits = 0, 0.0, False
        self._opened = asyncio.Event()

    async def live(self, begin: asyncio.Event) -> None:
        """Opens the page, and moves the slider once the lesson has begun."""
        async with connect(f"{self._url}/wire", origin=self._url.replace("ws", "http"), max_size=None) as wire:  # type: ignore[arg-type]
            await wire.send(json.dumps({"type": "hello", "ticket": self._ticket}))
            listening = asyncio.create_task(self._listen(wire))
            await self._ask(wire, 1.0)
            await begin.wait()
            self.first, self.whole = [], []
            end = time.monotonic() + SECONDS
            await asyncio.sleep(self._random.uniform(0, EVERY))
            while time.monotonic() < end:
                self.moves += 1
                step = self.moves % 20
                await self._ask(wire, round(1 - 0.05 * min(step, 20 - step), 2))
                await asyncio.sleep(EVERY)
            listening.cancel()

    async def ready(self) -> None:
        """The page shows its first picture."""
        await self._opened.wait()

    async def _ask(self, wire: ClientConnection, temperature: float) -> None:
        if self._waits:  # in vain: at least so long
            self.first.append(time.monotonic() - self._sent)
        self._asked += 1
        question = self._question | {"temperature": temperature}
        self._sent = time.monotonic()
        self._waits = True
        await wire.send(json.dumps({"type": "ask", "id": self._asked, "canvas": "player", "question": question}))

    async def _listen(self, wire: ClientConnection) -> None:
        async for block in wire:
            meta, _ = unpack(block)  # type: ignore[arg-type]
            took = time.monotonic() - self._sent
            if meta["type"] == "refused":
                self.errors.append(meta["sentence"])
            if meta["type"] != "answer" or meta["id"] != self._asked:
                continue
            if self._waits:
                self._waits = False
                self.first.append(took)
                self._opened.set()
            if not meta["more"]:
                self.whole.append(took)


def summary(times: list[float]) -> dict[str, float]:
    """Median and 90th percentile, in milliseconds; nothing where there are fewer than two."""
    if len(times) < 2:
        return {}
    return {"p50_ms": 1000 * statistics.median(times), "p90_ms": 1000 * statistics.quantiles(times, n=10)[-1]}


async def lesson(url: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """One lesson of everybody, each with a question of its own."""
    tickets = [json.loads(_get(f"{url}/visitor"))["ticket"] for _ in questions]
    begin = asyncio.Event()
    clients = [
        Client(k, url.replace("http", "ws"), *both) for k, both in enumerate(zip(tickets, questions, strict=True))
    ]
    lives = [asyncio.create_task(client.live(begin)) for client in clients]
    async with asyncio.timeout(START):
        await asyncio.gather(*(client.ready() for client in clients))
    before = json.loads(_get(f"{url}/state"))
    begin.set()
    await asyncio.gather(*lives)
    after = json.loads(_get(f"{url}/state"))
    asked = sum(client.moves for client in clients)
    return {
        "first_piece": summary([t for client in clients for t in client.first]),
        "whole": summary([t for client in clients for t in client.whole]),
        "questions": asked,
        "answered_whole": sum(len(client.whole) for client in clients),
        "pieces_computed": after["computed"] - before["computed"],
        "errors": [sentence for client in clients for sentence in client.errors],
        "steps_trained_meanwhile": after["steps"] - before["steps"],
        "load_average": os.getloadavg()[0],
    }


def measure() -> dict[str, Any]:
    """Milliseconds from a move of the slider to the first piece of the new picture, and to its last."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "benchmarks.classroom", "serve", str(port)]) as server:
        try:
            _until(lambda: bool(_get(f"{url}/state")))
            _until(lambda: json.loads(_get(f"{url}/state"))["slots"] == json.loads(_get(f"{url}/state"))["most"])
            _get(f"{url}/train")
            _until(lambda: json.loads(_get(f"{url}/state"))["running"] == TRAININGS)
            time.sleep(6)  # the process that stands by for a third training starts meanwhile
            different = [
                {"name": "trace", "source": MODELS[k % len(MODELS)], "seed": k, "n": 1} for k in range(CLIENTS)
            ]
            same = [{"name": "trace", "source": MODELS[0], "seed": 3, "n": 1}] * CLIENTS
            return {
                "different_links": asyncio.run(lesson(url, different)),
                "same_link": asyncio.run(lesson(url, same)),
                "processes": json.loads(_get(f"{url}/state"))["slots"],
            }
        finally:
            server.terminate()


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


def _until(true: Any) -> None:
    end = time.monotonic() + START
    while True:
        try:
            if true():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise TimeoutError("the server does not come up")
        time.sleep(0.2)


def serve(port: int) -> None:
    """The wire alone, and what the class needs besides: tickets and trainings without a page."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route, WebSocketRoute

    from genlab.catalog import beginning
    from genlab.runtime.cluster import INTERACTIVE
    from genlab.runtime.engine import engine
    from genlab.runtime.lifespan import lifespan
    from genlab.runtime.visitors import visitors
    from genlab.runtime.wire import Wire
    from genlab.ui.training.trainer.present import describe

    wire = Wire(describe, lambda owner: {})  # noqa: ARG005
    count = iter(range(10**6))

    async def visitor(request: Request) -> Response:  # noqa: ARG001
        return JSONResponse({"ticket": visitors().ticket(f"visitor {next(count)}")})

    async def train(request: Request) -> Response:  # noqa: ARG001
        for k in range(TRAININGS):
            engine().jobs.arrive(f"trainer {k}")
            await asyncio.to_thread(engine().jobs.start, beginning("pixelcnn").replaced(steps=10**6), f"trainer {k}")
        return Response()

    async def state(request: Request) -> Response:  # noqa: ARG001
        jobs = engine().jobs.all()
        return JSONResponse(
            {
                "slots": len(engine().slots()),
                "most": INTERACTIVE,
                "running": sum(job.state == "running" for job in jobs),
                "steps": sum(job.progress.get("step", 0) for job in jobs),
                "computed": wire.broker.computed if hasattr(wire, "broker") else 0,
            }
        )

    routes = [Route(f"/{answer.__name__}", answer) for answer in (visitor, train, state)]
    app = Starlette(lifespan=lifespan, routes=[*routes, WebSocketRoute("/wire", wire.serve)])
    # As Streamlit serves it.
    uvicorn.run(
        app, host="127.0.0.1", port=port, ws="websockets-sansio", log_level="warning", ws_per_message_deflate=False
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        print(json.dumps(measure(), indent=2))
