"""Whatever fails on a page: no traceback, a sentence in its place, and the rest of the page lives."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genlab.catalog import FAMILIES
from genlab.runtime.engine import Engine
from genlab.ui.pixels import look, watch
from genlab.ui.shell import page
from genlab.ui.shield import FAILED, NOTHING_DONE
from tests.pages.test_pages import visit

FAMILY = FAMILIES["pixelcnn"]


class Broken(Exception):
    pass


def fail(*_: Any, **__: Any) -> Any:
    raise Broken("a secret detail")


def assert_told(at: AppTest, caplog: pytest.LogCaptureFixture, sentence: str = FAILED) -> None:
    assert not at.exception
    assert sentence in [error.value for error in at.error]
    assert "secret" not in " ".join(str(element.value) for element in (*at.error, *at.markdown, *at.caption))
    assert any(record.exc_info and record.exc_info[0] is Broken for record in caplog.records)
    assert FAMILY.sentence in [words.value for words in at.markdown], "the head of the page is there"
    assert at.segmented_control(key="pixelcnn.mode").value, "so are its modes"


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "start", lambda self: None)
    monkeypatch.setattr(Engine, "ask", fail)


@pytest.mark.usefixtures("nobody_answers")
def test_a_view_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    at = visit(FAMILY, mode="look")
    assert_told(at, caplog)
    assert at.slider(key="pixelcnn.look.row").value == 14, "the settings outlive the picture"
    assert len([error for error in at.error if error.value == FAILED]) == 5, "each panel says so by itself"


@pytest.mark.usefixtures("nobody_answers")
def test_a_fragment_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(watch, "_choose", fail)
    assert_told(visit(FAMILY), caplog)


@pytest.mark.usefixtures("nobody_answers")
def test_a_mode_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(page, "look", fail)
    at = visit(FAMILY, mode="look")
    assert_told(at, caplog)
    at.segmented_control(key="pixelcnn.mode").set_value("how").run()
    assert not at.error, "another mode works"


@pytest.mark.usefixtures("nobody_answers")
def test_a_page_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(page, "choose_mode", fail)
    at = visit(FAMILY)
    assert not at.exception
    assert [error.value for error in at.error] == [FAILED]
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.usefixtures("nobody_answers")
def test_a_callback_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(watch, "_renew", fail)
    at = visit(FAMILY)
    at.button(key="pixelcnn.watch.new").click().run()
    assert_told(at, caplog, NOTHING_DONE)
    at.run()
    assert NOTHING_DONE not in [error.value for error in at.error], "it is said once"


@pytest.mark.usefixtures("answered_here")
def test_an_old_picture_does_not_stand_under_new_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    at = visit(FAMILY, mode="look")
    before = len(at.get("bidi_component"))
    assert before
    monkeypatch.setattr(look.Place, "view", fail)
    at.slider(key="pixelcnn.look.row").set_value(3).run()
    assert len(at.get("bidi_component")) < before
