"""*Look inside* of MADE: its masks, what they let through, its members, and sampling by sweeps."""

from __future__ import annotations

import streamlit as st
from pydantic import create_model

from genlab.declaration import Declaration, number
from genlab.formats import format_number
from genlab.ui.pixels.look import Place
from genlab.ui.shell.dials import dials
from genlab.ui.shell.maps import maps

# What stands below does not jump when the first maps arrive.
RESERVED = """<style>
[class*="look-figure-made_masks"], [class*="look-figure-made_connectivity"] { min-height: 24rem; }
[class*="look-figure-made_sweeps"] { min-height: 22rem; }
</style>"""


def masks(place: Place) -> None:
    """The masks of every layer, as matrices."""
    st.html(RESERVED)
    st.subheader("A network with holes", anchor=False)
    st.markdown(
        "Every weight matrix is multiplied by a mask of zeros and ones, its rows being what a layer writes and its "
        "columns what it reads. A hidden unit of degree m reads pixels up to number m, and only outputs of later "
        "pixels read it. Lit is every weight through which something reaches the output of the red pixel; drag that "
        "below." + _members(place)
    )
    _at_pixel(place, "made_masks", movable=False)


def _members(place: Place) -> str:
    several = place.experiment.members > 1
    return " The slider *member* takes other masks for the same weights." if several else ""


def connectivity(place: Place) -> None:
    """What reaches an output, by the product of the masks and by the gradient."""
    st.subheader("What an output can see", anchor=False)
    st.markdown(
        "Multiplied with each other, the masks say in how many ways each pixel reaches the output of the red one; 0 "
        "is not at all. The gradient of its logits, measured on noise, knows nothing of masks. Click on another pixel, "
        "or drag the red one."
    )
    _at_pixel(place, "made_connectivity", movable=True)


def ensembles(place: Place) -> None:
    """What averaging over members gains and costs, and the mean that is no likelihood."""
    st.subheader("Many models in one: which mean is a likelihood?", anchor=False)
    if place.experiment.members == 1:
        st.info("This model has one order and one set of masks: train one with several, or choose the 8×8 digits.")
        return
    seen, _ = place.view("genlab.views.made:ensembles")
    st.markdown(
        "Each member, an order with masks of its own, is a whole model: its probabilities of all images add up to 1, "
        "and so does the mean of several members' **probabilities** of an image. It costs one pass for each member. A "
        "mean of their **logits** costs as much and looks better. But over several orders a pixel is then "
        "predicted from pixels that are predicted from it in turn, so that the product is the probability of nothing: "
        "over all images of a small model, the last column, it does not add up to 1. Members of the same order "
        "see the same past; only there the mean of logits is a model too."
    )
    rows = seen["rows"]
    st.table(
        {
            "orders × masks": [f"{row['orders']} × {row['masks']}" for row in rows],
            "passes": [row["orders"] * row["masks"] for row in rows],
            "time": [f"{row['ms']:.1f} ms" for row in rows],
            "−log, mean of probabilities": [f"{row['nats']:.2f} nats" for row in rows],
            "probabilities add up to": [format_number(row["total"], 3) for row in rows],
            "−log, mean of logits": [f"{row['logits_nats']:.2f} nats" for row in rows],
            "logits add up to": [format_number(row["logits_total"], 3) for row in rows],
        }
    )
    whose = f"{seen['images']} images that it drew itself" if seen["drawn"] else f"{seen['images']} held-out digits"
    st.caption(
        f"Nats an image, on {whose}; the time is that of all of them. The sums are over all 81 images of 2×2 pixels of "
        f"3 levels, under a model with as many orders and masks, and random weights."
    )


def sweeps(place: Place) -> None:
    """One image by fixed-point iteration with frozen uniforms."""
    st.subheader("Sampling by sweeps", anchor=False)
    st.markdown(
        "With the uniform numbers drawn beforehand, an image is a fixed point: each pixel is what the others make of "
        "its number. So guess blank paper, let one pass predict all pixels at once, draw them all, and again, until "
        "nothing changes. Sweep k makes at least the first k pixels final, mostly many more: a wrong guess far "
        "away seldom matters."
    )
    field = number(0, "seed", "Of the uniform numbers.", 0, 9999)
    at = f"{place.page}.sweeps"
    chosen = dials(create_model("Seed", __base__=Declaration, seed=(int, field))(), page=at, at=at)
    maps("made_sweeps", place.source, key=f"{place.page}.figure.made_sweeps", at=at, place=chosen.model_dump())


def _at_pixel(place: Place, question: str, *, movable: bool) -> None:
    at = {"row": place.row, "column": place.column, "member": place.member}
    maps(question, place.source, key=f"{place.page}.figure.{question}", at=place.at, place=at, movable=movable)
