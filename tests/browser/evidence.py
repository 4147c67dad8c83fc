"""What a failed browser test leaves behind, and what fails one at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, WebSocket

from genlab.ui.shield import FAILED, NOTHING_DONE

KEPT = Path(__file__).parents[2] / ".failures"
# A deep link first looks for the server beside its own path, then at the root: Streamlit's way, not an error.
HARMLESS = re.compile(r"_stcore/(?:health|host-config)")
SAYS = "the page says"
# Its front end logs these where a message does not fit the page it has; the page is then white or under a dialog.
LOST = re.compile(
    rf"^{SAYS}|Bad delta path|Cannot set a node at a delta path|'setIn' cannot be called|Bad message format"
)

# Of its own are exceptions, the box of an element that failed in the browser, and a dialog that no script filled:
# connection lost, page not found, a message that does not fit. An alert of ours is a fault where a shield speaks.
WATCH = """() => {
  const OWN = '.stException, .stAlertContainer:not(.stAlert *, .stException *), .stDialog:not(:has(.stVerticalBlock))';
  const said = new Set();
  const look = () => {
    const alerts = [...document.querySelectorAll('.stAlert')].filter((e) => FAILURES.includes(e.innerText.trim()));
    for (const { innerText } of [...document.querySelectorAll(OWN), ...alerts]) {
      if (!said.has(innerText)) console.error(`SAYS: ${innerText}`);
      said.add(innerText);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}""".replace("SAYS", SAYS).replace("FAILURES", json.dumps([FAILED, NOTHING_DONE]))

HTML = """() => {
  const shadows = (root) => [...root.querySelectorAll('*')].flatMap(
    ({ shadowRoot }) => shadowRoot ? [shadowRoot, ...shadows(shadowRoot)] : []);
  return document.documentElement.getHTML({ shadowRoots: shadows(document) });
}"""

# Dialogs and alerts; and what nobody can press, with what makes it so.
MODAL = """() => {
  const all = (selector, what) => [...document.querySelectorAll(selector)].map(what);
  return {
    dialogs: all(':is([role=dialog], [role=alertdialog], [role=alert], [aria-modal=true])', (e) => e.innerText),
    inert: all('[inert]', (e) => e.cloneNode().outerHTML),
    focus: document.activeElement?.cloneNode().outerHTML,
  };
}"""


@dataclass
class Visitor:
    """A visitor's page with all that went wrong on it."""

    page: Page
    context: BrowserContext
    fail: Callable[[str], None]  # ends the test, whatever it waits for
    errors: list[str] = field(default_factory=list)  # of the console and of scripts
    foreign: list[str] = field(default_factory=list)  # requests that would have left the machine
    story: list[str] = field(default_factory=list)  # what was heard of the page, with seconds since it was opened
    opened: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.page.add_init_script(f"({WATCH})()")
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._wrong(f"page error: {error}\n{error.stack}"))
        self.page.on("crash", lambda _: self._wrong("the page crashed"))
        self.page.on("requestfailed", lambda request: self.hear(f"failed: {request.url} {request.failure}"))
        self.page.on("websocket", self._websocket)
        self.page.on("framenavigated", lambda frame: self.hear(f"at {frame.url}"))

    def assert_fine(self) -> None:
        """No traceback on the page, no error in the console, nothing asked of the network."""
        tracebacks = self.page.locator('[data-testid="stException"]').all_inner_texts()
        assert (tracebacks, self.errors, self.foreign) == ([], [], [])

    def hear(self, what: str) -> None:
        self.story.append(f"{time.monotonic() - self.opened:7.2f} {what}")

    def keep(self, folder: Path, name: str) -> str:
        """Keeps what can be seen of the page; what cannot be had any more is left out.

        Returns: the text of its dialogs and alerts.
        """
        said = ""
        with suppress(Error):
            modal = self.page.evaluate(MODAL)
            said = "\n".join(modal["dialogs"])
            self.hear(f"in the end: {modal}")
        (folder / f"{name}.txt").write_text("\n".join(self.story))
        with suppress(Error):
            (folder / f"{name}.html").write_text(self.page.evaluate(HTML))
        with suppress(Error):
            self.page.screenshot(path=folder / f"{name}.png", timeout=5000)
        return said

    def _console(self, message: ConsoleMessage) -> None:
        self.hear(f"console {message.type}: {message.text} ({message.location['url']})")
        if LOST.search(message.text):
            self._wrong(message.text)
        elif message.type == "error" and not HARMLESS.search(message.location["url"]):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _websocket(self, socket: WebSocket) -> None:
        self.hear(f"connected: {socket.url}")
        socket.on("close", lambda _: self.hear(f"disconnected: {socket.url}"))

    def _wrong(self, what: str) -> None:
        self.hear(what)
        self.errors.append(what)
        self.fail(what)


@dataclass
class Scene:
    """A test with its visitors and, where it fails, what is kept of it."""

    name: str
    logs: list[Path]  # of all servers, dead ones too; more may come
    visitors: list[Visitor] = field(default_factory=list)
    fault: str = ""  # what failed the test while it was waiting for something else
    kept: str = ""  # where, and what the dialogs say

    def __post_init__(self) -> None:
        self.before = {log: log.stat().st_size for log in self.logs}

    def fail(self, fault: str) -> None:
        """Fails the test now: whatever it waits for in a browser is interrupted. The first fault is the one."""
        if self.fault:
            return
        self.fault = fault
        self.keep()
        for visitor in self.visitors:
            visitor.page.close(reason=fault)

    def keep(self) -> None:
        """Keeps all that the browsers and the servers can tell in a folder of its own, once."""
        if self.kept or not self.visitors:
            return
        folder = KEPT / f"{datetime.now():%m-%d %H.%M.%S} {self.name}"
        folder.mkdir(parents=True)
        self.kept = f"kept in {folder}"
        said = [visitor.keep(folder, f"page{k}") for k, visitor in enumerate(self.visitors)]
        for k, log in enumerate(self.logs):
            if lines := log.read_bytes()[self.before.get(log, 0) :]:
                (folder / f"server{k}.log").write_bytes(lines)
        self.kept = "\n".join([self.kept, *filter(None, said)])
