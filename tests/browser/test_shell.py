"""What is around the pages, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from genlab.catalog import FAMILIES, TOPICS
from genlab.ui.shell.page import modes
from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
PANELS = [  # together they are all panels there are
    *((FAMILIES[name], mode) for name in ("pixelcnn", "piecewise", "nvp") for mode in modes(FAMILIES[name])),
    (FAMILIES["masked-lenet"], "look"),
    (FAMILIES["maf"], "look"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def quiet(visitor: Visitor) -> None:
    """Waits until no script is running and nothing is reserved for what is still to come."""
    visitor.page.wait_for_timeout(300)
    expect(visitor.page.locator('[data-testid="stStatusWidget"]')).to_have_count(0)
    expect(visitor.page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    expect(visitor.page.locator('[class*="look-figure"] .maps:not([data-ready])')).to_have_count(0)


def pictured(visitor: Visitor) -> None:
    """Waits for the pictures of the home page: of one that is left before, Streamlit no longer has them to send."""
    visitor.page.wait_for_function("document.images.length > 5 && [...document.images].every((i) => i.naturalWidth)")


def too_wide(visitor: Visitor) -> int:
    """By how many pixels the page scrolls sideways."""
    return visitor.page.evaluate(
        "() => Math.max(...[document.documentElement, document.querySelector('.stMain')]"
        ".map((e) => e.scrollWidth - e.clientWidth))"
    )


def test_a_deep_link_is_the_first_thing_a_fresh_server_is_asked(fresh_server: Server, visit: Visit) -> None:
    family = FAMILIES["pixelcnn"]
    visitor = visit(f"{fresh_server.url}/{family.page}?mode=how")
    expect(visitor.page.locator("h1")).to_have_text(family.title)
    expect(visitor.page.get_by_text("In symbols")).to_be_visible()
    assert visitor.page.url.endswith(f"/{family.page}?mode=how")
    visitor.assert_fine()


def test_the_navigation_leads_to_every_page(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)
    pictured(visitor)
    for topic in TOPICS.values():
        visitor.page.get_by_role("link", name=topic.title, exact=True).first.click()
        expect(visitor.page.locator("h1")).to_have_text(topic.title)
        assert f"/{topic.page}" in visitor.page.url
    visitor.assert_fine()


def test_nothing_is_seen_that_would_not_answer(server: Server, visit: Visit) -> None:
    visitor, held = visit(f"{server.url}/pixelcnn?mode=how"), []
    visitor.page.route("**/shell/link/link.js", lambda route: held.append(route))
    with visitor.page.expect_request("**/shell/link/link.js"):
        visitor.page.reload()
    button = visitor.page.locator("button", has_text="Copy link")
    expect(button).to_have_count(1)
    expect(button).to_be_hidden()
    for route in held:
        route.continue_()
    expect(button).to_be_visible()
    visitor.assert_fine()


def test_what_a_page_says_while_it_is_left_does_not_reach_the_next_one(server: Server, visit: Visit) -> None:
    """Streamlit would answer with pieces of the page that is left, and the browser would show nothing at all."""
    visitor = visit(f"{server.url}/pixelcnn")
    player = visitor.page.locator(".player")
    expect(player).to_have_attribute("data-step", re.compile(r"\d+"))
    said = visitor.page.evaluate("""() => {
      const roots = [document, ...[...document.querySelectorAll("*")].flatMap((node) => node.shadowRoot ?? [])];
      const nodes = roots.flatMap((root) => [root, ...root.querySelectorAll("*")]);
      document.querySelector('a[href$="/gated_pixelcnn"]').click();
      const players = nodes.filter((node) => node.matches?.(".player"));
      for (const { canvas } of players) { canvas.send.trigger("heat", "entropy"); canvas.send.state("focus", 0); }
      return players.length;
    }""")
    assert said == 1
    expect(visitor.page.locator("h1")).to_have_text("Gated PixelCNN")
    quiet(visitor)
    expect(visitor.page.locator("h1")).to_have_text("Gated PixelCNN")
    visitor.assert_fine()


def test_the_home_page_shows_samples_and_leads_on(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)
    pictures = visitor.page.locator(".stImage img")
    expect(pictures).to_have_count(len(TOPICS))
    for picture in pictures.all():
        picture.evaluate("(image) => image.decode()")  # waits for it, and fails where it cannot be shown
        assert picture.evaluate("(image) => image.naturalWidth") > 100
    family = next(family for family in FAMILIES.values() if family.section)
    visitor.page.get_by_test_id("stPageLink-NavLink").filter(has_text=family.title).first.click()
    expect(visitor.page.locator("h1")).to_have_text(family.title)
    visitor.assert_fine()


def test_the_mode_is_part_of_the_address(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=how")
    visitor.page.get_by_role("radio", name="Look inside").or_(
        visitor.page.get_by_test_id("stBaseButton-segmented_control").filter(has_text="Look inside")
    ).first.click()
    expect(visitor.page).to_have_url(re.compile("mode=look"))
    visitor.page.reload()
    expect(visitor.page.get_by_text("What the prediction can see")).to_be_visible()
    visitor.assert_fine()


@pytest.mark.parametrize("width", [768, 1280, 1600])
def test_the_link_button_copies_an_address_without_the_private_part(width: int, server: Server, visit: Visit) -> None:
    visitor = visit(
        f"{server.url}/pixelcnn?mode=how&job=secret",
        permissions=["clipboard-read", "clipboard-write"],
        viewport={"width": width, "height": 800},
    )
    quiet(visitor)
    visitor.page.get_by_role("button", name="Copy link").click()  # fails where something lies over its middle
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == f"{server.url}/pixelcnn?mode=how"
    visitor.assert_fine()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("pixelcnn?model=mine", "without your own model"),
        ("pixelcnn?mode=train&job=secret", "the settings of this training"),
    ],
)
def test_what_a_link_cannot_carry_is_said_where_it_is_copied(
    address: str, sentence: str, server: Server, visit: Visit
) -> None:
    visitor = visit(f"{server.url}/pixelcnn", permissions=["clipboard-read", "clipboard-write"])
    quiet(visitor)
    visitor.page.evaluate("(address) => history.replaceState(null, '', address)", f"/{address}")
    visitor.page.get_by_role("button", name="Copy link").click()
    expect(visitor.page.get_by_role("status").filter(has_text=sentence)).to_be_visible()
    assert "secret" not in visitor.page.evaluate("navigator.clipboard.readText()")
    visitor.assert_fine()


def test_a_card_leads_on_wherever_it_is_pressed(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)
    pictured(visitor)
    picture = visitor.page.locator('[class*="st-key-card-pixelcnn"] img')
    box = where(picture)
    visitor.page.mouse.click(box["x"] + 20, box["y"] + 20)
    expect(visitor.page.locator("h1")).to_have_text("PixelCNN")
    visitor.assert_fine()


def test_space_and_arrows_work_as_soon_as_a_page_is_open(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/planar_flow", reduced_motion="reduce")
    warp = visitor.page.locator(".warp-host")
    expect(warp).to_have_attribute("data-stage", "16.00")
    visitor.page.keyboard.press("ArrowLeft")
    expect(warp).to_have_attribute("data-stage", "15.00")
    # A choice that was clicked does not keep the keys to itself; one that was reached by keyboard does.
    visitor.page.get_by_role("radio", name="Watch").click()
    visitor.page.wait_for_function("document.activeElement === document.body")
    visitor.page.keyboard.press("ArrowLeft")
    expect(warp).to_have_attribute("data-stage", "14.00")
    visitor.page.keyboard.press("Space")
    expect(warp).to_have_attribute("data-playing", "true")
    visitor.assert_fine()


def test_a_picture_fills_the_screen_and_comes_back(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/planar_flow", reduced_motion="reduce")
    picture = visitor.page.locator(".warp [data-panel=now]")
    expect(visitor.page.locator(".warp-host")).to_have_attribute("data-ready", "true")
    visitor.page.get_by_role("button", name="full screen").click()
    expect(visitor.page.locator(".warp:fullscreen")).to_be_visible()
    expect(picture).to_be_in_viewport(ratio=1)
    visitor.page.get_by_role("button", name="full screen").click()
    expect(visitor.page.locator(".warp:not(:fullscreen)")).to_be_visible()
    visitor.assert_fine()


def test_what_hovering_says_is_said_to_a_finger_and_to_the_keyboard_too(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/planar_flow", has_touch=True, reduced_motion="reduce")
    tip, button = visitor.page.get_by_role("tooltip"), visitor.page.locator('.warp [data-show="stretch"]')
    expect(visitor.page.locator(".warp-host")).to_have_attribute("data-ready", "true")
    says = button.get_attribute("title") or ""
    button.tap()
    expect(tip).to_have_text(says)
    visitor.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    visitor.page.keyboard.press("Tab")
    expect(tip).to_be_visible()
    visitor.assert_fine()


@pytest.mark.parametrize("width", [1280, 1920])
def test_words_grow_with_the_window(width: int, server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=how", viewport={"width": width, "height": 800})
    expect(visitor.page.locator("h1")).to_be_visible()
    visitor.page.wait_for_function(  # the style comes with the page, not before it
        "(rem) => Math.abs(parseFloat(getComputedStyle(document.documentElement).fontSize) - rem) < 0.1",
        arg=15 if width == 1280 else 20,
    )
    visitor.assert_fine()


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_theme_follows_the_visitor(scheme: str, dark: bool, server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=how", color_scheme=scheme)
    background = visitor.page.locator(".stApp").evaluate("(e) => getComputedStyle(e).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 3 * 64) is dark
    visitor.assert_fine()


def test_a_phone_shows_every_panel_without_sideways_scrolling_and_without_network(server: Server, visit: Visit) -> None:
    visitor = visit(server.url, **PHONE)
    for family, mode in PANELS:
        visitor.page.goto(f"{server.url}/{family.page}?mode={mode}")
        expect(visitor.page.locator("h1")).to_have_text(family.title)
        quiet(visitor)
        assert too_wide(visitor) <= 0, (family.name, mode)
    visitor.assert_fine()


def test_the_home_page_fits_a_phone(server: Server, visit: Visit) -> None:
    visitor = visit(server.url, **PHONE)
    quiet(visitor)
    assert too_wide(visitor) <= 0
    visitor.assert_fine()
