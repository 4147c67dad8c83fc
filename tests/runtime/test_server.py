"""However the server ends, its processes end with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

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
