"""The frame of every model page: title, one sentence, modes, link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from genlab.catalog import FAMILIES
from genlab.dotted import resolve
from genlab.experiments.entries import Family, Topic
from genlab.ui.shell import links
from genlab.ui.shell.how import How, how
from genlab.ui.shell.link import copy_link
from genlab.ui.shield import callback, shield

TRAIN = "genlab.ui.training.train:train"
_MODES = {"watch": "Watch", "draw": "Draw", "train": "Train", "look": "Look inside", "how": "How it works"}


def modes(family: Family) -> dict[str, str]:
    """What a family's page can show, by the name in its link: all are trained and explained, the rest says its kind."""
    panels = {*family.experiment.kind.panels, "train", "how"}
    return {name: title for name, title in _MODES.items() if name in panels}


def page(name: str, *, inside: tuple[Callable[[Any], None], ...], words: How) -> None:
    """Draws the page of a family in the mode the visitor chose; only that mode runs.

    Arguments:
        name: of the family in the catalogue.
        inside: what *Look inside* shows, from top to bottom.
        words: what *How it works* says.
    """
    family = FAMILIES[name]
    kind = family.experiment.kind
    head(family)
    mode = choose_mode(name, modes(family))
    with shield():
        if kind.arrive:
            resolve(kind.arrive)(mode)
        match mode:
            case "how":
                how(words, kind.terms)
            case "look":
                resolve(kind.panels[mode])(family, inside)
            case _:
                resolve({"train": TRAIN, **kind.panels}[mode])(family)


def head(topic: Topic) -> None:
    """Draws what every page begins with: title, link, one sentence."""
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.title(topic.title, anchor=False, width="stretch")
        copy_link(key=f"{topic.name}.link")
    st.markdown(topic.sentence)


def choose_mode(name: str, modes: dict[str, str]) -> str:
    """The mode from the link or from the widget, written back into the address."""
    key, asked, default = f"{name}.mode", links.take("mode"), next(iter(modes))
    if asked in modes:
        st.session_state[key] = asked
    elif asked is not None:
        st.caption(f":material/info: There is no mode {asked[:40]!r} here; there are {', '.join(modes.values())}.")
    st.session_state.setdefault(key, default)
    mode = st.segmented_control(
        "mode",
        list(modes),
        format_func=modes.__getitem__,
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        on_change=callback(links.clear),
    )
    links.put("mode", mode, default)
    return str(mode)
