"""The browser's end of the wire in the application; its rules are in tests/ui/browser/wire_test.js."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def test_one_socket_serves_all_pages_of_a_tab(server: Server, visit: Callable[..., object]) -> None:
    sockets: list[str] = []
    visitor = visit(f"{server.url}/pixelcnn")
    page = visitor.page
    page.wait_for_function("window.genlabWire?.ready")
    page.on("websocket", lambda socket: sockets.append(socket.url))
    row = page.locator(".status .row").first
    expect(row).to_contain_text("CPU")
    page.evaluate("window.genlabWire.mark = true")
    for title in ("Real NVP", "GAN", "PixelCNN"):
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(row).to_contain_text("CPU")
    assert page.evaluate("window.genlabWire.mark && window.genlabWire.ready")
    assert not sockets
    page.evaluate("window.genlabWire.socket.close()")
    page.wait_for_function("window.genlabWire.ready && window.genlabWire.socket.readyState === 1")
    visitor.assert_fine()
