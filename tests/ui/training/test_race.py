"""What a comparison says, what its table says of a bound, and the leaderboard, without a browser."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import genlab
from genlab.catalog import experiment
from genlab.comparison import Comparison
from genlab.errors import CheckpointError
from genlab.models import build
from genlab.training.checkpoints import dumps
from genlab.ui.training import board, compare
from genlab.ui.training.describe import describe
from genlab.ui.training.race import present

UI = Path(genlab.__file__).parent / "ui"
DENO = Path(sys.executable).with_name("deno")
ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
const [ui, values] = Deno.args, [likelihoods, seconds] = JSON.parse(values);
const { likelihood, duration } = await import(`${ui}/training/race/table.js`);
console.log(JSON.stringify([likelihoods.map(likelihood), seconds.map(duration)]));
"""
LANES = tuple(lane.experiment for lane in Comparison().lanes)


def told(made: int, loss: float | None, **losses: float) -> dict[str, Any]:
    """What a lane has told."""
    return {
        "step": 120,
        "steps": 200,
        "made": made,
        "aim": 2 * made,
        "moves": made,
        "seconds": 12.0,
        "losses": losses,
        "best_loss": loss,
        "done": False,
    }


def job(state: str = "running", **changes: Any) -> Any:
    """As much of a job as is read."""
    progresses = [
        told(900, None, D=1.3, G=0.8),
        told(700, 1.9, train=2.0),
        told(300, 0.35, train=0.4),
        told(400, 0.36, train=0.4),
    ]
    return SimpleNamespace(
        **{
            "token": "t",
            "state": state,
            "message": "",
            "kind": "",
            "lanes": LANES,
            "experiment": LANES[0],
            "seconds": 20.0,
            "progress": progresses[0],
            "progresses": progresses,
            "judged": [[(100, {"good samples": 0.5, "data reached": 1.0})]] * 4,
            "frames": [SimpleNamespace(step=step) for step in (0, 60, 120)],
            "snapshot": SimpleNamespace(step=110),
            **changes,
        }
    )


def test_before_a_training_it_says_what_is_shown() -> None:
    shipped = [lane.shipped for lane in Comparison().lanes]
    said = present.words(None, LANES, 20, shipped=shipped)
    assert "came with the project" in said["message"] and "20 s each" in said["message"]
    assert [lane["principle"] for lane in said["lanes"]] == ["gan", "vae", "flow", "autoregression"]
    assert all("shipped weights" in lane["facts"] for lane in said["lanes"])
    assert "learnt nothing yet" in present.words(None, LANES, 20, shipped=["", *shipped[1:]])["message"]
    assert "None of them" in present.words(None, LANES, 20)["message"]


def test_a_lane_tells_its_steps_and_a_likelihood_only_where_there_is_one() -> None:
    said, arrays = describe(job(), [])
    gan, vae, flow, grid = (lane["facts"] for lane in said["lanes"])
    assert "**900** rounds in 12.0 s" in gan and "No likelihood" in gan
    assert "−ELBO **1.900 nats a point**" in vae
    assert "−log p(x) **0.350 nats a point**" in flow and "−log p(x) **0.360" in grid
    assert (said["step"], said["steps"], said["seconds"]) == (120, 200, "20 s")
    assert said["left"] == 4 * 8.0
    assert said["judged"] == ["good samples", "data reached"] and set(arrays) == {f"quality {k}" for k in range(4)}


@pytest.mark.parametrize("state", ["queued", "starting", "running", "paused", "done", "died", "failed", "ended"])
def test_every_state_has_a_sentence_and_its_buttons(state: str) -> None:
    said = present.words(job(state), LANES, 20)
    assert said["message"] and set(said["can"]) <= {"train", "pause", "reset"}
    changed = present.words(job(state), LANES, 20, ["data"])["message"]
    assert "Changed since the start: data." in changed


def test_what_differs_from_a_training_is_named() -> None:
    same = Comparison().replaced(seconds=20)
    assert compare.differences(job(), same) == []
    assert compare.differences(job(), same.replaced(seconds=30)) == ["seconds each"]
    assert compare.differences(job(), same.replaced(size="small")) == ["size"]
    assert compare.differences(job(), same.replaced(flow="maf-2d")) == ["models"]
    assert compare.differences(job(), same.replaced(seed=3)) == ["seed"]
    assert compare.differences(job(), same.replaced(data="digits")) == ["data", "models"]


def test_weights_that_are_not_compared_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def weights(name: str) -> bytes:
        made = experiment(name)
        return dumps(build(made), made)

    monkeypatch.setattr(compare, "engine", lambda: SimpleNamespace(ask=lambda *_: None))
    assert compare.check(weights("gan-2d"), Comparison()) == experiment("gan-2d")
    for name, words in (("maf-2d", "not among the models"), ("spline-2d", "have learnt other data, checkerboard")):
        with pytest.raises(CheckpointError, match=words):
            compare.check(weights(name), Comparison())


def test_the_leaderboard_has_a_row_for_each_lane() -> None:
    rows = [board.row(job(), k, lane) for k, lane in enumerate(LANES)]
    assert [row["steps"] for row in rows] == [900, 700, 300, 400]
    assert [row["result"] for row in rows] == [None, 1.9, 0.35, 0.36]
    assert [row["unit"] for row in rows] == ["", *3 * ["nats a point"]]
    assert {row["data"] for row in rows} == {"eight Gaussians"}
    assert rows[0]["with"].count(",") == 2
    read = list(csv.DictReader(io.StringIO(board.table(rows))))
    assert read[0]["result"] == "" and float(read[2]["result"]) == 0.35
    assert board.settings(experiment("gan-2d", k=5, learning_rate=2e-3)) == "learning rate 0.002, k 5"


def test_the_table_says_that_a_bound_is_a_bound() -> None:
    likelihoods = [
        None,
        {"nats": 0.93, "standard_error": 0.006, "bound": "importance-weighted bound, K = 64"},
        {"nats": 0.324, "standard_error": 0.003, "bound": ""},
        {"nats": None, "standard_error": None, "bound": ""},
    ]
    values = json.dumps([likelihoods, [None, 2e-4, 0.0044, 0.43, 2.5]])
    command = [DENO, "run", "--quiet", "--no-check", f"--allow-read={UI}", "-", str(UI), values]
    done = subprocess.run(command, input=ASK, text=True, check=True, capture_output=True, timeout=60)
    (none, bound, exact, impossible), times = json.loads(done.stdout)
    assert none.startswith("<b>none</b>")
    assert bound.startswith("<b>≤ 0.930</b>") and "importance-weighted" in bound
    assert exact.startswith("<b>0.324</b>") and "exact" in exact and "≤" not in exact
    assert "∞" in impossible
    assert times == ["–", "200 µs", "4.4 ms", "430 ms", "2.5 s"]
