"""A model of any order in a real browser: what is expected follows the brush, and a clicked pixel comes next."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import becomes
from tests.browser.test_draw import completed, places
from tests.browser.test_draw import opened as drawing
from tests.browser.test_watch import cell, shipped, stopped

pytestmark = [pytest.mark.browser, shipped("order-agnostic-digits")]
Visit = Callable[..., Visitor]
MODEL = "model=order-agnostic-digits"


def pixels(canvases: Locator) -> list[list[int]]:
    """Red of each pixel of each canvas."""
    red = "(c) => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, k) => k % 4 === 0)"
    found: list[list[int]] = canvases.evaluate_all(f"(all) => all.map({red})")
    return found


def test_what_is_known_below_is_heard_and_what_is_expected_follows_the_brush(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/any_order?mode=draw&{MODEL}")
    root, page = drawing(visitor), visitor.page
    before = root.get_attribute("data-identity")
    root.get_by_role("button", name="upper half").click()
    completed(root, before)
    expect(root.locator('[data-say="raster"]')).to_contain_text("Every known pixel is heard, wherever it lies")
    tiles, mean = root.locator("[data-completion] canvas"), root.locator('[data-panel="mean"]')
    drawn = pixels(tiles)
    assert len(drawn) == 12
    assert len({tuple(tile[32:]) for tile in drawn}) == 1 < len({tuple(tile[:32]) for tile in drawn})
    assert pixels(mean)[0][32:] == pytest.approx(drawn[0][32:], abs=1)
    expect(root.locator('[data-say="score-note"]')).to_contain_text("the 32 known ones")
    expected, (begin, end) = pixels(mean), places(root, [(0.3, 0.2), (0.6, 0.2)])
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=4)  # and the button is still down
    expect(root).to_have_attribute("data-unknown", re.compile(r"^(1\d|2\d)$"))
    below = slice(24, 32)  # the row below the stroke, which nobody has touched
    becomes(page, lambda: pixels(mean)[0][below], lambda now: now != expected[0][below])
    before = root.get_attribute("data-identity")
    page.mouse.up()
    completed(root, before)
    before = root.get_attribute("data-identity")
    root.get_by_role("combobox", name="order").select_option("from the middle out")
    completed(root, before)
    root.locator("[data-completion]").first.click()
    expect(page.locator(".player.ready")).to_have_attribute("data-total", "64")
    root.get_by_role("button", name="all", exact=True).click()
    expect(root.locator('[data-say="score-note"]')).to_contain_text("nothing is known")
    visitor.assert_fine()


def test_the_pixel_that_is_clicked_comes_next_and_a_known_one_takes_back(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/any_order?{MODEL}&seed=5")
    root = stopped(visitor)
    known = root.locator('[data-panel="known"]')
    for step, position in enumerate((63, 0, 27), 1):
        known.click(position=cell(root, "known", position))
        expect(root).to_have_attribute("data-step", str(step))
        expect(root).to_have_attribute("data-identity", re.compile(rf'"path":\[[\d,]*\b{position}\]'))
    known.click(position=cell(root, "known", 0))
    expect(root).to_have_attribute("data-step", "1")
    root.get_by_role("combobox", name="order").select_option("row by row")
    expect(root).to_have_attribute("data-identity", re.compile('"order":"raster"'))
    root.get_by_role("button", name="16", exact=True).click()
    expect(root).to_have_attribute("data-identity", re.compile('"together":16'))
    known.click(position=cell(root, "known", 63))
    expect(root).to_have_attribute("data-identity", re.compile(r'"path":\[[\d,]*\b63\]'))
    visitor.assert_fine()
