"""The arrow that D tells a made point and the one that G's move takes, in the browser's own language, by hand."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import genlab
from genlab.experiments.gans import PlaneGANExperiment
from genlab.experiments.principles import LOSSES
from genlab.training.run import Run
from genlab.views.rounds import slowly

UI = Path(genlab.__file__).parent / "ui"
DENO = Path(sys.executable).with_name("deno")
ASK = """
const [ui, asked] = Deno.args;
const { arrowsOf } = await import(`${ui}/gans/game/arrows.js`);
const { fake, push, moves, count } = JSON.parse(asked), target = { fake: { data: fake }, push: { data: push } };
console.log(JSON.stringify(Array.from({ length: count }, (_, i) => arrowsOf(target, moves, i, count))));
"""
POINTS = [0, 7, 399]


def arrows(fake: np.ndarray, push: np.ndarray, moves: list[str]) -> list[dict[str, Any]]:
    """Of each point, from arrays (states, points, 2)."""
    asked = {"fake": fake.flatten().tolist(), "push": push.flatten().tolist(), "moves": moves}
    command = [DENO, "run", "--quiet", "--no-check", f"--allow-read={UI}", "-", str(UI)]
    command.append(json.dumps({**asked, "count": fake.shape[1]}))
    environment = os.environ | {"DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run(command, input=ASK, text=True, check=True, capture_output=True, env=environment, timeout=60)
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def by_hand(loss: str, says: torch.Tensor) -> torch.Tensor:
    """What G minimises at one point, of what D says there before any sigmoid."""
    match loss:
        case "minimax":
            return torch.log(1 - torch.sigmoid(says))
        case "non-saturating":
            return -torch.log(torch.sigmoid(says))
        case "least-squares":
            return (says - 1) ** 2 / 2
    return -says


@pytest.mark.parametrize("loss", LOSSES)
def test_a_point_is_told_the_gradient_and_taken_where_gs_move_takes_it(loss: Any) -> None:
    experiment = PlaneGANExperiment(loss=loss, k=2, batch_size=32)
    seen, twin = slowly(experiment, Run(experiment)), Run(experiment)
    z, model = torch.from_numpy(seen.arrays["z"]), twin.model
    for _ in range(2):
        twin.move("D")
    before = model.generator(z).detach().requires_grad_()
    (slope,) = torch.autograd.grad(by_hand(loss, model.discriminator(before)[:, 0]).sum(), before)
    twin.move("G")
    with torch.no_grad():
        after = model.generator(z)
    all_shown = arrows(seen.arrays["fake"][:, POINTS], seen.arrays["push"][:, POINTS], seen.meta["moves"])
    for i, shown in zip(POINTS, all_shown, strict=True):
        told, taken = -slope[i].double().numpy(), (after[i] - before[i]).detach().double().numpy()
        assert shown["at"] == pytest.approx(before[i].tolist(), abs=1e-6)
        assert shown["told"] == pytest.approx(told, rel=1e-3, abs=1e-7)
        assert shown["taken"] == pytest.approx(taken, rel=1e-3, abs=1e-6)
        assert shown["lengths"] == pytest.approx([np.linalg.norm(told), np.linalg.norm(taken)], rel=1e-3, abs=1e-6)
        turned = math.degrees(math.atan2(taken[1], taken[0]) - math.atan2(told[1], told[0]))
        assert shown["angle"] == pytest.approx(abs((turned + 180) % 360 - 180), abs=0.1)


def test_what_has_no_length_has_no_angle_and_arrows_are_drawn_at_a_round_multiple_of_their_length() -> None:
    fake = np.array([[[0, 0], [1, 1]], [[0, 0], [1, 1.02]]], dtype=float)
    push = np.array([[[1, 0], [1, 0]], [[9, 9], [9, 9]]], dtype=float)
    still, moved = arrows(fake, push, ["G"])
    assert (still["angle"], still["lengths"]) == (None, [1, 0])
    assert (moved["angle"], moved["times"]) == (pytest.approx(90), [0.5, 20])
    moment, _ = arrows(fake[:1], push[:1], [])
    assert (moment["taken"], moment["angle"]) == (None, None)
