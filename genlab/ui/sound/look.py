"""*Look inside* of a model of sound."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.views import model
from genlab.ui.sound.dilation import dilation


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model that the visitor chooses."""
    page = f"{family.name}.look"
    if (chosen := model(page, family)) is not None:
        show(panels, Inside(page, *chosen))


def dilations(inside: Inside) -> None:
    """The dilation tree, gates and gradient of a sample."""
    st.subheader("The dilation tree of a sample", anchor=False)
    st.markdown(
        "Each layer has two taps, $1, 2, 4, \\dots, 512$ places apart: few layers reach far. Blue lines lead from "
        "the posterior down to every value that it can depend on; a unit is as bright as its $|z|$ is large, "
        "$z = \\tanh(W_f * h + V_f) \\odot \\sigma(W_g * h + V_g)$. Red, below: the receptive field, measured. How "
        "strongly what the first layer is given at each place moves $\\log p(x_t)$."
    )
    dilation(inside.source, key=f"{inside.page}.dilation")
