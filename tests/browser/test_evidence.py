"""What fails in a browser is said at once, by name, and is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error

from genlab.ui.shield import FAILED
from tests.browser import evidence
from tests.browser.conftest import SCENE, Server, Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]

PAGE = "data:text/html,<h1>page</h1><div><template shadowrootmode=open>inside</template></div>"
FAULTS = {
    "an exception": ("document.body.insertAdjacentHTML('beforeend', '<p class=stException>boom</p>')", "boom"),
    "a part of the page": (
        f"document.body.insertAdjacentHTML('beforeend', '<div class=stAlert>{FAILED}</div>')",
        "This part of the page failed",
    ),
    "a page error": ("setTimeout(() => { throw new Error('thrown'); })", "page error: thrown"),
    "a message that has no place": ("console.error('Bad delta path index 7')", "Bad delta path index 7"),
}


@pytest.fixture
def failed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], dict[str, bytes]]:
    """Takes back that this test has failed; returns what was kept of it."""
    monkeypatch.setattr(evidence, "KEPT", tmp_path)

    def take_back(words: str) -> dict[str, bytes]:
        scene = request.node.stash[SCENE]
        (folder,) = tmp_path.iterdir()
        assert words in scene.fault
        assert str(folder) in scene.kept
        scene.visitors.clear()
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    return take_back


@pytest.mark.parametrize(("script", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_ends_what_the_test_waits_for_and_is_kept(
    script: str, words: str, visit: Visit, failed: Callable[[str], dict[str, bytes]]
) -> None:
    visitor = visit(PAGE)
    visitor.page.evaluate(f"setTimeout(() => {{ {script}; }}, 50)")
    with pytest.raises(Error, match=words):  # and not that it waited in vain
        visitor.page.locator(".never").click()
    kept = failed(words)
    assert words in kept["page0.txt"].decode()
    assert b'<template shadowrootmode="open">inside' in kept["page0.html"]
    assert kept["page0.png"].startswith(b"\x89PNG")


def test_a_dialog_of_streamlits_own_is_a_fault(
    server: Server, visit: Visit, failed: Callable[[str], dict[str, bytes]]
) -> None:
    with pytest.raises(Error, match="Page not found"):
        visit(f"{server.url}/nowhere", wait=".never")
    assert "Page not found" in failed("Page not found")["page0.txt"].decode()
