"""Waiting for what a page comes to show: a busy machine takes its time, so no test guesses how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import FloatRect, Locator, Page

PATIENCE = 180_000  # ms: a machine that is busy with other things is no failure, and what is one ends a test at once
Seen = TypeVar("Seen")


def becomes(page: Page, read: Callable[[], Seen], so: Callable[[Seen], object]) -> Seen:
    """Reads until what is read is so, and returns it; meanwhile the page goes on."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not so(now := read()):
        assert time.monotonic() < deadline, now
        page.wait_for_timeout(20)
    return now


def rests(place: Locator) -> None:
    """Waits until a component's pictures have all that they asked for, and nothing in them moves any more."""
    place.evaluate(
        """async (place) => {
          const busy = ({ request, asked }) => request || [...asked.values()].some(({ open }) => open);
          const pictures = () => [...place.getRootNode().querySelectorAll("*")].map(({ canvas }) => canvas);
          const wait = (done) => setTimeout(done, 20);
          while (pictures().some((picture) => picture?.asked && busy(picture))) await new Promise(wait);
        }"""
    )


def where(place: Locator) -> FloatRect:
    """Where something is on the screen, scrolled there, once it stands still."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    return box
