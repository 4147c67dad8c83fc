"""NADE and Row LSTM in a real browser: they write, and what is dragged shows how they remember."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visitor
from tests.browser.test_look import at, maps, opened
from tests.browser.test_watch import opened as watched
from tests.browser.test_watch import shipped

pytestmark = [pytest.mark.browser, shipped("nade-digits", "row-lstm-digits")]
Visit = Callable[..., Visitor]


def test_the_hidden_vector_of_nade_follows_the_pixel_that_is_dragged(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/nade?model=nade-digits")
    expect(watched(visitor)).to_have_attribute("data-total", "64")
    page = visitor.page
    page.goto(f"{server.url}/nade?mode=look&model=nade-digits")
    opened(page, "hidden_vector")
    sheet, painted = maps(page, "hidden_vector").locator(".sheet"), []
    for row in (0, 7):
        page.mouse.click(*at(sheet.first, row, 7))
        expect(maps(page, "hidden_vector")).to_have_attribute("data-shown", f"{row} 7")
        painted.append(maps(page, "hidden_vector").screenshot())
    assert painted[0] != painted[1]
    visitor.assert_fine()


def test_more_row_lstms_see_more_of_the_present_row(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/row_lstm?model=row-lstm-digits")
    expect(watched(visitor)).to_have_attribute("data-total", "64")
    page = visitor.page
    page.goto(f"{server.url}/row_lstm?mode=look&model=row-lstm-digits")
    opened(page, "triangle")
    said = maps(page, "triangle").locator(".sentence")
    expect(said).to_contain_text("a Row LSTM of 1 layer can use")
    before = said.inner_text()
    page.get_by_role("slider", name="layers").fill("3")
    expect(said).to_contain_text("of 3 layers")
    assert said.inner_text() != before
    visitor.assert_fine()
