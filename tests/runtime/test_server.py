"""However the server ends, its processes end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from genlab.runtime.scratch import PREFIX, Scratch
from tests.runtime.conftest import until

ROOT = Path(__file__).parent.parent.parent


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_server(how: signal.Signals, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.runtime.server"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        children = [int(pid) for pid in server.stdout.readline().split()]
        assert len(children) >= 2
        server.send_signal(how)
        until(lambda: not any(alive(pid) for pid in [server.pid, *children]), 5)
        if how != signal.SIGKILL:
            assert server.stdout.read().strip() == "False"  # torch was never imported
            assert server.wait() == 0
    assert how == signal.SIGKILL or not list(tmp_path.iterdir())


def test_what_a_killed_server_left_is_removed_by_the_next_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, lives = tmp_path / f"{PREFIX}killed12", Scratch()
    mine = tmp_path / "genlab-data"
    elsewhere, link = tmp_path / "elsewhere", tmp_path / f"{PREFIX}link1234"
    for folder in (killed, mine, elsewhere):
        folder.mkdir()
        (folder / "file").touch()
    link.symlink_to(elsewhere)
    fresh = tmp_path / f"{PREFIX}justmade"
    fresh.mkdir()
    for folder in (killed, Path(lives.name), mine, elsewhere):
        os.utime(folder, (0, 0))
    new = Scratch()
    assert {path.name for path in tmp_path.iterdir()} == {
        *(Path(scratch.name).name for scratch in (lives, new)),
        *(path.name for path in (mine, elsewhere, link, fresh)),
    }
    assert (elsewhere / "file").exists()
    for scratch in (lives, new):
        scratch.cleanup()
    assert not Path(lives.name).exists()


def test_a_killed_owner_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not through its children either, which live a moment longer."""
    script = """
import subprocess, sys, time
from genlab.runtime.scratch import Scratch
scratch, child = Scratch(), subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(scratch.name, child.pid, flush=True)
time.sleep(60)
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        name, child = owner.stdout.readline().split()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        os.utime(name, (0, 0))
        Scratch().cleanup()
        assert Path(name).exists()
        owner.kill()
        owner.wait()
        Scratch().cleanup()
        assert not Path(name).exists()
        os.kill(int(child), signal.SIGKILL)


@pytest.mark.parametrize("seconds", [0, 0.3, 0.6, 0.9, 1.5])
def test_a_server_that_is_stopped_while_it_starts_is_gone_and_prints_nothing(seconds: float) -> None:
    script = f"""
import time
from genlab.runtime.engine import Engine
engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor")
engine.start()
time.sleep({seconds})
engine.stop()
"""
    assert quiet(script)


def test_processes_that_are_killed_print_nothing() -> None:
    script = """
import gc, os, signal
from genlab.runtime.engine import Engine
engine = Engine(warm="tests.runtime.fake:warm", actor="tests.runtime.fake:FakeActor", interactive=1)
engine.ask("math:sqrt", 9)
for idle in (True, False, False):
    before = engine.ask("os:getpid")
    under_way = None if idle else engine.submit("time:sleep", 0.2)
    os.kill(before, signal.SIGKILL)
    assert engine.ask("os:getpid") != before
    assert under_way is None or under_way.result() is None
gc.collect()  # a task whose error nobody has asked for complains now
engine.stop()
gc.collect()
"""
    assert quiet(script)


def quiet(script: str) -> bool:
    """True where a program ends well and prints nothing."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return True


def test_the_application_starts_and_ends_its_processes_and_serves_the_wire_under_a_base_path(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--server.baseUrlPath",
        "lab",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/lab/_stcore/health", timeout=1) as answer:
                    return bool(answer.read() == b"ok")
            except OSError:
                return False

        def health() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/lab/health", timeout=1) as answer:
                    return "last_answer_seconds" in json.load(answer)
            except OSError:  # 503, or not there
                return False

        until(answers, 30)
        until(lambda: psutil.Process(server.pid).children(recursive=True), 30)
        until(health, 30)
        with connect(f"ws://127.0.0.1:{port}/lab/wire", origin=Origin(f"http://127.0.0.1:{port}")) as wire:
            wire.send('{"type": "hello", "ticket": "strange"}')
            with pytest.raises(ConnectionClosed):
                wire.recv(10)
            assert wire.close_code == 1008 and wire.close_reason == "This page is not known here: reload it."
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{port}/lab/wire", origin=Origin("http://evil.example"))
        children = [child.pid for child in psutil.Process(server.pid).children(recursive=True)]
        server.send_signal(signal.SIGTERM)
        until(lambda: not any(alive(pid) for pid in [server.pid, *children]), 5)
