"""Whatever fails on a page: no traceback, a sentence in its place, and the rest of the page lives."""

from __future__ import annotations

from asyncio import CancelledError
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genlab.catalog import FAMILIES
from genlab.errors import WorkerFailed
from genlab.experiments.entries import Family
from genlab.experiments.gans import IMAGE_GANS
from genlab.runtime.engine import Engine
from genlab.ui.pixels import look, watch
from genlab.ui.shell import links, page, status
from genlab.ui.shell.page import modes
from genlab.ui.shield import FAILED, NOTHING_DONE
from genlab.views.pack import unpack
from tests.pages.test_pages import visit

FAMILY = FAMILIES["pixelcnn"]
KINDS = [FAMILIES[name] for name in ("pixelcnn", "gan", "gan-2d", "nvp", "maf", "piecewise")]  # each its own panels
ABIDING = ("order", "surprise", "posterior")  # of a drawing, whose score no setting changes


class Broken(Exception):
    pass


def fail(*_: Any, **__: Any) -> Any:
    raise Broken("a secret detail")


def errors(at: AppTest) -> list[str]:
    return [str(error.value) for error in at.error]


def assert_told(at: AppTest, caplog: pytest.LogCaptureFixture, sentence: str = FAILED, family: Family = FAMILY) -> None:
    assert not at.exception
    assert sentence in errors(at)
    assert "secret" not in " ".join(str(element.value) for element in (*at.error, *at.markdown, *at.caption))
    assert any(record.exc_info and record.exc_info[0] is Broken for record in caplog.records)
    assert family.sentence in [words.value for words in at.markdown], "the head of the page is there"
    assert at.segmented_control(key=f"{family.name}.mode").value, "so are its modes"


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "start", lambda self: None)
    monkeypatch.setattr(Engine, "ask", fail)
    st.cache_data.clear()


def test_a_view_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    at = visit(FAMILY, mode="look")
    assert_told(at, caplog)
    assert at.slider(key="pixelcnn.look.row").value == 14, "the settings outlive the picture"
    assert errors(at).count(FAILED) == 5, "each panel says so by itself"


@pytest.mark.parametrize("family", KINDS, ids=lambda family: family.name)
def test_every_mode_outlives_its_pictures(family: Family, caplog: pytest.LogCaptureFixture) -> None:
    over_wire = {"how", "train", "draw", *(("watch",) if family.experiment.kind is not IMAGE_GANS else ())}
    for mode in set(modes(family)) - over_wire:  # what these show is not computed by their page
        at = visit(family, mode=mode)
        assert_told(at, caplog, family=family)
        settings = [*at.slider, *at.selectbox, *at.segmented_control, *at.number_input]
        assert any(widget.key.startswith(f"{family.name}.{mode}.") for widget in settings), mode
        assert errors(at).count(FAILED) == len(at.error)


def test_a_panel_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(watch, "choose", fail)
    assert_told(visit(FAMILY), caplog)


def test_a_mode_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(look, "look", fail)
    at = visit(FAMILY, mode="look")
    assert_told(at, caplog)
    at.segmented_control(key="pixelcnn.mode").set_value("how").run()
    assert not at.error, "another mode works"


def test_a_page_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(page, "choose_mode", fail)
    at = visit(FAMILY)
    assert not at.exception
    assert errors(at) == [FAILED]
    assert any(record.exc_info for record in caplog.records)


def test_a_sidebar_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(status, "status", fail)
    at = visit()
    assert not at.exception
    assert [error.value for error in at.sidebar.error] == [FAILED]
    assert FAMILY.sentence in [words.value for words in at.main.markdown]
    assert "Broken: a secret detail" in caplog.text


def test_a_callback_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(links, "clear", fail)
    at = visit(FAMILY)
    at.segmented_control(key="pixelcnn.mode").set_value("how").run()
    assert_told(at, caplog, NOTHING_DONE)
    assert NOTHING_DONE in [error.value for error in at.main.error]
    at.run()
    assert NOTHING_DONE not in errors(at), "it is said once"


def test_a_question_that_a_closed_loop_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_: Any, **__: Any) -> Any:
        raise CancelledError

    monkeypatch.setattr(Engine, "ask", cancelled)
    at = visit(FAMILY, mode="look")
    assert not at.exception
    assert errors(at) == [FAILED] * 5


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("error", [Broken, WorkerFailed])
def test_no_old_picture_stands_under_new_settings(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[bytes] = []
    ask = Engine.ask
    monkeypatch.setattr(Engine, "ask", lambda *args, **kwargs: answers.append(ask(*args, **kwargs)) or answers[-1])
    st.cache_data.clear()
    at = visit(FAMILIES["gated-pixelcnn"], mode="look", model="gated-pixelcnn-digits")
    arrays = [item for answer in answers for item in unpack(answer)[1].items()]
    before, old = pictures(at), {a.tobytes() for name, a in arrays if name not in ABIDING and a.any()}
    assert before
    assert not at.error

    def raised(*_: Any, **__: Any) -> Any:
        raise error("It failed.")

    monkeypatch.setattr(Engine, "ask", raised)
    at.session_state["gated-pixelcnn.look.row"] = 3
    at.run()
    assert not at.exception
    assert {"It failed.", FAILED} & {str(said.value) for said in (*at.error, *at.info)}
    assert not before & pictures(at)
    assert not any(values in shown for values in old if len(values) > 32 for shown in pictures(at))


def pictures(at: AppTest) -> set[bytes]:
    """What the canvases of a page are given to show."""
    shown = [element.proto for element in at.get("bidi_component")]
    return {proto.SerializeToString() for proto in shown if "figure" in proto.id.split(".")}
