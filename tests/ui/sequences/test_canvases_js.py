"""What the canvases of sequences compute and say, in the browser's own language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

import genlab

UI = Path(genlab.__file__).parent / "ui"
DENO = Path(sys.executable).with_name("deno")
ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
globalThis.document = { addEventListener() {}, createElement: () => ({}) };
globalThis.location = { search: "", pathname: "" };
const [ui, module, name, calls] = Deno.args;
const { [name]: asked } = await import(`${ui}/sequences/${module}.js`);
console.log(JSON.stringify(JSON.parse(calls).map((args) => asked(...args))));
"""


def ask(module: str, name: str, *calls: list[Any]) -> list[Any]:
    command = [
        DENO,
        "run",
        "--quiet",
        "--no-check",
        f"--allow-read={UI}",
        "-",
        str(UI),
        module,
        name,
        json.dumps(calls),
    ]
    environment = os.environ | {"DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(command, input=ASK, text=True, check=True, capture_output=True, env=environment, timeout=60)
    return json.loads(done.stdout)


X = [[[1, 6, 3, 9, 1]], [[4, 8, 2, 2, 9]]]
PADS = [[-1, 1, 0, 0], [0, 0, 2, 0], [1, -1, 0, 0], [2, 0, 0, 0], [-2, -1, 1, 3], [0, -4, 0, 0], [3, 2, 0, 1]]


def test_padding_is_torchs() -> None:
    for pads, made in zip(PADS, ask("padding/padding", "pad", *([X, pads] for pads in PADS)), strict=True):
        zeros = [[[0 if value is None else value for value in row] for row in rows] for rows in made]
        assert zeros == F.pad(torch.tensor(X), pads).tolist()


def test_the_call_is_written_as_in_the_lecture() -> None:
    assert ask("padding/padding", "call", [PADS[0]], [PADS[1]]) == ["F.pad(x, (−1, 1))", "F.pad(x, (0, 0, 2, 0))"]


@pytest.mark.parametrize(
    ("way", "place", "inputs", "outputs", "said"),
    [
        ("poke", 8, [8], [9, 10, 11, 12, 13], "x₈ is changed: **5 predictions** of 32 move, at place 9–13. None lies"),
        ("poke", 32, [32], [], "x₃₂ is changed: **0 predictions** of 32 move. None lies before"),
        ("poke", 8, [8], [8, 9], "**It leaks**: the prediction of x₈ moves"),
        ("needs", 8, [1, 3, 5, 7], [8], "depends on **4 values**: at place 1, 3, 5, 7. 3 values before it cannot"),
        ("needs", 3, [1, 2], [3], "depends on **2 values**: at place 1–2. That is all of its past."),
        ("needs", 1, [], [1], "depends on **0 values**. Nothing comes before it"),
        ("needs", 3, [1, 2, 3], [3], "**It leaks**: it sees x₃ itself."),
    ],
)
def test_what_moved_is_said(way: str, place: int, inputs: list[int], outputs: list[int], said: str) -> None:
    (words,) = ask("poke/poke", "sentence", [way, place, 32, {"inputs": inputs, "outputs": outputs}])
    assert said in words


def test_a_fork_jumps_where_it_is_told() -> None:
    assert ask("modes/modes", "fork", [5, 20, -8, 3], [3, 9, 8, 3]) == [[20, 20, 12, 12, 12], [9, 9, 17]]
