"""One object in a compute process: a message there and one back, past the scheduler; a task takes ten times as long."""

from __future__ import annotations

import asyncio
from typing import Any

from genlab.runtime.process import ComputeProcess
from genlab.runtime.rpc import Answer
from genlab.runtime.waiting import until


class Actor:
    """A Dask actor, whose methods take and give bytes; made with its first call. To be used on the client's loop.

    Arguments:
        client: the Dask client.
        process: where it lives, as long as this object.
        kind: its class.
    """

    def __init__(self, client: Any, process: ComputeProcess, kind: type) -> None:
        self._client, self._process, self._kind = client, process, kind
        self._actor: Any = None
        self._address = ""

    async def call(self, method: str, payload: bytes) -> Answer:
        """What a method answers; the first call comes alone. Raises whatever breaks on the way."""
        if self._actor is None:
            await self._place()
        process = self._client.rpc(self._address)
        answer = await process.actor_execute(actor=self._actor.key, function=method, args=[payload])
        if answer["status"] != "OK":
            raise answer["exception"]
        result: Answer = answer["result"]
        return result

    async def _place(self) -> None:
        await until(self._process.address)
        self._address = self._process.address.result()
        actor = self._client.submit(
            self._kind, actor=True, workers=[self._address], allow_other_workers=False, pure=False
        )
        # Dask would wait for a process that has ended to come back.
        ends = [asyncio.ensure_future(actor._state.wait()), asyncio.ensure_future(until(self._process.ended))]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        self._process.check()
        if actor.status != "finished":
            raise actor._state.exception
        self._actor = actor
