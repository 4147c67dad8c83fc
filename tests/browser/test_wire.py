"""The browser's end of the wire, against a socket that the test plays, and in the application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

# A socket that writes down what is sent, and says what it is told to say; time is counted, not waited for.
PLAY = """() => {
  const sockets = [], frames = [], timers = [];
  globalThis.requestAnimationFrame = (draw) => frames.push(draw);
  globalThis.setTimeout = (act, ms) => timers.push([ms, act]);
  class Fake {
    constructor(address) { Object.assign(this, { address, sent: [], closed: false }); sockets.push(this); }
    send(text) { this.sent.push(JSON.parse(text)); }
    close() { this.closed = true; }
    hear(meta) {
      const text = JSON.stringify({ meta, arrays: {} }), padded = text + " ".repeat((8 - ((4 + text.length) % 8)) % 8);
      const block = new Uint8Array(4 + padded.length);
      new DataView(block.buffer).setUint32(0, padded.length, true);
      block.set(new TextEncoder().encode(padded), 4);
      this.onmessage({ data: block.buffer });
    }
    welcome() { this.onopen(); this.hear({ type: "welcome", canvas: null }); }
  }
  globalThis.play = { sockets, frames, timers, Fake, wire: new Wire("ws://here/wire", "ticket", Fake), got: [] };
}"""


@pytest.fixture
def page(modules: Callable[..., Page]) -> Page:
    page = modules("browser/wire")
    page.evaluate(PLAY)
    return page


def test_it_says_hello_and_what_was_wanted_before(page: Page) -> None:
    sent = page.evaluate("""() => {
      play.wire.ask("c1", { name: "trace" }, () => {}, () => {});
      const before = [...play.sockets[0].sent];
      play.sockets[0].welcome();
      return [before, play.sockets[0].sent];
    }""")
    assert sent == [
        [],
        [
            {"type": "hello", "ticket": "ticket"},
            {"type": "ask", "id": 1, "canvas": "c1", "question": {"name": "trace"}},
        ],
    ]


def test_the_newest_question_of_a_canvas_wins_and_others_keep_theirs(page: Page) -> None:
    got = page.evaluate("""() => {
      const [socket] = play.sockets, note = (name) => (meta) => play.got.push([name, meta.id, meta.more]);
      socket.welcome();
      for (const [canvas, name] of [["c1", "old"], ["c2", "other"], ["c1", "new"]]) {
        play.wire.ask(canvas, {}, note(name), (sentence) => play.got.push([name, sentence]));
      }
      const answer = (canvas, id, more) => socket.hear({ type: "answer", canvas, id, more, meta: {} });
      answer("c1", 1, false);
      answer("c1", 3, true);
      answer("c2", 2, false);
      answer("c1", 3, false);
      answer("c1", 3, false);
      socket.hear({ type: "refused", canvas: "c1", id: 1, sentence: "too late" });
      play.wire.ask("c1", {}, note("last"), (sentence) => play.got.push(["last", sentence]));
      socket.hear({ type: "refused", canvas: "c1", id: 4, sentence: "no such model" });
      return play.got;
    }""")
    assert got == [["new", 3, True], ["other", 2, False], ["new", 3, False], ["last", "no such model"]]


def test_more_news_come_only_after_the_last_were_drawn(page: Page) -> None:
    sent = page.evaluate("""() => {
      const [socket] = play.sockets;
      socket.welcome();
      play.wire.watch("c1", { job: "j", need: [5] }, () => {}, () => {});
      socket.hear({ type: "news", canvas: "c1", have: { run: 1 }, meta: {} });
      const before = socket.sent.length;
      for (const draw of play.frames) draw();
      return [before, socket.sent.at(-1), play.wire.canvases.get("c1").watch.message];
    }""")
    watch = {"type": "watch", "canvas": "c1", "job": "j", "have": {"run": 1}, "need": [], "changed": []}
    assert sent == [2, {"type": "ack", "canvas": "c1"}, watch]


def test_a_lost_connection_comes_back_and_finds_everything(page: Page) -> None:
    waits, wanted = page.evaluate("""() => {
      play.sockets[0].welcome();
      play.wire.ask("c1", { name: "answered" }, () => {}, () => {});
      play.sockets[0].hear({ type: "answer", canvas: "c1", id: 1, more: false, meta: {} });
      play.wire.ask("c2", { name: "open" }, () => {}, () => {});
      play.wire.status("c3", () => {});
      play.wire.ask("c4", { name: "gone" }, () => {}, () => {});
      play.wire.drop("c4");
      const waits = [];
      for (let again = 0; again < 7; again++) {
        play.sockets.at(-1).onclose({ code: 1006, reason: "" });
        const [ms, open] = play.timers.pop();
        waits.push(ms);
        open();
      }
      play.sockets.at(-1).welcome();
      return [waits, play.sockets.at(-1).sent.map((message) => [message.type, message.canvas])];
    }""")
    assert waits == [200, 400, 800, 1600, 3200, 5000, 5000]
    assert wanted == [["hello", None], ["ask", "c2"], ["status", "c3"]]


def test_a_page_that_is_not_known_does_not_try_for_ever(page: Page) -> None:
    got = page.evaluate("""() => {
      play.wire.ask("c1", {}, () => {}, (sentence) => play.got.push(sentence));
      play.sockets[0].onclose({ code: 1008, reason: "Reload the page." });
      return [play.got, play.timers.length, play.sockets.length];
    }""")
    assert got == [["Reload the page."], 0, 1]


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
