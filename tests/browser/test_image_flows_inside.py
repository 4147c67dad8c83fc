"""Flows on images from inside, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_look import maps, opened
from tests.browser.test_shell import PHONE, quiet, too_wide
from tests.browser.test_watch import shipped

pytestmark = [pytest.mark.browser, shipped("realnvp-digits", "glow-digits")]
Visit = Callable[..., Visitor]


def charts(page: Page) -> None:
    """Both charts of the round trips are there, and what they say."""
    panel = page.locator('[class*="look-panel-inverse"]')
    expect(panel.locator(".js-plotly-plot")).to_have_count(2)
    expect(panel).to_contain_text("Example digits come back up to")


def test_the_masks_of_real_nvp_follow_the_layer(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/real_nvp_on_images?mode=look&model=realnvp-digits&layer=4&image=7")
    page = visitor.page
    opened(page, "coupling")
    shown = maps(page, "coupling")
    expect(shown).to_have_attribute("data-shown", "4 7")
    expect(shown.locator(".sentence")).to_contain_text("Coupling 4 of 16, on scale 1 of 3, halves of the channels")
    quiet(visitor)
    slider = page.get_by_role("slider", name="layer")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    expect(shown).to_have_attribute("data-shown", "7 7")
    expect(shown.locator(".sentence")).to_contain_text("32 have left already")
    page.wait_for_url("**layer=7**")
    mask = shown.locator(".sheet").nth(1)
    box = where(mask)
    page.mouse.move(box["x"] + box["width"] / 16, box["y"] + box["height"] * 3 / 16)  # an odd row has left
    expect(shown.locator(".reading")).to_have_text("row 1, column 0: has left")
    charts(page)
    visitor.assert_fine()


def test_matrices_and_directions_of_glow_follow_their_dials(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/glow?mode=look&model=glow-digits&step=16&a=1&b=7", **PHONE)
    page = visitor.page
    opened(page, "mixing", "direction")
    expect(maps(page, "mixing").locator(".sentence")).to_contain_text("Step 16 of 16, on scale 2 of 2, 8 channels")
    way = maps(page, "direction")
    expect(way).to_have_attribute("data-shown", "7 1 0")
    expect(way.locator(".sentence")).to_contain_text("From 7, at 0, to 1, at +1")
    expect(way.locator(".sheet")).to_have_count(14)
    quiet(visitor)
    page.get_by_role("combobox", name="to", exact=True).select_option("7")
    expect(way.locator(".sentence")).to_contain_text("two different classes")
    charts(page)
    assert too_wide(visitor) <= 0
    visitor.assert_fine()
