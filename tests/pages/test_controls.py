"""Every control of every page at its least, its largest and each option: an answer, or a sentence for people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genlab import errors
from genlab.catalog import FAMILIES
from genlab.declaration import Declaration
from genlab.experiments.entries import Family
from genlab.ui.shell import controls
from genlab.ui.shell.page import modes
from genlab.ui.shield import FAILED, NOTHING_DONE
from tests.pages.test_pages import visit

CLASS_NAME = re.compile(r"\b[A-Z][A-Za-z]+(Error|Exception)\b")
NAMES = [name for name, kind in vars(errors).items() if isinstance(kind, type)]
pytestmark = pytest.mark.usefixtures("answered_here")
LET_BE = {"steps", "seed"}  # numbers that nothing before a training depends on

Values = dict[str, list[Any]]  # of each control, by its key


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Values:
    """The controls that the page has drawn, each with the values to try: both ends of a range, or every option."""
    found: Values = {}
    draw = controls._widget

    def widget(declaration: Declaration, name: str, key: str) -> Any:
        extra = declaration.extra(name)
        options = declaration.possible(name)
        whole = declaration.fields()[name].annotation is int
        ends = [] if options is not None else [extra["high"], extra["low"]]  # what is dear is left again at once
        found[key] = options if options is not None else [int(end) if whole else float(end) for end in ends]
        return draw(declaration, name, key)

    monkeypatch.setattr(controls, "_widget", widget)
    return found


def complaints(at: AppTest) -> list[str]:
    """What no visitor should read."""
    said = [str(element.value) for element in (*at.error, *at.info, *at.warning, *at.caption, *at.markdown)]
    odd = [s for s in said if s in (FAILED, NOTHING_DONE) or CLASS_NAME.search(s) or any(name in s for name in NAMES)]
    return [*(str(element.value) for element in at.exception), *odd]


@pytest.mark.parametrize(
    ("family", "mode"), [(f, mode) for f in FAMILIES.values() for mode in modes(f) if mode != "how"]
)
def test_every_control_at_both_ends(family: Family, mode: str, shown: Values) -> None:
    at = visit(family, mode=mode)
    assert not complaints(at)
    tried: dict[str, int] = {}
    while todo := {
        key: vs for key, vs in shown.items() if tried.get(key, 0) < len(vs) and key.split(".")[-1] not in LET_BE
    }:
        for key, values in todo.items():  # all at once: few runs, and the ends meet
            at.session_state[key] = values[tried.setdefault(key, 0)]
            tried[key] += 1
        at.run()
        assert not complaints(at), {key: at.session_state[key] for key in todo}
