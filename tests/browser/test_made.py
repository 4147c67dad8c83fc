"""Look inside of MADE in a real browser: a click lights the connectivity of an output, and both pictures follow."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visitor
from tests.browser.test_look import at, maps, opened
from tests.browser.test_watch import shipped

pytestmark = [pytest.mark.browser, shipped("made-digits")]
Visit = Callable[..., Visitor]


def test_a_click_lights_the_connectivity_of_an_output(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/made?mode=look&model=made-digits")
    page, follow = visitor.page, ("made_masks", "made_connectivity")
    opened(page, *follow, "made_sweeps")
    sheet = maps(page, "made_connectivity").locator(".sheet").first
    said = maps(page, "made_connectivity").locator(".sentence")
    page.mouse.click(*at(sheet, 0, 0))
    for name in follow:
        expect(maps(page, name)).to_have_attribute("data-shown", "0 0 0")
    expect(said).to_contain_text("let 0 pixels through")
    page.mouse.move(*at(sheet, 0, 0))
    page.mouse.down()
    page.mouse.move(*at(sheet, 7, 7), steps=5)
    for name in follow:
        expect(maps(page, name)).to_have_attribute("data-shown", "7 7 0")
    expect(said).to_contain_text("let 63 pixels through to its output; the gradient is not zero at 63")
    page.mouse.up()
    page.wait_for_url(re.compile("row=7"))
    page.get_by_role("slider", name="member").fill("3")
    expect(maps(page, "made_masks")).to_have_attribute("data-shown", "7 7 3")
    expect(said).to_contain_text("Both say the same of 64 of 64 pixels")
    expect(said).not_to_contain_text("let 63 pixels")
    page.wait_for_url(re.compile("member=3"))
    expect(maps(page, "made_sweeps").locator(".sentence")).to_contain_text("the very image")
    changed = maps(page, "made_sweeps").locator("figcaption span").last
    expect(changed).to_have_text("nothing changed")
    visitor.assert_fine()
