"""A visitor who is quicker than the answers: what the server says late still finds the page that it is meant for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import becomes
from tests.browser.test_shell import quiet
from tests.browser.test_watch import opened, shipped

pytestmark = [pytest.mark.browser, shipped("pixelcnn-digits")]
Visit = Callable[..., Visitor]


class Line:
    """What the server sends to a page; while it is held, the page hears nothing."""

    def __init__(self, page: Page) -> None:
        self.page, self.held, self.holds, self.finished = page, [], False, 0
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        self.route = route
        route.connect_to_server().on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        self.finished += ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
        if self.holds:
            self.held.append(message)
        else:
            self.route.send(message)

    def answered(self, act: Callable[[], None]) -> None:
        """Does something, and waits until the server has answered."""
        before = self.finished
        act()
        becomes(self.page, lambda: self.finished, lambda now: now != before)

    def release(self) -> None:
        self.holds = False
        for message in self.held:
            self.route.send(message)


def test_who_asks_again_before_the_answers_are_here_is_answered(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page = visitor.page
    line = Line(page)
    page.goto(f"{server.url}/pixelcnn?model=pixelcnn-digits&n=16&seed=3")
    nats = opened(visitor).locator('[data-say="nats"]')
    page.locator(".player").focus()
    page.keyboard.press("End")
    expect(page.locator(".player")).to_have_attribute("data-step", "64")
    first = nats.inner_text()
    quiet(visitor)
    line.holds = True
    seed = page.get_by_label("seed", exact=True)
    for value in (4, 5, 6, 3):
        seed.fill(str(value))
        line.answered(lambda: seed.press("Enter"))
    line.release()
    quiet(visitor)
    expect(nats).to_have_text(first)
    visitor.assert_fine()


@pytest.mark.parametrize("press", [0, 30])  # ms: as a tap is, and a quick click
def test_who_leaves_a_field_by_leaving_the_page_finds_the_next_one(server: Server, visit: Visit, press: int) -> None:
    """A field says what was typed when it is left: with the click on the link."""
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    page = visitor.page
    for title, seed in (("Masked pixels", 5), ("Gated PixelCNN", 6), ("Masked pixels", 8)):
        opened(visitor)
        field = page.get_by_label("seed", exact=True)
        field.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(str(seed))
        page.get_by_role("link", name=title, exact=True).click(delay=press)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        opened(visitor)
        quiet(visitor)
        page.get_by_role("link", name="PixelCNN", exact=True).click(delay=press)
        expect(page.get_by_role("heading", level=1)).to_have_text("PixelCNN")
        opened(visitor)
        quiet(visitor)
    field.fill("7")
    page.wait_for_url(re.compile("seed=7"))  # although it was not left
    visitor.assert_fine()


def test_to_and_fro_between_two_pages_that_move(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    opened(visitor)
    page, titles = visitor.page, ("Masked pixels", "PixelCNN")
    for k in range(12):
        page.get_by_role("link", name=titles[k % 2], exact=True).click()
        page.wait_for_timeout(40 * (k % 4))
    expect(page.get_by_role("heading", level=1)).to_have_text("PixelCNN")
    opened(visitor)
    visitor.assert_fine()
