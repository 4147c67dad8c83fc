"""Links that reproduce a page: what the address carries, read once on arrival and written after every change."""

from __future__ import annotations

from typing import Any

import streamlit as st

PRIVATE = {"job"}  # lets its holder steer a training: kept for a reload, left out of a link that is copied


def arrive(page: str) -> None:
    """To be called once a run by the shell: notes the parameters of a link when a visitor comes to a page.

    The link is read on arrival only. Later the browser may send an address that lags behind the widgets, so that
    reading it again would undo what was just changed.
    """
    if st.session_state.get("links.page") != page:
        st.session_state["links.page"] = page
        st.session_state["links.pending"] = st.query_params.to_dict()


def take(name: str, only: str | None = None) -> str | None:
    """The text that the link carried for a parameter: once, then None. One that is not ``only`` is left for others."""
    pending = st.session_state.setdefault("links.pending", st.query_params.to_dict())
    if only is not None and pending.get(name) != only:
        return None
    text: str | None = pending.pop(name, None)
    return text


def put(name: str, value: Any, default: Any) -> None:
    """Writes a parameter into the address, or leaves it out where it equals the default."""
    if value == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != str(value):
        st.query_params[name] = str(value)


def clear() -> None:
    """Empties the address when another mode is chosen: the parameters belong to the mode that is left."""
    for name in st.query_params.to_dict():
        if name not in PRIVATE:
            del st.query_params[name]
