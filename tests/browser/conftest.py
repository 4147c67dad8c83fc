"""A real server and a real browser."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser import chromium
from tests.browser.evidence import Scene, Visitor
from tests.browser.patience import PATIENCE

ROOT = Path(__file__).parents[2]
LOCAL = re.compile(r"^(?:(?:https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:)")
NOWHERE = "http://127.0.0.1/"  # an address that the test itself answers
# Without a GPU a page that plays takes a core at 60 frames a second, which the tests beside it need.
TWENTY_FRAMES = """(() => {
  const next = requestAnimationFrame.bind(window), waiting = new Map();
  let last = 0;
  window.requestAnimationFrame = (draw) => {
    const name = ++last, frame = (now) => { if (waiting.delete(name)) draw(now); };
    waiting.set(name, setTimeout(() => next(frame), 50 - (performance.now() % 50)));
    return name;
  };
  window.cancelAnimationFrame = (name) => { clearTimeout(waiting.get(name)); waiting.delete(name); };
})()"""
SCENE = pytest.StashKey[Scene]()
LOGS: list[Path] = []  # of every server that was started


@dataclass
class Server:
    """A running application."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Stops it as Ctrl-C would, and kills it after ten seconds."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def start(log: Path, script: str = "app.py", **environment: str) -> Server:
    """A fresh server on a fresh port, healthy when this returns."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    LOGS.append(log)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True, env={**os.environ, **environment}
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited."""
    server = start(tmp_path / "server.log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that do not mind each other."""
    server = start(tmp_path_factory.mktemp("server") / "server.log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, and fails where ``CI=true``."""
    path = chromium.find()
    missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    if path is None:
        missing("no Chromium on this machine: `make chromium` installs one")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """What goes wrong in a browser fails the test by its name, and says where all that was seen is kept."""
    scene = pyfuncitem.stash[SCENE] = Scene(re.sub(r"\W+", "-", pyfuncitem.name), LOGS)
    try:
        result = yield
        for visitor in scene.visitors:
            if not visitor.page.is_closed():
                visitor.page.evaluate("0")  # hears what was said until now
    except (Exception, pytest.fail.Exception) as error:
        scene.keep()
        if scene.fault:
            raise AssertionError(f"{scene.fault}\n{scene.kept}") from error
        error.add_note(scene.kept)
        raise
    return result


@pytest.fixture(scope="session")
def screen(browser: Browser) -> Callable[..., BrowserContext]:
    """Screens by their options. Pages of one screen share what was loaded and compiled, which is most of a visit."""
    screens: dict[str, BrowserContext] = {}

    def of(**options: object) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        name = repr(sorted(options.items()))
        if name not in screens:
            screens[name] = browser.new_context(**options)  # type: ignore[arg-type]
            screens[name].set_default_timeout(PATIENCE)
            screens[name].add_init_script(TWENTY_FRAMES)
        return screens[name]

    return of


@pytest.fixture
def visit(screen: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Opens a page of its own: ``visit(url, **options_of_the_screen)``. All but loopback is cut off."""
    pages: list[Page] = []

    def open_page(url: str, *, wait: str = "h1", **options: object) -> Visitor:
        context = screen(**options)
        pages.append(page := context.new_page())
        scene = request.node.stash[SCENE]
        visitor = Visitor(page, context, scene.fail)
        scene.visitors.append(visitor)

        def cut(route: Route) -> None:
            visitor.foreign.append(route.request.url)
            route.abort()

        page.route(lambda address: not LOCAL.match(address), cut)
        page.goto(url)
        page.wait_for_selector(wait)
        return visitor

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def modules(browser: Browser) -> Iterator[Callable[..., Page]]:
    """An empty page with what some modules export: ``modules("pixels/player/panels", device_scale_factor=2)``."""
    contexts: list[BrowserContext] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(NOWHERE)
        if path:
            route.fulfill(path=ROOT / "genlab" / "ui" / path, content_type="text/javascript")
        else:
            route.fulfill(body="", content_type="text/html")

    def open_page(*names: str, **options: object) -> Page:
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.route(f"{NOWHERE}**", answer)
        page.goto(NOWHERE)
        for name in names:
            page.evaluate("async (url) => { Object.assign(globalThis, await import(url)); }", f"{NOWHERE}{name}.js")
        return page

    yield open_page
    for context in contexts:
        context.close()
