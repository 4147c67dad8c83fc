"""The frame of every model page: title, one sentence, modes, link."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from genlab.catalog import FAMILIES, Family, Topic
from genlab.experiment import AdversarialExperiment, LineExperiment, PixelExperiment
from genlab.ui.flows import look as flow_look
from genlab.ui.gans import look as gan_look
from genlab.ui.pixels.draw import arrive, draw
from genlab.ui.pixels.look import look
from genlab.ui.shell import links
from genlab.ui.shell.how import How, how
from genlab.ui.shell.link import copy_link
from genlab.ui.shell.shield import callback, shield

_MODES = {"watch": "Watch", "draw": "Draw", "train": "Train", "look": "Look inside", "how": "How it works"}


def modes(family: Family) -> dict[str, str]:
    """What a family's page can show, by the name in its link; only images are drawn."""
    images, line = (issubclass(family.experiment, kind) for kind in (PixelExperiment, LineExperiment))
    absent = set() if images else {"draw", "look"} if line else {"draw"}
    return {name: title for name, title in _MODES.items() if name not in absent}


def page(name: str, *, inside: tuple[Callable[[Any], None], ...], words: How) -> None:
    """Draws the page of a family in the mode the visitor chose; only that mode runs.

    Arguments:
        name: of the family in the catalogue.
        inside: what *Look inside* shows, from top to bottom.
        words: what *How it works* says.
    """
    family = FAMILIES[name]
    pixels, game = (issubclass(family.experiment, base) for base in (PixelExperiment, AdversarialExperiment))
    kind = "pixels" if pixels else "game" if game else "flow"
    head(family)
    mode = choose_mode(name, modes(family))
    with shield():
        if pixels:
            arrive()
        match mode:
            case "watch":
                folder = {"pixels": "pixels", "game": "gans", "flow": "flows"}[kind]
                importlib.import_module(f"genlab.ui.{folder}.watch").watch(family)
            case "draw":
                draw(family)
            case "train":
                from genlab.ui.training.train import train

                train(family)
            case "look":
                if kind == "pixels":
                    look(family, inside)
                elif kind == "game":
                    gan_look.look(family, inside)
                else:
                    flow_look.look(family, inside)
            case "how":
                how(words)


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
        st.caption(f":material/info: There is no mode {asked[:40]!r}; there are {', '.join(modes)}.")
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
