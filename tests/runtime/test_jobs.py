"""Trainings, each in a process of its own: steered, queued, killed, resumed, left."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from genlab.errors import GenlabError
from genlab.experiments.pixels import PixelCNNExperiment
from genlab.runtime.engine import Engine
from genlab.runtime.job import Job, longer
from genlab.runtime.remote import Remote
from genlab.runtime.rpc import FAULT
from genlab.ui.training.trainer.present import sentence
from tests.runtime import fake
from tests.runtime.conftest import GRACE, until

LONG = PixelCNNExperiment(steps=1_000_000)


def started(engine: Engine, owner: str = "ada", **changes: int) -> Job:
    job = engine.jobs.start(LONG.model_copy(update=changes), owner)
    until(lambda: job.touch() or job.state not in ("queued", "starting"))
    return job


def kill(job: Job) -> None:
    assert job.pid
    os.kill(job.pid, 9)


def test_a_training_runs_to_its_end_and_gives_its_process_back(engine: Engine) -> None:
    job = started(engine, steps=300)
    until(lambda: job.state == "done")
    assert job.progress["step"] == 300
    assert job.frames[-1].step == 300
    assert isinstance(job.frames[-1].picture, bytes)
    assert job.snapshot is not None and job.snapshot.step == 300
    assert job.weights() == b"weights"
    until(lambda: job.pid is None)
    job.step()
    assert job.state == "done"


def test_a_finished_training_goes_on_for_as_many_steps_again(engine: Engine) -> None:
    job = started(engine, steps=300)
    until(lambda: job.state == "done")
    frames = len(job.frames)
    job.resume()
    until(lambda: job.state == "done" and job.progress["step"] == 600)
    assert (job.progress["steps"], job.snapshot.step) == (600, 600)
    assert job.experiment.steps == 300  # what was asked for
    assert len(job.frames) > frames and job.frames[0].step <= 300  # the film and the curve are one
    assert {step <= 300 for step, *_ in job.curve} == {True, False}
    most = longer(LONG, 2)
    assert most.steps == LONG.steps == LONG.extra("steps")["high"]
    job.end()


def test_a_start_says_what_it_waits_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, ready, make = threading.Event(), Remote.ready, Remote.make

    def slowly(method: Callable[..., None]) -> Callable[..., None]:
        def waits(self: Remote, *args: Any) -> None:
            go_on.wait(30)
            go_on.clear()
            method(self, *args)

        return waits

    monkeypatch.setattr(Remote, "ready", slowly(ready))
    monkeypatch.setattr(Remote, "make", slowly(make))
    job = engine.jobs.start(LONG, "ada")
    for words in ("imports torch", "loads the data"):
        until(lambda words=words: words in job.message)
        assert job.state == "starting"
        assert job.message.startswith("Starting: ") and job.message == sentence(job, LONG, ())
        go_on.set()
    until(lambda: job.state == "running")
    assert job.message == ""
    job.end()


def test_pause_step_edit_end(engine: Engine) -> None:
    job = started(engine)
    until(lambda: job.progress["step"] > 50)
    job.pause()
    stood = job.progress["step"]  # whoever reads "paused" reads where it stands, not where the slice under way began
    assert job.state == "paused"
    until(lambda: job.snapshot is not None and job.snapshot.step == job.progress["step"])
    time.sleep(0.2)
    assert job.progress["step"] == stood
    job.step()
    job.step()
    until(lambda: job.progress["step"] == stood + 2)
    until(lambda: job.frames[-1].step == stood + 2)  # what a step changed is shown
    job.edit("learning_rate", 0.5)
    until(lambda: job.progress["learning_rate"] == 0.5)
    version = job.version
    job.resume()
    assert job.state == "running"
    until(lambda: job.progress["step"] > stood + 50 and job.version > version)
    job.end()
    assert job.state == "ended"
    until(lambda: job.pid is None)


def test_a_killed_process_is_said_and_another_goes_on_from_the_snapshot(engine: Engine) -> None:
    job, other = started(engine), started(engine, "bob")
    job.pause()
    until(lambda: job.snapshot is not None and job.snapshot.step == job.progress["step"] > 0)
    job.resume()
    until(lambda: job.progress["step"] > job.snapshot.step + 50)
    kept, stood = job.frames, other.progress["step"]
    kill(job)
    assert until(lambda: job.state == "died") < 2
    assert "killed (signal 9) at step " in job.message
    assert [frame.step for frame in job.frames] == [frame.step for frame in kept]
    assert job.curve
    until(lambda: other.state == "running" and other.progress["step"] > stood)
    snapshot = job.snapshot.step
    job.resume()
    assert all(point[0] <= snapshot for point in job.curve)
    until(lambda: job.state == "running" and job.progress["step"] > snapshot)
    assert job.message == ""
    job.end()
    other.end()


def test_a_process_killed_in_a_pause_is_said_too(engine: Engine) -> None:
    job = started(engine)
    job.pause()
    kill(job)
    assert until(lambda: job.state == "died") < 2
    kept = job.snapshot.step if job.snapshot else 0  # on a busy machine there is one already
    job.step()
    until(lambda: job.state == "paused" and job.progress["step"] == kept + 1)
    job.end()


@pytest.mark.parametrize(
    ("seed", "kind", "message"),
    [
        (fake.NO_DATA, "DataUnavailable", "The data are not there."),
        (fake.DIVERGES, "Diverged", "The loss is no longer a number."),
        (fake.NO_MEMORY, "OutOfMemory", "There is not enough memory"),
        (fake.BREAKS, "WorkerFailed", "a fault of the program"),
    ],
)
def test_what_goes_wrong_in_a_training_is_one_sentence(engine: Engine, seed: int, kind: str, message: str) -> None:
    job = started(engine, seed=seed)
    until(lambda: job.state == "failed")
    assert job.kind == kind
    assert message in job.message


def test_what_fails_around_a_training_is_one_sentence_and_its_traceback_is_in_the_log(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engine.jobs, "host", {}.popitem)
    job = started(engine)
    until(lambda: job.state == "failed")
    assert job.message == FAULT
    assert "KeyError: 'popitem(): dictionary is empty'" in caplog.text


def test_after_a_divergence_the_last_good_state_goes_on(engine: Engine) -> None:
    job = engine.jobs.start(PixelCNNExperiment(steps=50, seed=fake.DIVERGES), "ada")
    for _ in range(3):
        job.step()
    until(lambda: job.state == "paused" and job.snapshot is not None and job.snapshot.step == 3)
    job.resume()
    until(lambda: job.state == "failed")
    assert (job.kind, job.snapshot.step) == ("Diverged", 3)
    job.edit("learning_rate", 1e-5)
    job.resume()
    until(lambda: job.state == "done")
    assert (job.kind, job.message) == ("", "")


def test_beyond_the_limits_a_job_waits_and_says_its_place(engine: Engine) -> None:
    first, second = started(engine, "ada"), started(engine, "bob")
    own = engine.jobs.start(LONG, "ada")
    third = engine.jobs.start(LONG, "cyd")
    assert (own.state, own.place) == ("queued", 1)
    assert own.message.startswith("Waiting for your own training of PixelCNN to end or to pause")
    assert (third.state, third.place) == ("queued", 2)
    assert third.message == (
        "Waiting for one of 2 trainings of other visitors to end or to pause. Before it waits 1 more."
    )
    second.end()
    until(lambda: third.state == "running")  # ada has one already: cyd is next
    assert (own.state, own.place) == ("queued", 1)
    own.end()
    assert (own.state, own.place) == ("ended", 0)
    for job in (first, third):
        job.end()


def test_a_paused_training_makes_room_for_another_of_its_owner(engine: Engine) -> None:
    job = started(engine)
    job.pause()
    other = started(engine)
    assert (job.state, job.pid, other.state) == ("paused", None, "running")
    stood = job.progress["step"]
    other.end()
    job.resume()
    until(lambda: job.progress["step"] > stood)
    job.end()
    assert engine.jobs.get(job.token) is None


def test_a_training_ended_while_it_starts_leaves_nothing(engine: Engine) -> None:
    job = engine.jobs.start(LONG, "ada")
    job.end()
    time.sleep(0.5)
    assert job.state == "ended"
    assert job.pid is None
    with pytest.raises(GenlabError):
        job.weights()


def left(engine: Engine, job: Job) -> None:
    """Waits until a job that nobody watches is on disk, and nowhere else."""
    until(lambda: job.token not in [other.token for other in engine.jobs.all()], 5 * GRACE)


def test_a_page_that_is_loaded_again_and_again_keeps_its_training(engine: Engine) -> None:
    job = started(engine, "eve")
    end = time.monotonic() + 2 * GRACE
    while time.monotonic() < end:
        engine.jobs.arrive("eve")  # a page that is loaded again and again
        engine.jobs.leave("eve")
        assert engine.jobs.get(job.token) is job
        time.sleep(0.1)
    assert job.state == "running"
    job.end()


def shelved(engine: Engine, **changes: int) -> tuple[Any, ...]:
    """A training of eve's that is on disk only: its token, and what it was."""
    job = started(engine, "eve", **changes)
    job.edit("learning_rate", 0.25)
    until(lambda: job.state == "done" or not changes)
    left(engine, job)
    assert (job.state, job.pid) == ("done" if changes else "paused", None)
    assert job.snapshot is not None and job.snapshot.step == job.progress["step"] > 0
    return job.token, job.progress, job.curve, job.frames, job.snapshot


