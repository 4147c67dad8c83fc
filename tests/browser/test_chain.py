"""The page Chain rule in a real browser: an event, a chain, a categorical, and the links to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_shell import PHONE, quiet, too_wide

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.browser


def opened(visitor: Visitor, view: str) -> Locator:
    section = visitor.page.locator(f'section[data-view="{view}"]')
    section.wait_for()
    quiet(visitor)
    return section


def test_the_three_examples_of_the_lecture_come_out(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/chain_rule")
    section = opened(visitor, "event")
    for name, mask, values in (
        ("{X₂ = 3}", "[0, 1, 0, 0, 0]", "[0, 3, 0, 0, 0]"),
        ("{X₁ = 1, X₂ = 2, X₃ = 3, X₄ = 4, X₅ = 5}", "[1, 1, 1, 1, 1]", "[1, 2, 3, 4, 5]"),
        ("{X₅ = 50, X₂ = 20}", "[0, 1, 0, 0, 1]", "[0, 20, 0, 0, 50]"),
    ):
        section.get_by_role("button", name=name).click()
        for what, text in (("event", name), ("mask", mask), ("values", values)):
            expect(section.locator(f'[data-say="{what}"]')).to_have_text(text)
    section.locator(".places button").nth(1).click()  # X₂ is unknown again
    expect(section.locator('[data-say="event"]')).to_have_text("{X₅ = 50}")
    section.locator(".places input").nth(4).fill("2")
    expect(section.locator('[data-say="logp"]')).to_contain_text("nats")
    section.locator(".places button").nth(4).click()  # and now nothing is known, which a link says too
    expect(section.locator('[data-say="event"]')).to_have_text("{}")
    link = section.evaluate("e => e.canvas.carried.known")
    visitor.page.goto(f"{server.url}/chain_rule?known={link}")
    expect(opened(visitor, "event").locator('[data-say="event"]')).to_have_text("{}")
    visitor.assert_fine()


def test_the_product_of_a_chain_is_what_stands_in_the_table(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/chain_rule?mode=unroll", permissions=["clipboard-read", "clipboard-write"])
    section = opened(visitor, "unroll")
    for _ in range(5):
        section.get_by_role("button", name="draw the next value").click()
    expect(section.locator('[data-say="product"]')).to_contain_text("the same")
    x = section.get_attribute("data-x")
    assert x and len(x) == 5
    table = section.locator("canvas")
    box = where(table)
    table.click(position={"x": box["width"] - 4, "y": box["height"] - 4})  # 3 3 3 3 3, which had the largest weight
    section.locator(".brush button", has_text="1").click()
    table.click(position={"x": box["width"] - 4, "y": box["height"] - 4})
    expect(section.locator('[data-say="reading"]')).to_contain_text("x = 3 3 3 3 3: weight 1")
    visitor.page.get_by_role("button", name="Copy link").click()
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    visitor.page.goto(link)
    again = opened(visitor, "unroll")
    expect(again).to_have_attribute("data-x", x)
    again.get_by_role("button", name="back").click()
    expect(again).to_have_attribute("data-x", x[:4])
    visitor.assert_fine()


def test_frequencies_come_near_their_probabilities(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/chain_rule?mode=categorical")
    section = opened(visitor, "categorical")
    section.get_by_role("button", name="10 000").click()
    counts = [int(n) for n in str(section.get_attribute("data-counts")).split()]
    assert sum(counts) == 10_100
    for count, p in zip(counts, (0.8, 0.1, 0.1), strict=True):
        assert abs(count / 10_100 - p) < 4 * (p * (1 - p) / 10_100) ** 0.5
    section.get_by_role("button", name="a batch of four").click()
    section.get_by_role("button", name="10", exact=True).click()
    expect(section.locator("pre")).to_contain_text("the newest 8, one row each")
    assert len(str(section.get_attribute("data-counts")).split(";")) == 4
    visitor.assert_fine()


@pytest.mark.parametrize("wrong", ["known=9=1", "mode=unroll&x=99&weights=1&table=none", "mode=categorical&logits=a"])
def test_what_makes_no_sense_in_a_link_is_left_out(wrong: str, server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/chain_rule?{wrong}")
    expect(visitor.page.locator("section[data-view]:not([hidden])")).to_be_visible()
    quiet(visitor)
    visitor.assert_fine()


def test_it_fits_a_phone(server: Server, visit: Visit) -> None:
    visitor = visit(server.url, **PHONE)
    for view in ("event", "unroll", "categorical"):
        visitor.page.goto(f"{server.url}/chain_rule?mode={view}")
        opened(visitor, view)
        assert too_wide(visitor) <= 0, view
    visitor.assert_fine()
