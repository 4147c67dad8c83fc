"""*Look inside* of the flows on images: masks on the image, mixed channels, directions, where invertibility ends."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st
from pydantic import create_model

from genlab.declaration import Declaration, choice, number
from genlab.experiments.entries import Family
from genlab.runtime.questions.image_layers import Shown
from genlab.ui.shell.dials import dials
from genlab.ui.shell.inverse import round_trips
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.maps import maps
from genlab.ui.shell.views import model

Class = Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

# What stands below does not jump when the first maps arrive.
RESERVED = """<style>
[class*="-dials-box"] { min-height: 54px; }
[class*="look-figure-coupling"] { min-height: 725px; }
[class*="look-figure-mixing"] { min-height: 430px; }
[class*="look-figure-direction"] { min-height: 444px; }
@media (min-width: 1700px) {
  [class*="look-figure-coupling"] { min-height: 765px; }
  [class*="look-figure-mixing"], [class*="look-figure-direction"] { min-height: 466px; }
}
@media (max-width: 640px) {
  [class*="look-figure-coupling"] { min-height: 1010px; }
  [class*="look-figure-mixing"] { min-height: 1194px; }
  [class*="look-figure-direction"] { min-height: 1449px; }
}
</style>"""


class ClassPair(Declaration):
    """Where a direction leads, and on what it is tried."""

    b: Class = choice(9, "from", "The class of the images at 0.")
    a: Class = choice(4, "to", "The class that is reached at +1.")
    seed: int = number(0, "seed", "Of the noise of the sample.", 0, 99)


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model that the visitor chooses."""
    page = f"{family.name}.look"
    st.html(RESERVED)
    if (chosen := model(page, family)) is None:
        return
    show(panels, Inside(page, *chosen))


def masks(inside: Inside) -> None:
    """What a coupling keeps and changes, laid back onto the image."""
    st.subheader("Masks, laid back onto the image", anchor=False)
    st.markdown(
        "Squeezing and halving only move numbers about, so each of them still has a pixel of its own. Here they are "
        "back there. The blue ones stay as they are and tell how the orange ones change: $y = x\\, e^{s} + t$. Move "
        "**layer**: first checkerboards, then halves of the channels, which lie in stripes, then the same on fewer "
        "numbers, wider apart."
    )
    count = inside.view("genlab.views.image_layers:depths")[0]["couplings"]
    layer = number(1, "layer", "Couplings, counted from the data's side.", 1, count)
    shown = choice("sample", "image", "One that the model draws, or an example digit.")
    fields: dict[str, Any] = {"layer": (int, layer), "image": (Shown, shown)}
    at = f"{inside.page}.coupling"
    chosen = dials(create_model("Coupling", __base__=Declaration, **fields)(), page=at, at=f"{at} {count}")
    maps(
        "image_coupling",
        inside.source,
        key=f"{inside.page}.figure.coupling",
        at=f"{at} {count}",
        place=chosen.model_dump(),
    )


def mixing(inside: Inside) -> None:
    """The matrix of each step of a Glow."""
    st.subheader("The matrix that mixes the channels", anchor=False)
    st.markdown(
        "Between two couplings each channel is scaled, by actnorm, and then all channels of a place are mixed by one "
        "matrix $W$, the same at every place. Row $i$ of a matrix says how the output $y_i$ is made of the inputs. $W$ "
        "begins as a random rotation, with log |det W| = 0; training may stretch it."
    )
    count = inside.view("genlab.views.image_layers:depths")[0]["mixings"]
    step = number(1, "step", "Counted from the data's side.", 1, count)
    at = f"{inside.page}.mixing"
    chosen = dials(create_model("Step", __base__=Declaration, step=(int, step))(), page=at, at=f"{at} {count}")
    maps(
        "channel_mixing",
        inside.source,
        key=f"{inside.page}.figure.mixing",
        at=f"{at} {count}",
        place=chosen.model_dump(),
    )


def directions(inside: Inside) -> None:
    """From one class to another."""
    st.subheader("Directions from class to class", anchor=False)
    st.markdown(
        "The coarsest block of the noise has a mean $\\mu$ for each class. So $\\mu_a - \\mu_b$ is a direction: add it "
        "to the noise of an image of class $b$, and see how far it becomes one of class $a$. The finer blocks of the "
        "noise stay as they are."
    )
    if not inside.experiment.conditional:
        st.info("This model is not told classes: choose one that is, or train one.", icon=":material/info:")
        return
    at = f"{inside.page}.direction"
    chosen = dials(ClassPair(), page=at, at=at)
    maps(
        "class_direction",
        inside.source,
        key=f"{inside.page}.figure.direction",
        at=at,
        place=chosen.model_dump(),
    )


def inverse(inside: Inside) -> None:
    """Where invertibility ends in practice."""
    round_trips(
        inside,
        "on_images",
        "Here noise z of a temperature goes through all layers to the logits y of an image, back to noise, and once "
        "more to an image.",
    )
