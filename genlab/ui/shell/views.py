"""Which model a panel shows, and views of it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.shell.sources import ModelChoice, choose, digest, own, settings, source_of


def model(page: str, family: Family) -> tuple[str | bytes, Any] | None:
    """Which model a panel shows: its source and experiment; None, said on the page, where there is none."""
    mine = own(family.name)
    default = settings(ModelChoice, family.name, mine is not None)
    if default is None:
        return None
    return source_of(choose(page, default, ["model"], mine).model, mine)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={bytes: digest})
def ask(source: str | bytes, view: str, arguments: tuple[tuple[str, Any], ...]) -> bytes:
    """A view by dotted path, remembered: model and arguments fix its numbers. Raises GenlabError."""
    block: bytes = engine().ask("genlab.runtime.answers:view", source, view, meanwhile=turn, **dict(arguments))
    return block


def turn() -> None:
    """Has the page drawn anew where somebody did something else meanwhile: Streamlit looks when its state is read."""
    st.session_state.get("views.turn")
