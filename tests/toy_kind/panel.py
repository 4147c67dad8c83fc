"""The Watch panel of the kind, and what a canvas on it may ask."""

from __future__ import annotations

import streamlit as st
from pydantic import Field

from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.runtime.questions import View
from genlab.ui.shell.views import model
from tests.toy_kind.declaration import WORDS


class Odds(View):
    """How likely a word is."""

    name = "toy_odds"
    view = "tests.toy_kind.view:odds"
    of = (WORDS,)

    word: str = Field(pattern="[01]+")


def watch(family: Family) -> None:
    """Five words."""
    if (chosen := model(f"{family.name}.watch", family)) is not None:
        st.text(" ".join(engine().ask("tests.toy_kind.task:words", chosen[0], 0)))
