"""The frame of every model page: title, one sentence, modes, link."""

from __future__ import annotations

import streamlit as st

from genlab.catalog import FAMILIES, Topic
from genlab.ui import links
from genlab.ui.draw import arrive, draw
from genlab.ui.how import How, how
from genlab.ui.link import copy_link
from genlab.ui.look import Panel, look

MODES = {"watch": "Watch", "draw": "Draw", "train": "Train", "look": "Look inside", "how": "How it works"}


def page(name: str, *, inside: tuple[Panel, ...], words: How) -> None:
    """Draws the page of a family in the mode the visitor chose; only that mode runs.

    Arguments:
        name: of the family in the catalogue.
        inside: what *Look inside* shows, from top to bottom.
        words: what *How it works* says.
    """
    family = FAMILIES[name]
    head(family)
    mode = _mode(name)
    arrive()
    match mode:
        case "watch":
            from genlab.ui.watch import watch

            watch(family)
        case "draw":
            draw(family)
        case "train":
            from genlab.ui.train import train

            train(family)
        case "look":
            look(family, inside)
        case "how":
            how(words)


def head(topic: Topic) -> None:
    """Draws what every page begins with: title, link, one sentence."""
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.title(topic.title, anchor=False, width="stretch")
        copy_link(key=f"{topic.name}.link")
    st.markdown(topic.sentence)


def _mode(name: str) -> str:
    """The mode from the link or from the widget, written back into the address."""
    key, asked, default = f"{name}.mode", links.take("mode"), next(iter(MODES))
    if asked in MODES:
        st.session_state[key] = asked
    elif asked is not None:
        st.caption(f":material/info: There is no mode {asked[:40]!r}; there are {', '.join(MODES)}.")
    st.session_state.setdefault(key, default)
    mode = st.segmented_control(
        "mode",
        list(MODES),
        format_func=MODES.__getitem__,
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        on_change=links.clear,
    )
    links.put("mode", mode, default)
    return str(mode)
