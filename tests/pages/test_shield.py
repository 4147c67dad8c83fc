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
from genlab.experiments.gans import IMAGE_GANS, PLANE_GANS
from genlab.runtime.engine import Engine
from genlab.ui.pixels import look, watch
from genlab.ui.shell import links, page, status
from genlab.ui.shell.page import modes
from genlab.ui.shield import FAILED, NOTHING_DONE
from tests.pages.test_pages import visit

FAMILY = FAMILIES["pixelcnn"]
GAME = FAMILIES["gan-2d"]  # what it shows of its inside is asked for by its page
KINDS = [FAMILIES[name] for name in ("pixelcnn", "gan", "gan-2d", "nvp", "maf", "piecewise")]  # each its own panels


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
    at = visit(GAME, mode="look")
    assert_told(at, caplog, family=GAME)
    assert at.number_input(key="gan-2d.look.seed").value == 0, "the settings outlive the picture"
    assert errors(at).count(FAILED) == 3, "each panel says so by itself"


@pytest.mark.parametrize("family", KINDS, ids=lambda family: family.name)
def test_every_mode_outlives_its_pictures(family: Family, caplog: pytest.LogCaptureFixture) -> None:
    of_game = family.experiment.kind in (IMAGE_GANS, PLANE_GANS)
    over_wire = {"how", "train", "draw", *(("watch",) if family.experiment.kind is not IMAGE_GANS else ())}
    if not of_game and family.name != "maf":  # which is timed by its page
        over_wire.add("look")
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
    at = visit(GAME, mode="look")
    assert not at.exception
    assert errors(at) == [FAILED] * 3


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("error", [Broken, WorkerFailed])
def test_no_old_picture_stands_under_new_settings(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    at = visit(GAME, mode="look")
    assert len(at.get("plotly_chart")) == 5
    assert not at.error

    def raised(*_: Any, **__: Any) -> Any:
        raise error("It failed.")

    monkeypatch.setattr(Engine, "ask", raised)
    at.session_state["gan-2d.look.seed"] = 3
    at.run()
    assert not at.exception
    assert {"It failed.", FAILED} & {str(said.value) for said in (*at.error, *at.info)}
    assert not at.get("plotly_chart")
