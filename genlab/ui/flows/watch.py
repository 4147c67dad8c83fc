"""The Watch panel of a flow: noise bends into data, layer by layer."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.glossary import explain
from genlab.ui.flows.line import line
from genlab.ui.flows.warp import warp
from genlab.ui.shell.note import note
from genlab.ui.shell.views import model
from genlab.ui.shield import shield


def plane(family: Family) -> None:
    """Draws the panel of a flow on the plane: the picture, the numbers under it, and which model it is."""
    page, picture = f"{family.name}.watch", st.container()
    if (chosen := model(page, family)) is None:
        return
    with picture, shield():
        warp(chosen[0], key=f"{page}.picture")
        st.caption(family.hint, help=explain(family.experiment.kind.terms))
    with shield():
        note(chosen[0], "numbers", key=f"{page}.numbers")


def on_line(family: Family) -> None:
    """Draws the panel of a flow on the line."""
    page, picture = f"{family.name}.watch", st.container()
    if (chosen := model(page, family)) is None:
        return
    with picture, shield():
        line(chosen[0], key=f"{page}.picture")
        st.caption(family.hint, help=explain(family.experiment.kind.terms))
