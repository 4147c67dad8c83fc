"""What the documents give to type runs as it stands there: blocks of Python, and lines of a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [path for folder in (".", "docs", "checkpoints") for path in sorted((ROOT / folder).glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Left out: what installs things or opens the application, and measurements, which take minutes and a quiet machine.
LONG = re.compile(r"^make\b|\bgenlab bench\b")
MNIST = re.compile(r"\bgenlab (?:train|evaluate) \S*mnist")  # their images are no part of the project


def blocks(language: str) -> list[tuple[str, str]]:
    """Each fenced block in a language: where it stands, and its text."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            if block[1] == language:
                found.append((f"{path.relative_to(ROOT)}:{line}", block[2]))
    return found


PYTHON = blocks("python")
LINES = [line.split("#")[0].strip() for _, block in blocks("sh") for line in block.splitlines()]
SHELL = [line for line in LINES if line and not LONG.search(line)]


def run(command: str, folder: Path) -> None:
    """As if typed in the project's folder with its environment active; what it writes goes elsewhere."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    if data := os.environ.get("GENLAB_DATA"):  # named from here, not from that folder
        environment["GENLAB_DATA"] = str(Path(data).resolve())
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_there_is_something_to_type():
    assert len(PYTHON) >= 1 and len(SHELL) >= 5
    assert len(LINES) > len(SHELL)  # `make demo` is named, and left out here


@pytest.mark.parametrize("text", [text for _, text in PYTHON], ids=[where for where, _ in PYTHON])
def test_a_block_of_python_runs(text: str, tmp_path: Path):
    (tmp_path / "block.py").write_text(text, encoding="utf-8")
    run("python block.py", tmp_path)


@pytest.mark.parametrize("line", SHELL)
def test_a_line_of_a_shell_runs(line: str, tmp_path: Path, request: pytest.FixtureRequest):
    if MNIST.search(line):
        request.getfixturevalue("mnist")
    run(line, tmp_path)
