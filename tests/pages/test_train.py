"""What the Train panel hands to its canvas, which does the rest over the wire."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genlab.catalog import FAMILIES
from genlab.dotted import resolve
from genlab.experiments.entries import Family
from genlab.runtime import questions
from genlab.runtime.engine import Engine
from genlab.views.pack import unpack
from tests.pages.conftest import PAGED
from tests.pages.test_pages import visit


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise AssertionError("the page computes nothing")

    monkeypatch.setattr(Engine, "start", lambda self: None)
    monkeypatch.setattr(Engine, "ask", fail)


def handed(at: AppTest) -> tuple[dict[str, Any], bytes]:
    """Words, and the picture that is known already."""
    (proto,) = (one.proto for one in at.get("bidi_component") if one.proto.id.endswith(".train.panel"))
    meta, arrays = unpack(proto.bytes)
    return meta, arrays["before"].tobytes()


def first(meta: dict[str, Any]) -> dict[str, np.ndarray]:
    """The answer to what the canvas asks."""
    question = questions.read({"name": "first_picture", "lanes": meta["first"]})
    args, _ = question.arguments(None, 0, 0.1)
    return unpack(resolve(question.answer)(*args))[1]


@pytest.mark.parametrize("family", PAGED.values(), ids=PAGED)
def test_a_page_has_the_first_picture_or_knows_how_to_ask_for_it(family: Family) -> None:
    at = visit(family, mode="train")
    assert not at.exception and not at.error
    meta, before = handed(at)
    assert (meta["job"], meta["said"]["state"], meta["notice"]) == (None, "none", "")
    if family.experiment.kind.before:
        assert not meta["first"]
        samples = unpack(before)[1]["samples"]
        assert samples.shape == (16, 8, 8)
        assert len(np.unique(samples)) == 17
    else:
        assert not before
        assert first(meta)


def test_two_trainings_begin_side_by_side() -> None:
    meta, before = handed(visit(FAMILIES["nvp"], mode="train", rival="nice"))
    assert meta["said"]["kind"] == "pair" and not before
    assert set(first(meta)) == {"one", "other"}


def test_other_settings_begin_with_another_picture() -> None:
    at = visit(FAMILIES["nvp"], mode="train")
    before = handed(at)[0]["first"]
    at.session_state["nvp.train.dataset"] = "rings"
    at.run()
    assert handed(at)[0]["first"] != before


def test_a_training_that_is_over_is_said_once_and_another_can_begin() -> None:
    at = visit(FAMILIES["nvp"], mode="train", job="long-gone")
    meta, _ = handed(at)
    assert "not here any more" in meta["notice"] and meta["job"] is None
    assert "train" in meta["said"]["can"]
    assert "job" not in at.query_params
