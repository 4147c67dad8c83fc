"""What Python hears of a canvas."""

import streamlit as st

from genlab.ui import browser


def test_what_happens_once_is_heard_once(monkeypatch):
    """A canvas that comes back to a page says again what it said last: a training would begin anew."""
    declared, heard, session = {}, [], {}
    monkeypatch.setattr(browser, "_component", lambda *_: lambda **options: declared.update(options))
    monkeypatch.setattr(st, "session_state", session)
    browser.canvas(
        "training/race/race",
        key="panel",
        on={"settings": lambda: heard.append("settings")},
        once={"action": lambda: heard.append(session["panel"]["action"]["value"]), "changed": None},
    )
    declared["on_action_change"]()  # it has gone before its message came
    for at, value in ((10.5, "train"), (10.5, "train"), (11.0, "train"), (10.5, "train"), (12.0, "reset")):
        session["panel"] = {"action": {"value": value, "at": at}}
        declared["on_action_change"]()
    declared["on_settings_change"]()
    declared["on_settings_change"]()
    declared["on_changed_change"]()
    assert heard == ["train", "train", "reset", "settings", "settings"]
