"""Who is answered when: questions of all visitors over the interactive processes. Torch-free, on the server's loop.

Identical questions are computed once, whoever asks, and their answers are kept as far as there is room. Long answers
come in pieces; a process has one piece at a time before it, so that whatever is asked next need not wait for long.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Hashable
from typing import Any, Protocol

from genlab.errors import GenlabError, WorkerFailed
from genlab.runtime.questions import Question
from genlab.runtime.recent import Recent
from genlab.runtime.rpc import FAULT
from genlab.runtime.visitors import Source
from genlab.views.pack import unpack

FIRST, SLICE = 0.01, 0.1  # seconds of computing for the first piece of an answer, and for each further one
LONG = 0.3  # seconds: while one process is left to short questions, longer ones are not put there
KEPT = 64 * 2**20  # bytes of answers
_KNOWN = (
    1000  # states of questions of which it is known where they are kept, and kinds of which it is how long they take
)

logger = logging.getLogger(__name__)


class Processes(Protocol):
    """What the broker needs of an engine; see there."""

    def slots(self) -> list[int]: ...  # noqa: D102
    def load(self, slot: int) -> int: ...  # noqa: D102
    def submit_to(self, slot: int, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...  # noqa: D102


class _Answer:
    """What is computed of a question so far, and who waits for more."""

    def __init__(self, question: Question, source: Source | None, key: str, number: int) -> None:
        self.question, self.source, self.key, self.number = question, source, key, number
        self.pieces: list[bytes] = []
        self.next: int | None = 0  # where the next piece begins
        self.slot = -1  # of the process that made the last piece
        self.under_way = False
        self.error: GenlabError | None = None
        self.waiting: dict[object, str] = {}  # whose each of those is who wait
        self._news = asyncio.Event()

    @property
    def over(self) -> bool:
        """True when no piece will follow."""
        return self.next is None or self.error is not None

    async def follow(self) -> AsyncIterator[tuple[bytes, bool]]:
        """The pieces, and whether more will follow; of those that replace one another only the newest."""
        done = 0
        while True:
            while done == len(self.pieces) and not self.over:
                await self._news.wait()
            if done == len(self.pieces):
                if self.error is not None:
                    raise self.error
                return
            if self.question.replaces:
                done = len(self.pieces) - 1
            done += 1
            yield self.pieces[done - 1], not (self.next is None and done == len(self.pieces))

    def take(self, piece: bytes) -> None:
        """The next piece."""
        assert self.next is not None
        if self.question.replaces and self.pieces:
            self.pieces[-1] = b""  # whoever has not had it gets the new one
        self.pieces.append(piece)
        meta, _ = unpack(piece)
        self.next = self.question.after(meta, self.next, self.source)
        self._tell()

    def fail(self, error: GenlabError) -> None:
        """There will be no more."""
        self.error = error
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Broker:
    """Lets questions take turns. Every method is to be called on one event loop.

    First pieces of new questions go before further pieces of old ones; among these, the visitor whose turn was longest
    ago comes first. A question that nobody waits for any more stops after its piece under way, and goes on from there
    where it is asked again.

    Arguments:
        processes: the engine.
        room: bytes of answers that are kept.
    """

    def __init__(self, processes: Processes, room: int = KEPT) -> None:
        self._processes = processes
        self._active: dict[str, _Answer] = {}  # somebody waits for more of it, or a piece is under way
        self._kept: Recent[str, _Answer] = Recent(room)
        self._busy: dict[int, bool] = {}  # slots with a piece of ours under way, and whether that may take long
        self._homes: Recent[Hashable, int] = Recent(_KNOWN)  # where the state of a question is kept
        self._seconds: Recent[Hashable, float] = Recent(_KNOWN)  # that a whole question took last
        self._turns: Recent[str, int] = Recent(_KNOWN)  # when each visitor was last served
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.computed = 0  # pieces so far

    async def answer(self, question: Question, source: Source | None, owner: str) -> AsyncGenerator[tuple[bytes, bool]]:
        """The pieces of an answer as they come, and whether more will follow.

        Whoever stops listening must close the iterator at once (``contextlib.aclosing``).

        Raises:
            GenlabError: it cannot be answered.
        """
        answer, who = self._find(question, source), object()
        answer.waiting[who] = owner
        self._dispatch()
        try:
            async for piece in answer.follow():
                yield piece
        finally:
            del answer.waiting[who]
            self._rest(answer)

    def _find(self, question: Question, source: Source | None) -> _Answer:
        key = f"{question.name} {source.stamp if source else ''} {question.model_dump_json()}"
        answer = self._active.get(key) or self._kept.pop(key)
        if answer is None:
            self._count += 1
            answer = _Answer(question, source, key, self._count)
        self._active[key] = answer
        return answer

    def _rest(self, answer: _Answer) -> None:
        """What nobody waits for is kept with the pieces that it has."""
        if answer.waiting or answer.under_way or self._active.get(answer.key) is not answer:
            return
        del self._active[answer.key]
        if answer.pieces and answer.error is None:
            self._kept.put(answer.key, answer, sum(map(len, answer.pieces)) + 1000)

    # Whose turn it is

    def _dispatch(self) -> None:
        while (chosen := self._choose()) is not None:
            answer, slot = chosen
            self._count += 1
            for owner in answer.waiting.values():
                self._turns.put(owner, self._count)
            answer.under_way, answer.slot = True, slot
            self._busy[slot] = self._long(answer)
            task = asyncio.ensure_future(self._compute(answer, slot))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _choose(self) -> tuple[_Answer, int] | None:
        """The next piece to be made, and where; None where there is nothing to do or nobody to do it."""
        slots = self._processes.slots()
        free = [slot for slot in slots if slot not in self._busy]
        if not free:
            return None
        wanted = [a for a in self._active.values() if a.waiting and not a.under_way and not a.over]
        for answer in sorted(wanted, key=self._rank):
            if (slot := self._place(answer, slots, free)) is not None:
                return answer, slot
        return None

    def _rank(self, answer: _Answer) -> tuple[bool, int, int]:
        turn = min(self._turns.get(owner) or 0 for owner in answer.waiting.values())
        return bool(answer.pieces), turn, answer.number

    def _place(self, answer: _Answer, slots: list[int], free: list[int]) -> int | None:
        """A free process for its next piece; None where it had better wait for the one that holds its state."""
        if self._long(answer) and sum(self._busy.values()) >= max(1, len(slots) - 1):
            return None
        home = self._homes.get(answer.question.state())
        if home in free:
            return home
        if home in slots and answer.question.sliced and not self._busy[home]:
            return None
        return min(free, key=self._processes.load)

    def _long(self, answer: _Answer) -> bool:
        """True where it takes long, or where nobody knows."""
        return not answer.question.sliced and (self._seconds.get(self._kind(answer)) or LONG) >= LONG

    def _kind(self, answer: _Answer) -> Hashable:
        return answer.question.name, answer.source.stamp if answer.source else ""

    async def _compute(self, answer: _Answer, slot: int) -> None:
        """Has the next piece made."""
        question, began = answer.question, time.monotonic()
        try:
            assert answer.next is not None
            budget = SLICE if answer.pieces else FIRST
            args, kwargs = question.arguments(answer.source, answer.next, budget)
            asked = self._processes.submit_to(slot, question.answer, args, kwargs)
            answer.take(await asyncio.wrap_future(asked.answer))
            self.computed += 1
            self._homes.put(question.state(), slot)
            self._seconds.put(self._kind(answer), time.monotonic() - began)
        except GenlabError as error:
            answer.fail(error)
        except Exception:  # whoever waits must hear of it
            logger.exception("a question could not be answered")
            answer.fail(WorkerFailed(FAULT))
        finally:
            answer.under_way = False
            del self._busy[slot]
        self._rest(answer)
        self._dispatch()
