"""*Look inside* of models of sequences: causality, receptive fields, padding, and one answer against many."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.ui.sequences.modes import modes
from genlab.ui.sequences.padding import padding
from genlab.ui.sequences.poke import poke
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.maps import maps
from genlab.ui.shell.views import model


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model that the visitor chooses."""
    page = f"{family.name}.look"
    if (chosen := model(page, family)) is not None:
        show(panels, Inside(page, *chosen))


def causality(inside: Inside) -> None:
    """One value is changed, and what moves is seen."""
    causal = "channels" in inside.experiment.architecture_fields
    st.subheader("Causality: what moves with one value", anchor=False)
    st.markdown(
        "A value is raised by a level, and every unit is computed again: lit is what changed. Or the other way round: "
        "on which values one prediction depends, by the gradient of its logits. "
        + (
            "The last rows must keep clear of what they are to guess. Let *nothing* hide the present, and see it leak."
            if causal
            else "Every prediction has a pass of its own, in which the mask hides all that comes later."
        )
    )
    poke(inside.source, length=inside.experiment.length, causal=causal, key=f"{inside.page}.poke")


def fields(inside: Inside) -> None:
    """What every prediction depends on."""
    st.subheader("Receptive fields, measured", anchor=False)
    st.markdown(
        "Row $t$ shows how strongly each value $x_s$ moves the prediction of $x_t$: the mean absolute gradient of its "
        "logits on random sequences, 1 at the strongest of each row. Nothing on the diagonal or right of it moves "
        "anything. What is empty left of it is past that the model cannot see."
    )
    maps("reach_map", inside.source, key=f"{inside.page}.figure.reach")


def pads(inside: Inside) -> None:
    """What padding does to a tensor."""
    st.subheader("Padding, on the tensor", anchor=False)
    st.markdown(
        "PyTorch's convolutions pad both ends alike; `F.pad` pads each end by itself, and with a negative number takes "
        "entries away. That is all that makes a convolution causal."
    )
    padding(key=f"{inside.page}.padding")


def one_or_many(inside: Inside) -> None:
    """A regression and a classification of the same data, side by side."""
    st.subheader("One mean, or a probability for each level", anchor=False)
    st.markdown(
        "Two networks that differ in their last layer only, on the same forks: the height is kept, then jumps by 8 "
        "levels, up or down. Before the jump the future has branches, and what lies between them never comes."
    )
    modes(key=f"{inside.page}.modes")