def in_memory(token: str) -> bool:
    gc.collect()
    return any(type(found) is Job and found.token == token for found in gc.get_objects())


def test_what_was_paused_to_disk_comes_back_as_it_was_and_goes_on(engine: Engine) -> None:
    token, *was = shelved(engine)
    until(lambda: not in_memory(token), 5)
    found = engine.jobs.get(token)
    assert found is not None and found is engine.jobs.get(token)
    assert (found.owner, found.state, found.message) == ("eve", "paused", "Paused when its page was closed.")
    assert [found.progress, found.curve, found.frames, found.snapshot] == was
    engine.jobs.arrive("eve")
    found.resume()
    until(lambda: found.state == "running" and found.progress["step"] > was[0]["step"])
    assert found.message == "" and found.progress["learning_rate"] == 0.25
    found.end()
    engine.jobs.leave("eve")
    assert engine.jobs.get(token) is None  # what was ended is not on disk any more


def test_a_page_that_still_has_its_training_gets_the_same_one_back(engine: Engine) -> None:
    job = started(engine, "eve")
    left(engine, job)
    assert engine.jobs.known(job.token) is job
    job.end()


def test_a_finished_training_is_kept_too(engine: Engine) -> None:
    token, *was = shelved(engine, steps=200)
    until(lambda: not in_memory(token), 5)
    found = engine.jobs.get(token)
    assert found is not None and found.state == "done"
    assert [found.progress, found.curve, found.frames, found.snapshot] == was
    found.end()


