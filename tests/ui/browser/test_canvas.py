"""What Python hears of a canvas."""

from contextlib import suppress

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException

from genlab.errors import GenlabError
from genlab.ui import browser


def test_what_happens_once_is_heard_once(monkeypatch):
    """A canvas that comes back to a page says again what it said last: a training would begin anew."""
    declared, heard, session = {}, [], {}
    interruptions = [RerunException(RerunData())]
    monkeypatch.setattr(browser, "_component", lambda *_: lambda **options: declared.update(options))
    monkeypatch.setattr(st, "session_state", session)

    def act():
        heard.append(value := session["panel"]["action"]["value"])
        if value == "fail":
            raise GenlabError("No.")
        if value == "interrupted" and interruptions:
            raise interruptions.pop()

    settings = {"settings": lambda: heard.append("settings")}
    browser.canvas("training/race/race", key="panel", on=settings, once={"action": act, "changed": None})
    declared["on_action_change"]()  # it has gone before its message came
    happened = [(10.5, "train"), (11.0, "train"), (12.0, "fail"), (13.0, "interrupted"), (14.0, "reset")]
    for at, value in (*happened, *happened):
        session["panel"] = {"action": {"value": value, "at": at}}
        for _ in range(2):
            with suppress(RerunException):
                declared["on_action_change"]()
    assert heard == ["train", "train", "fail", "interrupted", "interrupted", "reset"]
    for name in ("settings", "settings", "changed"):
        declared[f"on_{name}_change"]()
    assert heard[6:] == ["settings", "settings"]
