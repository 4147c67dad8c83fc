"""The wire as a browser meets it, without a browser."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab.experiments.gans import VanillaGANExperiment
from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime import wire
from genlab.runtime.job import Job
from tests.runtime.wired import SOON, Lab, Tab, on_a_loop, quiet

ENDLESS = PixelCNNExperiment(steps=1_000_000)
SENTENCE = re.compile(r"[A-Z].{5,200}\.")


async def until(lab: Lab, job: Job, state: str) -> None:
    async with asyncio.timeout(SOON):
        while job.state != state:
            await asyncio.sleep(0.002)


async def heard(tab: Tab, **wanted: Any) -> dict[str, Any]:
    """The first news of that kind; those before are acknowledged."""
    while True:
        news = await tab.hear()
        if all(news["meta"].get(name) == value for name, value in wanted.items()):
            return news
        tab.say(type="ack", canvas=news["canvas"])


# Who may come


@on_a_loop
async def test_a_page_of_another_server_is_refused_before_anything_is_said() -> None:
    for origin in (
        "http://evil.example",
        "http://lab:8502",
        "http://lab",
        "https://lab:8501.evil.example",
        "null",
        None,
    ):
        tab = Tab(Lab().app, origin=origin)
        assert await tab.event() == {"type": "websocket.close", "code": 1008, "reason": ""}


@on_a_loop
async def test_the_own_page_is_welcome_through_http_and_https() -> None:
    for origin in ("http://lab:8501", "https://LAB:8501"):
        await (await Lab().tab(origin=origin)).close()


@on_a_loop
async def test_a_strange_ticket_is_refused() -> None:
    lab = Lab()
    for ticket in ("", "strange", lab.visitors.ticket("ada")[:-1], "ada"):
        tab = Tab(lab.app)
        tab.say(type="hello", ticket=ticket)
        code, sentence = await tab.closed()
        assert code == 1008 and SENTENCE.fullmatch(sentence)


@on_a_loop
async def test_whoever_does_not_say_hello_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab()
    tab = Tab(lab.app)
    tab.ask(1)
    assert (await tab.closed())[0] == 1008
    with monkeypatch.context() as patches:
        patches.setattr(wire, "HELLO", 0.01)
        assert (await Tab(lab.app).closed())[0] == 1008
    assert not lab.engine.asked


@on_a_loop
async def test_what_is_no_message_closes_the_socket_with_a_sentence() -> None:
    lab = Lab()
    ask = '{"type":"ask","id":1,"canvas":"c","question":{}'
    for text in ("", "hello", "[]", '{"type":"dance"}', '{"type":"ask"}', ask, ask + ',"more":1}', '{"type":"drop"}'):
        tab = await lab.tab()
        tab.say_text(text)
        code, sentence = await tab.closed()
        assert code == 1008 and SENTENCE.fullmatch(sentence)
    tab = await lab.tab()
    tab.say(type="hello", ticket=lab.visitors.ticket("ada"))
    assert (await tab.closed())[0] == 1008


@on_a_loop
async def test_bytes_are_no_message() -> None:
    tab = await Lab().tab()
    tab._in.put_nowait({"type": "websocket.receive", "bytes": b"{}"})
    assert (await tab.closed())[0] == 1008


@on_a_loop
async def test_a_message_may_carry_a_drawing_and_not_more() -> None:
    lab = Lab()
    tab = await lab.tab()
    tab.ask(1, drawing="A" * 64_000)
    assert (await tab.hear())["type"] == "refused"  # a drawing for this model is smaller
    tab.ask(2, drawing="A" * 65_536)
    assert (await tab.closed())[0] == 1009


@on_a_loop
async def test_too_many_messages_close_the_socket() -> None:
    tab = await Lab().tab()
    for _ in range(wire.OFTEN):
        tab.say(type="ack", canvas="c")
    await quiet()
    assert not tab.task.done()
    for _ in range(wire.OFTEN):
        tab.say(type="ack", canvas="c")
    code, sentence = await tab.closed()
    assert code == 1008 and SENTENCE.fullmatch(sentence)


@on_a_loop
async def test_too_many_canvases_close_the_socket() -> None:
    tab = await Lab().tab()
    for k in range(wire.CANVASES + 1):
        tab.say(type="status", canvas=f"c{k}")
    assert (await tab.closed())[0] == 1008


# Questions


@on_a_loop
async def test_pieces_say_which_question_they_answer() -> None:
    lab = Lab()
    tab = await lab.tab()
    tab.ask(7, seed=5)
    asked = await lab.engine.next()
    assert asked.path == "genlab.runtime.pixels:trace" and asked.args[0] == "pixelcnn-digits"
    assert asked.args[1]["seed"] == 5
    asked.piece(0, 20, 64)
    first = await tab.hear()
    assert first == {"type": "answer", "id": 7, "canvas": "c1", "more": True, "meta": {"end": 20, "complete": False}}
    assert tab.arrays["values"].tolist() == list(range(20))
    (await lab.engine.next()).piece(20, 64, 64)
    assert (await tab.hear())["more"] is False


@on_a_loop
async def test_the_newest_question_of_a_canvas_wins() -> None:
    lab = Lab()
    tab = await lab.tab()
    for k in range(10):
        tab.ask(k, seed=k)
        await quiet()
    tab.ask(99, canvas="c2", seed=99)
    await quiet()
    lab.engine.open[0].piece()  # of the first, which was under way
    for _ in range(2):
        (await lab.engine.next()).piece()
        await quiet()
    assert {(await tab.hear())["id"] for _ in range(2)} == {9, 99}
    await quiet()
    assert tab.silent() and not lab.engine.open
    assert [asked.args[1]["seed"] for asked in lab.engine.asked] == [0, 9, 99]


@on_a_loop
async def test_pieces_of_a_superseded_answer_stop() -> None:
    lab = Lab()
    tab = await lab.tab()
    tab.ask(1, seed=1)
    (await lab.engine.next()).piece(0, 1, 9)
    assert (await tab.hear())["id"] == 1
    tab.ask(2, seed=2)
    await quiet()
    (await lab.engine.next()).piece(1, 2, 9)  # of the first, which was under way
    (await lab.engine.next()).piece()
    assert (await tab.hear())["id"] == 2
    await quiet()
    assert tab.silent() and not lab.engine.open


@on_a_loop
async def test_a_dropped_canvas_gets_nothing() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    tab.ask(1)
    tab.say(type="watch", canvas="c1", job=job.token)
    assert (await tab.hear())["type"] == "news"
    tab.say(type="drop", canvas="c1")
    tab.say(type="ack", canvas="c1")
    await quiet()
    lab.engine.open[0].piece()
    await until(lab, job, "running")
    await asyncio.sleep(2 * wire.NEWS)
    assert tab.silent() and not lab.wire._feeds
    job.end()


@on_a_loop
async def test_what_cannot_be_asked_is_refused_in_a_sentence() -> None:
    lab = Lab()
    tab = await lab.tab()
    for question in (
        {"name": "nothing"},
        {"temperature": 9},
        {"temperature": "warm"},
        {"seed": -1},
        {"seed": 10**9},
        {"n": 1000},
        {"n": 1, "focus": 3},
        {"colour": "red"},
        {"source": "no such model"},
        {"source": "../../etc/passwd"},
        {"source": "realnvp-2d"},
        {"drawing": "AAAA"},
    ):
        tab.ask(1, **question)
        told = await tab.hear()
        assert told["type"] == "refused" and told["id"] == 1 and SENTENCE.fullmatch(told["sentence"]), told
    assert not lab.engine.asked
    tab.ask(2)
    (await lab.engine.next()).refuse("The weights have gone.")
    assert (await tab.hear())["sentence"] == "The weights have gone."
    tab.ask(3)
    (await lab.engine.next()).piece()
    assert (await tab.hear())["id"] == 3


@on_a_loop
async def test_own_models_are_ones_own() -> None:
    lab = Lab()
    weights = Path("checkpoints/nvp-2d.safetensors").read_bytes()
    digest = lab.visitors.keep("ada", weights)
    ada, bob = await lab.tab("ada"), await lab.tab("bob")
    bob.ask(1, name="warp", source=digest)
    assert (await bob.hear())["type"] == "refused"
    ada.ask(1, name="warp", source=digest)
    asked = await lab.engine.next()
    assert asked.args == (weights, "genlab.views.plane:warp") and asked.kwargs["dataset"] == "moons"


@on_a_loop
async def test_two_tabs_of_a_visitor_do_not_fight() -> None:
    lab = Lab()
    one, other = await lab.tab(), await lab.tab()
    one.ask(1, seed=1)
    other.ask(1, seed=2)
    for _ in range(2):
        (await lab.engine.next()).piece()
        await quiet()
    assert (await one.hear())["id"] == (await other.hear())["id"] == 1


@on_a_loop
async def test_a_class_that_opens_one_link_is_computed_once() -> None:
    lab = Lab()
    tabs = [await lab.tab(f"pupil {k}") for k in range(20)]
    for tab in tabs:
        tab.ask(1)
    (await lab.engine.next()).piece()
    for tab in tabs:
        assert (await tab.hear())["more"] is False
    assert len(lab.engine.asked) == 1


@on_a_loop
async def test_a_long_answer_does_not_delay_the_first_piece_of_another() -> None:
    lab = Lab()
    ada, bob = await lab.tab("ada"), await lab.tab("bob")
    ada.ask(1, source="masked-lenet-digits", n=16)
    (await lab.engine.next()).piece(0, 1, 64)
    assert (await ada.hear())["more"]
    under_way = await lab.engine.next()
    bob.ask(1)
    await quiet()
    under_way.piece(1, 2, 64)
    (await lab.engine.next()).piece()
    assert (await bob.hear())["type"] == "answer"
    assert [asked.args[0] for asked in lab.engine.asked][:3] == ["masked-lenet-digits"] * 2 + ["pixelcnn-digits"]


@on_a_loop
async def test_a_slow_browser_is_not_sent_more_than_it_takes() -> None:
    lab = Lab()
    slow, quick = await lab.tab("slow"), await lab.tab("quick")
    slow.slow()
    slow.ask(1, seed=1)
    quick.ask(1, seed=1)
    for k in range(5):
        (await lab.engine.next()).piece(k, k + 1, 5)
        await quiet()
    assert [(await quick.hear())["more"] for _ in range(5)] == [True] * 4 + [False]
    assert slow.sent == 1  # the welcome
    slow.ask(2, seed=2)  # nothing of the first question is sent after it
    (await lab.engine.next()).piece()
    await quiet()
    slow.fast()
    ids = [(await slow.hear())["id"]]
    if ids == [1]:  # the piece that was on its way
        ids.append((await slow.hear())["id"])
    assert ids[-1] == 2
    await quiet()
    assert slow.silent()


@on_a_loop
async def test_after_a_lost_connection_everything_is_found_again() -> None:
    lab = Lab(grace=SOON)
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    tab.ask(1)
    tab.say(type="watch", canvas="c4", job=job.token)
    news = await heard(tab, state="running")
    (await lab.engine.next()).piece(0, 20, 64)
    while (await tab.hear())["type"] != "answer":
        pass
    await tab.close()
    assert not lab.wire._feeds
    points = len(job.curve)
    async with asyncio.timeout(SOON):
        while len(job.curve) == points:
            await asyncio.sleep(0.002)
    tab = await lab.tab()
    tab.ask(1)
    first = await tab.hear()
    assert first["id"] == 1 and first["meta"]["end"] == 20  # kept; it goes on from there
    tab.say(type="watch", canvas="c4", job=job.token, have=news["have"])
    again = await tab.hear()
    assert again["type"] == "news" and not again["whole"] and again["meta"]["state"] == "running"
    steps = tab.arrays["curve"][:, 0]
    assert len(steps) and (np.diff(steps) > 0).all()
    job.end()
    await tab.close()


# Presence


@on_a_loop
async def test_a_training_lives_while_a_tab_is_open_and_for_the_grace_after() -> None:
    lab = Lab(grace=0.2)
    one, other = await lab.tab(), await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await one.close()
    await asyncio.sleep(1.0)
    assert job.state == "running"
    await other.close()
    await until(lab, job, "paused")
    assert job.message == "Paused when its page was closed."
    again = await lab.tab()
    again.say(type="watch", canvas="c4", job=job.token)
    assert (await heard(again, state="paused"))["job"] == job.token
    again.say(type="command", id=1, canvas="c4", job=job.token, command="train")
    await until(lab, job, "running")
    job.end()
    await again.close()


# Trainings


@on_a_loop
async def test_a_training_is_told_as_it_goes_and_never_more_than_one_message_ahead() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")
    tab.say(type="watch", canvas="c4", job=job.token)
    news = await tab.hear()
    assert news["whole"] and news["type"] == "news" and tab.arrays["curve"].shape[1] == 3
    await asyncio.sleep(4 * wire.NEWS)
    assert tab.silent()  # nothing was acknowledged
    curves, began, count = [tab.arrays["curve"]], time.monotonic(), 10
    for _ in range(count):
        job.edit("learning_rate", 1e-3)  # something is new at once
        tab.say(type="ack", canvas="c4")
        news = await tab.hear()
        assert not news["whole"]
        curves.append(tab.arrays["curve"])
    assert time.monotonic() - began > (count - 1) * wire.NEWS * 0.9
    steps = np.concatenate([curve[:, 0] for curve in curves])
    assert (np.diff(steps) > 0).all()  # no point twice
    job.pause()
    tab.say(type="ack", canvas="c4")
    news = await heard(tab, state="paused")
    assert {int(step) for step in steps} <= {int(point[0]) for point in job.curve}
    job.end()
    await tab.close()


@on_a_loop
async def test_pictures_come_when_they_are_new_and_those_of_the_film_when_they_are_asked_for() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")
    job.pause()
    await until(lab, job, "paused")
    step = job.progress["step"]
    async with asyncio.timeout(SOON):
        while not job.frames or job.frames[-1].step != step:
            await asyncio.sleep(0.002)
    tab.say(type="watch", canvas="c4", job=job.token, changed=["batch"])
    news = await heard(tab, state="paused", step=step)
    assert tab.arrays["now"].tolist() == [step % 256] and news["now"] == step and news["meta"]["changed"] == ["batch"]
    tab.say(type="ack", canvas="c4")
    tab.say(type="watch", canvas="c4", job=job.token, have=news["have"], need=[step, 10**9])
    news = await tab.hear()
    while not news["film"]:
        tab.say(type="ack", canvas="c4")
        news = await tab.hear()
    assert news["film"] == [step] and tab.arrays[f"film {step}"].tolist() == [step % 256]
    assert "now" not in tab.arrays and news["now"] is None and not news["whole"] and not len(tab.arrays["curve"])
    tab.say(type="ack", canvas="c4")
    tab.say(type="command", id=1, canvas="c4", job=job.token, command="step")
    while "now" not in tab.arrays:
        await tab.hear()
        tab.say(type="ack", canvas="c4")
    assert tab.arrays["now"].tolist() == [(step + 1) % 256]
    job.end()
    await tab.close()


@on_a_loop
async def test_what_is_new_after_a_training_began_again_replaces_what_was_there() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")
    tab.say(type="watch", canvas="c4", job=job.token)
    await heard(tab, state="running")
    job.end()
    tab.say(type="ack", canvas="c4")
    await heard(tab, state="ended")
    job.resume()  # in another process, from the last snapshot
    tab.say(type="ack", canvas="c4")
    while not (await tab.hear())["whole"]:
        tab.say(type="ack", canvas="c4")
    job.end()
    await tab.close()


@on_a_loop
async def test_commands_steer() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")

    def command(name: str, value: str = "") -> None:
        tab.say(type="command", id=1, canvas="c4", job=job.token, command=name, value=value)

    command("pause")
    await until(lab, job, "paused")
    command("train")
    await until(lab, job, "running")
    command("pause")
    await until(lab, job, "paused")
    stood = job.progress["step"]
    command("step", "")
    async with asyncio.timeout(SOON):
        while job.progress["step"] != stood + 1:
            await asyncio.sleep(0.002)
    for value in ("D", "jump"):
        command("step", value)
        told = await tab.hear()
        assert told["type"] == "refused" and told["id"] == 1 and SENTENCE.fullmatch(told["sentence"])
    job.end()
    await tab.close()


@on_a_loop
async def test_the_moves_of_a_game_can_be_made() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(VanillaGANExperiment(steps=1000), "ada")
    await until(lab, job, "running")
    job.pause()
    await until(lab, job, "paused")
    for count, move in enumerate(("D", "slow"), job.progress["step"] + 1):
        tab.say(type="command", id=1, canvas="c4", job=job.token, command="step", value=move)
        async with asyncio.timeout(SOON):
            while job.progress.get("step") != count:
                await asyncio.sleep(0.002)
    job.end()
    await tab.close()


@on_a_loop
async def test_trainings_of_others_are_neither_seen_nor_steered() -> None:
    lab = Lab()
    bob = await lab.tab("bob")
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")
    for token in (job.token, "no such token"):
        bob.say(type="watch", canvas="c4", job=token)
        first = await bob.hear()
        bob.say(type="command", id=5, canvas="c4", job=token, command="pause")
        second = await bob.hear()
        assert first["type"] == second["type"] == "refused"
        assert first["sentence"] == second["sentence"] and SENTENCE.fullmatch(first["sentence"])
    assert job.state == "running"
    job.end()


@on_a_loop
async def test_an_ended_training_can_be_seen_while_a_page_has_it_and_is_not_steered() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(ENDLESS, "ada")
    await until(lab, job, "running")
    job.end()
    tab.say(type="watch", canvas="c4", job=job.token)
    news = await tab.hear()
    assert (news["type"], news["job"], news["meta"]["state"]) == ("news", job.token, "ended")
    tab.say(type="command", id=1, canvas="c4", job=job.token, command="train")
    told = await tab.hear()
    assert told["type"] == "refused" and "not here any more" in told["sentence"]
    assert job.state == "ended"
    await tab.close()


@on_a_loop
async def test_the_end_of_a_training_is_told_to_who_watches_it() -> None:
    lab = Lab()
    tab = await lab.tab()
    job = lab.engine.jobs.start(PixelCNNExperiment(steps=30), "ada")
    tab.say(type="watch", canvas="c4", job=job.token)
    await heard(tab, state="done", step=30)
    await tab.close()


# The sidebar


@on_a_loop
async def test_the_status_comes_when_it_changes() -> None:
    lab = Lab()
    tab = await lab.tab()
    tab.say(type="status", canvas="c9")
    assert await tab.hear() == {"type": "status", "canvas": "c9", "meta": {"devices": [], "for": "ada"}}
    lab.said = {"devices": ["changed"]}
    job = lab.engine.jobs.start(ENDLESS, "bob")  # anybody's change is a reason to look
    await until(lab, job, "running")
    assert tab.silent()  # the first was not acknowledged
    tab.say(type="ack", canvas="c9")
    assert (await tab.hear())["meta"]["devices"] == ["changed"]
    tab.say(type="ack", canvas="c9")
    await asyncio.sleep(0.1)
    assert tab.silent()  # the training goes on, and nothing else is to be said
    job.end()
    await tab.close()


@on_a_loop
async def test_devices_are_looked_at_though_nobody_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patches:
        patches.setattr(wire, "LOOK", 0.02)
        patches.setattr(wire, "STATUS", 0.01)
        lab = Lab()
        tab = await lab.tab()
        tab.say(type="status", canvas="c9")
        await tab.hear()
        tab.say(type="ack", canvas="c9")
        lab.said = {"devices": ["fuller"]}
        assert (await tab.hear())["meta"]["devices"] == ["fuller"]
        await tab.close()
