"""Where the application is."""

from __future__ import annotations

import pytest
import streamlit as st

from genlab.ui.browser.address import base


@pytest.mark.parametrize(("said", "path"), [("", ""), ("lab", "/lab"), ("/lab/two/", "/lab/two")])
def test_the_base_path_begins_with_a_slash_and_ends_without(
    said: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": said}.get)
    assert base() == path
