"""The Watch panel of the kind."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.shell.views import model


def watch(family: Family) -> None:
    """Five words."""
    if (chosen := model(f"{family.name}.watch", family)) is not None:
        st.text(" ".join(engine().ask("tests.toy_kind.task:words", chosen[0], 0)))