def test_a_training_that_waits_for_its_turn_has_nothing_to_be_kept(engine: Engine) -> None:
    running = [started(engine, "ada"), started(engine, "bob")]
    job = engine.jobs.start(LONG, "eve")
    left(engine, job)
    assert job.state == "ended" and engine.jobs.get(job.token) is None
    for other in running:
        other.end()


def test_a_broken_file_is_as_good_as_none(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    token, *_ = shelved(engine)
    engine.jobs._shelf.put(token, b"no training")
    until(lambda: not in_memory(token), 5)
    assert engine.jobs.get(token) is None
    assert "cannot be read any more" in caplog.text


def test_where_nothing_can_be_written_a_training_stays_in_memory(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = started(engine, "eve")
    monkeypatch.setattr(engine.jobs._shelf, "_room", 0)
    until(lambda: "paused to disk" in caplog.text, 5 * GRACE)
    assert engine.jobs.get(job.token) is job and job.state == "paused"
    job.end()


def test_a_connected_page_keeps_a_job(engine: Engine) -> None:
    engine.jobs.arrive("eve")
    job = started(engine, "eve")
    time.sleep(2 * GRACE)
    assert job.state == "running"
    engine.jobs.leave("eve")
    left(engine, job)
    job.end()


def test_an_ended_job_is_known_as_long_as_somebody_has_it(engine: Engine) -> None:
    job = engine.jobs.start(LONG, "ada")
    token = job.token
    assert engine.jobs.known(token) is job
    job.end()
    assert engine.jobs.get(token) is None
    assert engine.jobs.known(token) is job
    del job
    until(lambda: gc.collect() >= 0 and engine.jobs.known(token) is None)
    assert engine.jobs.known("") is None


def test_tokens_cannot_be_guessed(engine: Engine) -> None:
    job = engine.jobs.start(LONG, "ada")
    assert len(job.token) >= 40
    assert engine.jobs.get("") is None
    job.end()
