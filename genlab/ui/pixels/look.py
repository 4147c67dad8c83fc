"""*Look inside*: what a prediction can see, and what it costs, measured on the model itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from pydantic import create_model

from genlab.catalog import CATALOG
from genlab.declaration import Declaration, number
from genlab.experiments.entries import Family
from genlab.figures import any_order as figures
from genlab.formats import format_count
from genlab.glossary import explain
from genlab.runtime.questions.pixels_inside import FRAGMENTS
from genlab.ui.shell.dials import dials
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.maps import maps
from genlab.ui.shell.theme import PLAIN, colours
from genlab.ui.shell.views import model

# What stands below does not jump when the first maps arrive.
RESERVED = """<style>
[class*="-dials-box"] { min-height: max(54px, 3.4rem); }
[class*="look-figure-receptive_field"], [class*="look-figure-heard"] { min-height: max(551px, 34.4rem); }
[class*="look-figure-fragments"] { min-height: max(545px, 34.1rem); }
[class*="look-figure-code"] { min-height: max(454px, 28.4rem); }
[class*="look-figure-blind"], [class*="look-figure-triangle"],
[class*="look-figure-masks"] { min-height: max(427px, 26.7rem); }
[class*="look-figure-recomputed"] { min-height: max(502px, 31.4rem); }
[class*="look-figure-kernels"], [class*="look-figure-path"] { min-height: 26rem; }
[class*="look-figure-attention"] { min-height: 21rem; }
@media (max-width: 640px) {
  [class*="look-figure-fragments"] { min-height: 906px; }
  [class*="look-figure-receptive_field"], [class*="look-figure-heard"] { min-height: 549px; }
  [class*="look-figure-code"] { min-height: 1084px; }
  [class*="look-figure-recomputed"] { min-height: 1009px; }
  [class*="look-figure-blind"], [class*="look-figure-triangle"],
  [class*="look-figure-masks"] { min-height: 856px; }
}
</style>"""


@dataclass(frozen=True)
class Place(Inside):
    """A model and one of its pixels."""

    at: str  # which place of the page it is that the pictures follow
    row: int
    column: int
    member: int = 0  # of a model whose weights serve several

    @property
    def position(self) -> int:
        """Of the pixel, in raster order."""
        return int(self.row * self.experiment.size + self.column)


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model and a pixel that the visitor chooses."""
    page = f"{family.name}.look"
    st.html(RESERVED)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=f"{page}.settings"):
        chosen = model(page, family)
        if chosen is None:
            return
        source, experiment = chosen
        members = getattr(experiment, "members", 1)
        at = f"{page} {experiment.size} {members}"
        pixel = dials(_pixel(experiment.size, members), page=page, at=at).model_dump()
    show(panels, Place(page, source, experiment, at, **pixel))


