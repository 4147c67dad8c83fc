"""What the pages say of themselves in structure: every word is explained, masks are those of the layers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import torch

from genlab.catalog import FAMILIES
from genlab.experiments.flows import FlowExperiment, LineExperiment
from genlab.experiments.principles import FORMULAS, LOSSES, SIGMOID, WASSERSTEIN, ByGame
from genlab.glossary import GLOSSARY, explain
from genlab.layers.masked import MaskedConv2d
from genlab.models import build
from genlab.training.adversarial import LOSSES as COMPUTED
from genlab.training.objectives import Adversarial
from genlab.ui.gans.formulas import formulas
from genlab.ui.gans.look import worth
from genlab.ui.gans.numbers import sentence
from genlab.views.pixels import SPECK

PAGES = Path(__file__).parents[2] / "pages"


def test_every_term_belongs_to_a_kind_and_every_kind_explains_its_own() -> None:
    used = {term for family in FAMILIES.values() for term in family.experiment.kind.terms}
    assert used == set(GLOSSARY)
    assert explain(["step", "kept"]) == f"**step**: {GLOSSARY['step']}\n\n**kept**: {GLOSSARY['kept']}"
    assert SPECK == 3 and "fewer than three" in GLOSSARY["piece of ink"]


def test_every_flow_has_a_hint_of_its_own() -> None:
    flows = [f for f in FAMILIES.values() if issubclass(f.experiment, FlowExperiment | LineExperiment)]
    assert len({flow.hint for flow in flows}) == len(flows) == 9
    assert all(flow.hint for flow in flows)


@pytest.mark.parametrize("family", ["gan-2d", "gan", "dcgan"])
def test_every_loss_is_told_with_its_numbers(family: str) -> None:
    game = FAMILIES[family].experiment
    assert issubclass(game, ByGame)
    *every, (_, optimiser) = formulas(game)
    assert len(every) == len(LOSSES) == len(FORMULAS)
    said = " ".join(words for _, words in every)
    assert f"[−{game.clip:g}, {game.clip:g}]" in said and f"λ = {game.penalty:g}" in said
    made = Adversarial(build(game()), game())  # type: ignore[arg-type]
    assert (made._clip, made._penalty) == (game.clip, game.penalty)
    assert f"β₁ = {made.beta1:g}" in optimiser


def test_what_a_loss_says_of_the_samples_depends_on_the_loss() -> None:
    assert "not how good" in worth("hinge") and "not how good" in worth("non-saturating")
    assert "do say how good" in worth("wasserstein") and "do say how good" in worth("wasserstein-gp")
    assert set(SIGMOID) == {name for name, loss in COMPUTED.items() if loss.sigmoid}
    same = torch.zeros(1)
    assert {name for name, loss in COMPUTED.items() if float(loss.discriminate(same + 1, same + 3)) == 2} == {
        *WASSERSTEIN
    }


def test_the_numbers_of_pixelcnn_are_those_of_the_evaluation() -> None:
    found = json.loads((PAGES.parent / "benchmarks" / "results" / "evaluation.json").read_text(encoding="utf-8"))
    text = (PAGES / "pixelcnn.py").read_text(encoding="utf-8")
    without, told = (found[f"pixelcnn-{kind}mnist"]["bits_per_dim"] for kind in ("noposition-", ""))
    assert f"({without:.3f} against {told:.3f} bits/dim" in text


def results(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAGES.parent / "benchmarks" / "results" / f"{name}.json").read_text("utf-8"))
    return found


def test_the_numbers_of_nade_are_those_of_the_evaluation() -> None:
    found, text = results("evaluation"), (PAGES / "nade.py").read_text(encoding="utf-8")
    assert f"{found['nade-mnist-binary']['nats']:.1f} nats" in text
    digits, other = (found[f"{name}-digits"]["bits_per_dim"] for name in ("nade", "pixelcnn"))
    assert f"{digits:.2f} bits/dim, where a PixelCNN has {other:.2f}" in text


def test_the_numbers_of_trainings_side_by_side_are_those_of_the_benchmark() -> None:
    means = {
        name: [f"{fmean(run[k]['bits_per_dim'] for run in runs):.4f}" for k in (0, 1)]
        for name, runs in results("beside").items()
    }
    row, masked, binary = means.values()
    text = (PAGES / "pixelcnn.py").read_text(encoding="utf-8")
    assert f"{binary[0]} bits/dim against {binary[1]} of two" in text
    assert f"{float(masked[0]):.3f} against {float(masked[1]):.3f}" in text
    words = " ".join(line.strip().strip('"') for line in (PAGES / "row_lstm.py").read_text("utf-8").splitlines())
    assert f"{float(row[0]):.3f} against {float(row[1]):.3f} bits/dim" in " ".join(words.split())


def test_a_ratio_below_one_is_explained() -> None:
    meta = {"count": 2000, "frechet": 2.87, "ratio": 0.81, "floor": 3.53}
    assert "does not mean better than real" in sentence({**meta, "obeyed": 0.987, "ratio": 0.8})
    assert "better than real" not in sentence({**meta, "obeyed": 0.987, "ratio": 1.1})
    assert "better than real" not in sentence({**meta, "ratio": 0.8})


@pytest.mark.parametrize(("name", "hidden"), [("A", True), ("B", False)])
def test_the_masks_of_the_page_are_those_of_the_layers(name: str, hidden: bool) -> None:
    text = (PAGES / "pixelcnn.py").read_text(encoding="utf-8")
    matrix = re.search(rf"{name} = \\begin{{pmatrix}}(.*?)\\end", text)
    assert matrix
    rows = [[float(one) for one in row.split("&")] for row in matrix[1].split(r"\\")]
    assert rows == MaskedConv2d(1, 1, 3, hidden=hidden).mask.tolist()
