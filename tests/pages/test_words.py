"""What the pages say of themselves in structure: every word is explained, masks are those of the layers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from genlab.catalog import FAMILIES
from genlab.experiments.flows import FlowExperiment, LineExperiment
from genlab.glossary import GLOSSARY, explain
from genlab.layers.masked import MaskedConv2d
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


@pytest.mark.parametrize(("name", "hidden"), [("A", True), ("B", False)])
def test_the_masks_of_the_page_are_those_of_the_layers(name: str, hidden: bool) -> None:
    text = (PAGES / "pixelcnn.py").read_text(encoding="utf-8")
    matrix = re.search(rf"{name} = \\begin{{pmatrix}}(.*?)\\end", text)
    assert matrix
    rows = [[float(one) for one in row.split("&")] for row in matrix[1].split(r"\\")]
    assert rows == MaskedConv2d(1, 1, 3, hidden=hidden).mask.tolist()