def _pixel(size: int, members: int) -> Declaration:
    row = number(size // 2, "row", "Of the pixel that is predicted; it can be moved on the maps too.", 0, size - 1)
    column = number(size // 2, "column", "Of the pixel that is predicted.", 0, size - 1)
    fields: dict[str, Any] = {"row": (int, row), "column": (int, column)}
    if members > 1:
        which = "Which of the orders and masks that share the weights; 0 is the raster order."
        fields["member"] = int, number(0, "member", which, 0, members - 1)
    made: Declaration = create_model("Pixel", __base__=Declaration, **fields)()
    return made


def receptive_field(place: Place) -> None:
    """What moves the prediction at a pixel, by the gradient of its logits."""
    words, picture = st.columns([2, 3], gap="large")
    with words:
        st.subheader("What the prediction can see", anchor=False)
        st.markdown(
            "How much the prediction of the red pixel changes with each other pixel: the gradient of its logits with "
            "respect to the image, measured on four images that this model drew. Grey: pixels before it that cannot "
            "reach it."
        )
        st.caption("The scale is logarithmic: equal steps of colour are equal factors.")
        _save(place, "receptive_field")
    with picture:
        _at_pixel(place, "receptive_field")


def heard(place: Place) -> None:
    """What moves the prediction at a pixel where all others are known."""
    words, picture = st.columns([2, 3], gap="large")
    with words:
        st.subheader("What the prediction hears", anchor=False)
        st.markdown(
            "How much the prediction of the red pixel changes with each other pixel, when all of them are known: the "
            "gradient of its logits with respect to the image, measured on the ten example digits. A model with an "
            "order of its own hears what comes before alone."
        )
        st.caption("The scale is logarithmic: equal steps of colour are equal factors.")
    with picture:
        _at_pixel(place, "heard")


def attention(place: Place) -> None:
    """What a pixel attends to, layer by layer."""
    st.subheader("What a pixel attends to", anchor=False)
    st.markdown(
        "Convolutions bring what is near. **Attention** compares a query of the red pixel with a key of each place so "
        "far, $\\mathrm{softmax}(q_t \\cdot k_s / \\sqrt{d})$, and adds up their values by these weights, however far "
        "away they are. Drag the red pixel along a stroke."
    )
    if not place.experiment.attention:
        st.info("This model has no attention: choose the binary one, or train one with it.", icon=":material/info:")
        return
    _at_pixel(place, "attention")


def blind_spot(place: Place) -> None:
    """One stack of masked convolutions against two stacks."""
    st.subheader("The blind spot of a single stack", anchor=False)
    st.markdown(
        "The obvious way to make a convolution causal is a mask on its 5×5 kernel: mask A, which hides the place "
        "itself, in the first layer, mask B, which shows it, in the others. Here are bare stacks with weights "
        "of their own, not the model above, in the middle of a 28×28 image. One stack cannot reach all earlier pixels: "
        "a path to the right has to climb, by a row for every two columns. Two stacks can, one over the rows above and "
        "one along the present row."
    )
    field = number(4, "layers", "Masked 5×5 convolutions on top of each other.", 1, 8)
    layers = create_model("Layers", __base__=Declaration, layers=(int, field))()
    at = f"{place.page}.blind"
    chosen = dials(layers, page=at, at=at)
    maps("blind_spot", place.source, key=f"{place.page}.figure.blind", at=at, place=chosen.model_dump())


def triangle(place: Place) -> None:
    """The receptive field of a Row LSTM beside that of a PixelCNN."""
    st.subheader("A triangle, up to the first row", anchor=False)
    st.markdown(
        "What the row above remembers comes through a kernel of three columns, and so does what it was told by the row "
        "above it: with each row the view grows by a column to either side, and never ends. To the left, in the "
        "present row, only masked kernels look, a few pixels far. Convolutions see a square, as large as their kernels "
        "add up to. Here are networks with random weights of their own, not the model above, in the middle of a "
        "28×28 image."
    )
    field = number(1, "layers", "Row LSTMs on top of each other.", 1, 4)
    layers = create_model("Layers", __base__=Declaration, layers=(int, field))()
    at = f"{place.page}.triangle"
    chosen = dials(layers, page=at, at=at)
    maps("triangle", place.source, key=f"{place.page}.figure.triangle", at=at, place=chosen.model_dump())


def kernels(place: Place) -> None:
    """Masks A and B, and the kernels of both stacks."""
    st.subheader("Masks, and two stacks in their place", anchor=False)
    st.markdown(
        "A single stack of convolutions hides the future by a mask: A in its first layer, B in all later ones. The "
        "model above has two stacks with nothing to mask: their kernels end where the future begins. Here is what each "
        "of its layers reads, the place that it writes in the middle; only the first layers must not read that place."
    )
    maps("kernels", place.source, key=f"{place.page}.figure.kernels")


def prediction_path(place: Place) -> None:
    """How pixels reach one prediction through both stacks."""
    st.subheader("The way of one prediction", anchor=False)
    st.markdown(
        "Lit is every place of every layer from which something arrives at the prediction of the red pixel, from the "
        "image on the left to the last layer. "
        + (
            "The only step between the stacks is the link ↓: in every block, from the vertical to the horizontal one, "
            "at the same place."
            if place.experiment.family == "gated-pixelcnn"
            else "This model has one masked stack: the halves of its kernels, above and left, meet in every layer."
            if place.experiment.architecture().get("masked")
            else "The stacks meet in the last layers only, at the same place."
        )
    )
    _at_pixel(place, "prediction_path", key="path")


def fragmentation(place: Place) -> None:
    """What a model without the positional encoding and one with it make of the same random numbers."""
    st.subheader("Without a sense of place, strokes do not add up", anchor=False)
    if missing := [name for name in FRAGMENTS.values() if not CATALOG[name].shipped]:
        st.info(f"The weights of {' and '.join(missing)} are not here: train them to see the two side by side.")
        return
    without, told = (CATALOG[name].experiment for name in FRAGMENTS.values())
    steps = [format_count(experiment.model_dump()["steps"]) for experiment in (without, told)]
    trained = (
        "trained alike on MNIST"
        if without.replaced(position=True) == told
        else f"trained on MNIST, {steps[0]} steps without the encoding and {steps[1]} with it"
    )
    st.markdown(
        f"Two models, {trained}, draw sixteen images from **the same uniform numbers**. One is told where each pixel "
        "is. The other sees the pixels within its reach, and acts the same everywhere: each stroke looks like "
        "handwriting, the whole falls apart.",
        help=explain(("piece of ink", "uniform number")),
    )
    field = number(0, "seed", "Of the uniform numbers, the same for both models.", 0, 9999)
    seed = create_model("Seed", __base__=Declaration, sample=(int, field))()
    at = f"{place.page}.fragments"
    chosen = dials(seed, page=at, at=at)
    maps("fragments", key=f"{place.page}.figure.fragments", at=at, place=chosen.model_dump())


def positional_encoding(place: Place) -> None:
    """The ten Boolean channels."""
    size = place.experiment.size
    st.subheader("Where am I? Ten channels that say it", anchor=False)
    st.markdown(
        "Five channels spell the row of a pixel in binary, five its column. They enter the first layers beside "
        "the grey levels, so that the same convolution can act differently at the top and at the bottom."
        + (
            f" The {size} rows here need only {bits} bits; the others stay 0."
            if (bits := (size - 1).bit_length()) < 5
            else ""
        )
        + ("" if getattr(place.experiment, "position", True) else " *This model was trained without them.*")
    )
    _at_pixel(place, "position_code", key="code")


def recomputed(place: Place) -> None:
    """What one new pixel costs the sampler that keeps what it knows."""
    st.subheader("What a new pixel costs", anchor=False)
    st.markdown(
        "To draw the red pixel, the sampler computes only the activations in red; those in grey are kept from earlier "
        "pixels. The bar says how large a part of each layer that is. A row's first pixel costs more: there "
        "all that looks at the rows above moves on by a row."
    )
    _at_pixel(place, "recomputed")
    _save(place, "recomputed")


def masks(place: Place) -> None:
    """The two input channels of the masked network, on an image that the model drew itself."""
    st.subheader("What the network is given", anchor=False)
    st.markdown(
        "Two channels: which pixels are known, and their values. Here they are for the red pixel of an image that "
        "this model drew. For the network grey levels run from −1, white, to 1, black; an unknown pixel is 0, like a "
        "middle grey, and only the first channel tells them apart."
    )
    _at_pixel(place, "masks")


def price(place: Place) -> None:
    """What several pixels of one pass cost."""
    st.subheader("What several pixels a pass cost", anchor=False)
    meta, arrays = place.view("genlab.views.any_order:price")
    passes, total = arrays["passes"], arrays["total"]
    few = int(np.searchsorted(passes, 16))
    st.markdown(
        "Every pass gives the posteriors of all unknown pixels. To draw several of one pass saves passes, and costs: "
        f"one by one an image costs **{total[-1]:.1f} nats** in a random order, in {passes[few]} passes of "
        f"{round(passes[-1] / passes[few])} pixels **{total[few]:.1f}**, all at once **{total[0]:.1f}**."
    )
    st.plotly_chart(figures.price(arrays, colours=colours()), key=f"{place.page}.price", config=PLAIN)
    st.caption(
        f"Measured on the {meta['digits']} example digits, {meta['images'] // meta['digits']} random sets of known "
        f"pixels of each at {len(arrays['known'])} sizes; between these sizes interpolated. They are plain: an image "
        "of the test set costs more."
    )


def _at_pixel(place: Place, question: str, key: str = "") -> None:
    """Shows maps on which the pixel can be moved."""
    pixel = {"row": place.row, "column": place.column}
    name = f"{place.page}.figure.{key or question}"
    maps(question, place.source, key=name, at=place.at, place=pixel, movable=True)


def _save(place: Place, name: str) -> None:
    """A button that saves the numbers of a view as they are when it is pressed."""

    def archive() -> bytes:
        buffer = io.BytesIO()
        arrays: dict[str, Any] = place.view(f"genlab.views.pixels:{name}", position=place.position)[1]
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    key = f"{place.page}.{name}"
    st.download_button(
        "Save the numbers (.npz)",
        archive,
        file_name=f"{key}.npz",
        key=f"{key}.save",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
