"""The pages of flows on images in a real browser: through the layers, between images, a drawing there and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_noise_becomes_an_image_scale_by_scale(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/real_nvp_on_images?model=realnvp-digits", wait=".journey-host[data-playing=true]")
    page = visitor.page  # alive without a press
    page.wait_for_selector('.journey-host[data-entered="3"]')
    state = page.locator('.journey [data-panel="state"]')
    page.locator(".journey .j-grid button").nth(2).click()
    page.wait_for_selector(".journey-host[data-playing=true]")
    page.locator(".journey .play").click()
    page.wait_for_selector(".journey-host[data-playing=false]")
    page.locator(".j-rail .scrubber").focus()
    page.keyboard.press("Home")
    page.wait_for_selector('.journey-host[data-t="0.00"][data-entered="1"]')
    seen = state.evaluate("c => c.toDataURL()")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('.journey-host[data-t="1.00"]')
    assert state.evaluate("c => c.toDataURL()") != seen
    page.locator(".j-blocks figure").nth(1).click()
    page.wait_for_selector('.journey-host[data-entered="2"]')
    expect(page.locator(".journey [data-say=sofar]")).to_have_text("of 2 of 3 blocks")
    page.get_by_role("button", name="Copy link").click()
    with page.expect_download() as download:
        page.locator(".journey").get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    visitor.assert_fine()


def test_a_corner_takes_another_image_and_the_pointer_finds_what_lies_between(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/glow?model=glow-digits", wait=".corners-host[data-ready=true]")
    page = visitor.page
    board = page.locator('.corners [data-panel="map"]')
    before = board.evaluate("c => c.toDataURL()")
    page.locator(".c-four button").nth(3).click()
    page.locator(".c-strip").get_by_role("button", name="into the corner: 7").click()
    page.wait_for_selector('.corners-host[data-corners^="s1 s4 s8 d"]')
    box = where(board)
    board.hover(position={"x": box["width"] - 2, "y": box["height"] - 2})
    page.wait_for_selector('.corners-host[data-exact="true"]')
    expect(page.locator(".corners [data-say=weights]")).to_have_text("1: 0 %  2: 0 %  3: 0 %  4: 100 %")
    assert board.evaluate("c => c.toDataURL()") != before
    visitor.assert_fine()


def test_a_drawing_goes_to_its_noise_and_comes_back(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/glow?mode=draw&model=glow-digits", wait=".mirror-host[data-bits]")
    page = visitor.page
    mirror = page.locator(".mirror-host")
    expect(page.locator(".mirror [data-say=trip]")).to_have_text("every pixel as it was")
    bits = mirror.get_attribute("data-bits")
    box = where(page.locator('.mirror [data-panel="paper"]'))
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 120, steps=6)
    page.mouse.up()
    expect(mirror).not_to_have_attribute("data-bits", str(bits))
    expect(page.locator(".mirror [data-say=whose]")).to_have_text("your drawing")
    assert mirror.get_attribute("data-off") == "0"
    page.locator("input[data-away]").fill("1.2")
    expect(mirror).to_have_attribute("data-away", "1.2")
    page.locator(".m-near button").nth(4).click()
    page.wait_for_url("**drawing=8.**")
    visitor.assert_fine()
