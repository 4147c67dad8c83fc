"""The client of the wire, by the JavaScript engine that Playwright brings: no browser is needed."""

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable


def test_the_client_of_the_wire() -> None:
    node, _ = compute_driver_executable()
    script = Path(__file__).with_name("wire_test.js")
    told = subprocess.run([node, "--test", script], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
