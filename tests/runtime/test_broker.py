"""Who is answered when: with processes that answer when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, ClassVar

import numpy as np
import pytest

from genlab.catalog import CATALOG
from genlab.errors import GenlabError
from genlab.runtime.broker import FIRST, SLICE, Broker
from genlab.runtime.questions import About, Question
from genlab.runtime.questions.pixels import Completions, Trace
from genlab.runtime.questions.pixels_inside import BlindSpot
from genlab.runtime.visitors import Source
from genlab.views.pack import pack, unpack
from tests.runtime.wired import FakeEngine, on_a_loop, quiet


def source(name: str = "pixelcnn-digits") -> Source:
    return Source(name, CATALOG[name].experiment, name)


def trace(seed: int = 0, **settings: Any) -> Trace:
    return Trace(source="pixelcnn-digits", seed=seed, **settings)


class Asker:
    """Somebody who asks, and what was heard so far."""

    def __init__(self, broker: Broker, question: Question, owner: str = "ada") -> None:
        self.heard: list[tuple[bytes, bool]] = []
        self.task = asyncio.ensure_future(self._listen(broker, question, owner))

    async def _listen(self, broker: Broker, question: Question, owner: str) -> None:
        about = source(question.source) if isinstance(question, About) else None
        async with aclosing(broker.answer(question, about, owner)) as pieces:
            async for piece in pieces:
                self.heard.append(piece)

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


Ask = Callable[..., Asker]


def seeds(engine: FakeEngine) -> list[int]:
    """Of all traces asked of the processes so far."""
    return [asked.args[1]["seed"] for asked in engine.asked]


@on_a_loop
async def test_pieces_follow_each_other_by_themselves() -> None:
    engine = FakeEngine()
    ada = Asker(Broker(engine), trace())
    (await engine.next()).piece(0, 20, 64)
    await quiet()
    assert [more for _, more in ada.heard] == [True]
    second = await engine.next()
    assert second.args[2:] == (20, SLICE) and engine.asked[0].args[2:] == (0, FIRST)
    second.piece(20, 64, 64)
    await ada.task
    assert [more for _, more in ada.heard] == [True, False]
    assert np.concatenate([unpack(piece)[1]["values"] for piece, _ in ada.heard]).tolist() == list(range(64))
    assert not engine.open


@on_a_loop
async def test_twenty_identical_questions_are_computed_once() -> None:
    engine = FakeEngine(slots=2)
    broker = Broker(engine)
    early = [Asker(broker, trace(temperature=1), f"visitor {k}") for k in range(10)]
    await quiet()
    (await engine.next()).piece(0, 20, 64)
    await quiet()
    late = [Asker(broker, trace(temperature=1.0), f"visitor {k}") for k in range(10, 20)]
    await quiet()
    (await engine.next()).piece(20, 64, 64)
    await asyncio.gather(*(asker.task for asker in early + late))
    assert len(engine.asked) == broker.computed == 2  # pieces
    assert all(asker.heard == early[0].heard and len(asker.heard) == 2 for asker in early + late)
    afterwards = Asker(broker, trace(), "zoe")
    await afterwards.task
    assert afterwards.heard == early[0].heard and len(engine.asked) == 2


@on_a_loop
async def test_another_checkpoint_of_the_same_name_is_another_question() -> None:
    engine, question = FakeEngine(slots=2), trace()
    broker = Broker(engine)

    async def listen(stamp: str) -> None:
        about = Source("pixelcnn-digits", CATALOG["pixelcnn-digits"].experiment, stamp)
        async with aclosing(broker.answer(question, about, "ada")) as pieces:
            async for _ in pieces:
                pass

    tasks = [asyncio.ensure_future(listen(stamp)) for stamp in ("yesterday's", "today's", "today's")]
    for _ in range(2):
        (await engine.next()).piece()
        await quiet()
    await asyncio.gather(*tasks)
    assert len(engine.asked) == 2


@on_a_loop
async def test_first_pieces_go_before_further_ones() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    Asker(broker, trace(0))
    await quiet()
    for seed in (1, 2):
        Asker(broker, trace(seed), f"visitor {seed}")
    for _ in range(6):
        (await engine.next()).piece(0, 1, 9)
        await quiet()
    assert seeds(engine)[:3] == [0, 1, 2]
    assert sorted(seeds(engine)[3:6]) == [0, 1, 2]  # and then in turn


@on_a_loop
async def test_visitors_take_turns() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    for k in range(3):
        Asker(broker, trace(k), "ada")
    Asker(broker, trace(9), "bob")
    for _ in range(4):
        (await engine.next()).piece(0, 1, 9)
        await quiet()
    assert seeds(engine)[:4] == [0, 9, 1, 2]
    later = []
    for _ in range(6):
        asked = await engine.next()
        later.append(asked.args[1]["seed"])
        asked.piece(asked.args[2], asked.args[2] + 1, 9)
        await quiet()
    assert later.count(9) == 3  # every other piece is bob's


@on_a_loop
async def test_a_question_that_nobody_waits_for_stops_after_its_piece_and_goes_on_when_asked_again() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    ada = Asker(broker, trace())
    first = await engine.next()
    await ada.leave()
    first.piece(0, 20, 64)
    await quiet()
    assert not engine.open and len(engine.asked) == 1
    again = Asker(broker, trace(), "bob")
    second = await engine.next()
    assert second.args[2] == 20
    second.piece(20, 64, 64)
    await again.task
    assert len(again.heard) == 2


@on_a_loop
async def test_a_question_of_two_goes_on_for_the_one_who_stays() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    ada, bob = (Asker(broker, trace(), name) for name in ("ada", "bob"))
    first = await engine.next()
    await ada.leave()
    first.piece(0, 20, 64)
    await quiet()
    (await engine.next()).piece(20, 64, 64)
    await bob.task
    assert len(bob.heard) == 2


@on_a_loop
async def test_what_waits_and_is_left_is_never_computed() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    Asker(broker, trace(0))
    await quiet()
    dragged = [Asker(broker, trace(seed), "bob") for seed in range(1, 9)]
    await quiet()
    for asker in dragged[:-1]:
        await asker.leave()
    engine.open[0].piece()
    await quiet()
    assert seeds(engine) == [0, 8]


@on_a_loop
async def test_a_process_has_one_piece_at_a_time_and_pieces_stay_with_it() -> None:
    engine = FakeEngine(slots=2)
    broker = Broker(engine)
    for seed in range(4):
        Asker(broker, trace(seed), f"visitor {seed}")
    homes: dict[int, int] = {}
    for k in range(16):
        await engine.next()
        assert len(engine.open) <= 2 and len({asked.slot for asked in engine.open}) == len(engine.open)
        asked = engine.open[k % len(engine.open)]
        assert homes.setdefault(asked.args[1]["seed"], asked.slot) == asked.slot
        asked.piece(asked.args[2], asked.args[2] + 1, 9)
        await quiet()
    assert set(homes.values()) == {0, 1}


@on_a_loop
async def test_another_image_of_the_same_sheet_is_asked_of_the_process_that_has_it() -> None:
    engine = FakeEngine(slots=2)
    broker = Broker(engine)
    first, second = Asker(broker, trace(0, n=16)), Asker(broker, trace(1, n=16), "bob")
    await quiet()
    home = engine.asked[1].slot
    for asked in engine.open:
        asked.piece()
    await asyncio.gather(first.task, second.task)
    Asker(broker, trace(1, n=16, focus=5))
    assert (await engine.next()).slot == home


@on_a_loop
async def test_a_process_that_is_gone_holds_nothing_up() -> None:
    engine = FakeEngine(slots=2)
    broker = Broker(engine)
    asker = Asker(broker, trace())
    first = await engine.next()
    engine._slots.remove(first.slot)
    first.piece(0, 1, 2)
    await quiet()
    second = await engine.next()
    assert second.slot != first.slot
    second.piece(1, 2, 2)
    await asker.task


@on_a_loop
async def test_long_questions_leave_a_process_to_short_ones() -> None:
    engine = FakeEngine(slots=2)
    broker = Broker(engine)
    for layers in (1, 2, 3):  # nobody knows how long such a view takes
        Asker(broker, BlindSpot(source="pixelcnn-digits", layers=layers), f"visitor {layers}")
    await quiet()
    assert len(engine.open) == 1
    short = Asker(broker, trace(), "zoe")
    await quiet()
    assert len(engine.open) == 2
    engine.open[1].piece()
    await short.task
    engine.open[0].answer.set_result(pack({}))  # it was quick, as is known from now on
    await quiet()
    assert len(engine.open) == 2


@on_a_loop
async def test_with_a_single_process_everything_is_answered() -> None:
    engine = FakeEngine(slots=1)
    broker = Broker(engine)
    askers = [Asker(broker, BlindSpot(source="pixelcnn-digits", layers=layers)) for layers in (1, 2)]
    for _ in askers:
        (await engine.next()).answer.set_result(pack({}))
        await quiet()
    await asyncio.gather(*(asker.task for asker in askers))


@on_a_loop
async def test_pieces_that_replace_each_other_are_heard_newest_first() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    question = Completions(source="pixelcnn-digits", drawing=b"AAAA" * 43)
    with pytest.raises(GenlabError, match="8×8"):
        question.arguments(source(), 0, 1)
    question = Completions(source="pixelcnn-digits")
    ada = Asker(broker, question)
    pieces = [pack({"log_prob": told, "k": k}) for k, told in enumerate((None, None, [0.0]))]
    for piece in pieces[:2]:
        (await engine.next()).answer.set_result(piece)
        await quiet()
    bob = Asker(broker, question, "bob")
    await quiet()
    assert [piece for piece, _ in bob.heard] == pieces[1:2]
    (await engine.next()).answer.set_result(pieces[2])
    await asyncio.gather(ada.task, bob.task)
    assert [piece for piece, _ in ada.heard] == pieces and [more for _, more in bob.heard] == [True, False]


@on_a_loop
async def test_what_fails_is_told_and_not_kept() -> None:
    engine = FakeEngine()
    broker = Broker(engine)
    askers = [Asker(broker, trace(), owner) for owner in ("ada", "bob")]
    (await engine.next()).refuse("No.")
    await asyncio.wait([asker.task for asker in askers])
    for asker in askers:
        with pytest.raises(GenlabError, match=r"^No\.$"):
            asker.task.result()
    again = Asker(broker, trace())
    (await engine.next()).piece()
    await again.task
    assert len(engine.asked) == 2


@on_a_loop
async def test_a_question_that_breaks_leaves_the_process_to_others() -> None:
    class Broken(Question):
        answer: ClassVar[str] = "nowhere:nothing"

        def arguments(self, *args: Any) -> Any:
            raise KeyError

    engine = FakeEngine()
    broker = Broker(engine)
    with pytest.raises(GenlabError, match="fault of the program"):
        await Asker(broker, Broken()).task
    Asker(broker, trace())
    await engine.next()


@on_a_loop
async def test_answers_are_kept_as_far_as_there_is_room() -> None:
    engine = FakeEngine()
    broker = Broker(engine, room=20_000)
    for seed in (0, 1, 2, 0):
        asker = Asker(broker, trace(seed))
        await quiet()
        if engine.open:
            engine.open[0].answer.set_result(pack({"complete": True}, values=np.zeros(8000, np.uint8)))
        await asker.task
    assert seeds(engine) == [0, 1, 2, 0]  # two fit; of those the older one made room
    asker = Asker(broker, trace(2))
    await asker.task
    assert len(engine.asked) == 4
