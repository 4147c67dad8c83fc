"""*Look inside*: what a prediction can see, and what it costs, measured on the model itself."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from pydantic import create_model

from genlab.catalog import CATALOG
from genlab.declaration import Declaration, number
from genlab.experiments.entries import Family
from genlab.figures import pixels
from genlab.formats import format_count
from genlab.runtime.engine import engine
from genlab.ui.pixels.maps import maps
from genlab.ui.pixels.watch import whole
from genlab.ui.shell import links
from genlab.ui.shell.controls import controls
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.theme import colours
from genlab.ui.shell.views import model
from genlab.views.pack import unpack

RESERVED = 420  # screen pixels for a panel that is not there yet


@dataclass(frozen=True)
class Place(Inside):
    """A model and one of its pixels."""

    row: int
    column: int

    @property
    def position(self) -> int:
        """Of the pixel, in raster order."""
        return int(self.row * self.experiment.size + self.column)


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model and a pixel that the visitor chooses."""
    page = f"{family.name}.look"
    with st.container(horizontal=True, gap="medium", key=f"{page}.settings"):
        chosen = model(page, family)
        if chosen is None:
            return
        source, experiment = chosen
        pixel = controls(_pixel(experiment.size), ["row", "column"], page=page).model_dump()
    # The first time, skeletons hold the places; later the old pictures do, and are painted over.
    holds = [st.skeleton(height=RESERVED) for _ in panels] if links.first(page) else []
    show(panels, Place(page, source, experiment, **pixel), holds)


def _pixel(size: int) -> Declaration:
    row = number(size // 2, "row", "Of the pixel that is predicted; it can be moved on the maps too.", 0, size - 1)
    column = number(size // 2, "column", "Of the pixel that is predicted.", 0, size - 1)
    return create_model("Pixel", __base__=Declaration, row=(int, row), column=(int, column))()


def receptive_field(place: Place) -> None:
    """What moves the prediction at a pixel, by the gradient of its logits."""
    _, arrays = place.view("receptive_field", position=place.position)
    seen = arrays["field"] > 0
    past = np.arange(seen.size).reshape(seen.shape) < place.position
    picture, words = st.columns([3, 2], gap="large")
    with words:
        st.subheader("What the prediction can see", anchor=False)
        st.markdown(
            f"How much the prediction of the red pixel changes with each other pixel: the gradient of its logits with "
            f"respect to the image, measured on this model. It sees **{(seen & past).sum()}** of the **{past.sum()}** "
            f"pixels before it, and **{(seen & ~past).sum()}** of the others: there the gradient is exactly zero."
        )
        st.caption("The scale is logarithmic: equal steps of colour are equal factors.")
        _save(arrays, f"{place.page}.receptive_field")
    with picture:
        shown = pixels.influence(arrays["field"][None], (past & ~seen)[None], ["receptive field"], colours=colours())
        _draw(shown, place, "receptive_field", side=400)


def blind_spot(place: Place) -> None:
    """One stack of masked convolutions against two stacks."""
    st.subheader("The blind spot of a single stack", anchor=False)
    layers = create_model(
        "Layers",
        __base__=Declaration,
        layers=(int, number(4, "layers", "Masked 5×5 convolutions on top of each other.", 1, 8)),
    )()
    depth = controls(layers, ["layers"], page=f"{place.page}.blind").model_dump()["layers"]
    meta, arrays = place.view("blind_spot", layers=depth)
    fields = np.stack([arrays["one"], arrays["two"]])
    missed = (arrays["past"] > 0) & (fields == 0)
    st.markdown(
        f"The obvious way to make a convolution causal is a mask on its 5×5 kernel. Here are bare stacks with weights "
        f"of their own, not the model above, in the middle of a 28×28 image. Stack {depth} such convolutions, and "
        f"**{missed[0].sum()}** of the {arrays['past'].sum()} earlier pixels within reach can never be used: a path to "
        f"the right has to climb, by a row for every two columns. Two stacks, one over the rows above and one along "
        f"the present row, miss **{missed[1].sum()}**."
    )
    shown = pixels.influence(fields, missed, ["one masked stack", "two stacks"], colours=colours())
    maps(shown, key=f"{place.page}.figure.blind", place=(meta["row"], meta["column"]))


def fragmentation(place: Place) -> None:
    """What a model without the positional encoding and one with it make of the same random numbers."""
    st.subheader("Without a sense of place, strokes do not add up", anchor=False)
    pair = {"without positional encoding": "pixelcnn-noposition-mnist", "with positional encoding": "pixelcnn-mnist"}
    if missing := [name for name in pair.values() if not CATALOG[name].shipped]:
        st.info(f"The weights of {' and '.join(missing)} are not here: train them to see the two side by side.")
        return
    seeds = create_model(
        "Seed",
        __base__=Declaration,
        sample=(int, number(0, "seed", "Of the uniform numbers, the same for both models.", 0, 9999)),
    )()
    seed = controls(seeds, ["sample"], page=f"{place.page}.fragments").model_dump()["sample"]
    sheets, pieces = [], []
    for name in pair.values():
        meta, arrays = unpack(_samples(name, seed))
        sheets.append(montage(arrays["images"] / (meta["levels"] - 1)))
        pieces.append(arrays["pieces"])
    without, told = (CATALOG[name].experiment for name in pair.values())
    steps = [format_count(experiment.model_dump()["steps"]) for experiment in (without, told)]
    trained = (
        "trained alike on MNIST"
        if without.replaced(position=True) == told
        else f"trained on MNIST, {steps[0]} steps without the encoding and {steps[1]} with it"
    )
    st.markdown(
        f"Two models, {trained}, draw sixteen images from **the same uniform numbers**. One is told where each pixel "
        "is. The other sees the pixels within its reach, and acts the same everywhere: each stroke looks like "
        "handwriting, the whole falls apart. An image here has on average "
        f"**{pieces[0].mean():.1f}** pieces of ink without the encoding, **{pieces[1].mean():.1f}** with it."
    )
    notes = [f"{', '.join(map(str, sorted(counts)))} pieces" for counts in pieces]
    shown = pixels.ink(np.stack(sheets), list(pair), low=0, high=1, colours=colours(), notes=notes)
    maps(shown, key=f"{place.page}.figure.fragments", side=400)


@st.cache_data(max_entries=32, show_spinner=False)  # a pixel that is dragged does not draw them anew
def _samples(name: str, seed: int) -> bytes:
    """The view ``samples`` of a catalogue entry. Raises GenlabError."""
    block: bytes = engine().ask("genlab.runtime.answers:view", name, "samples", seed=seed)
    return block


def montage(images: np.ndarray, gap: int = 2) -> np.ndarray:
    """Images (n, H, W) of ink from 0 to 1, n a square number, as one sheet with grey lines between them."""
    side = int(len(images) ** 0.5)
    padded = np.pad(images.astype(float), ((0, 0), (0, gap), (0, gap)), constant_values=0.15)
    rows = padded.reshape(side, side, *padded.shape[1:]).transpose(0, 2, 1, 3)
    return rows.reshape(side * padded.shape[1], -1)[:-gap, :-gap]


def positional_encoding(place: Place) -> None:
    """The ten Boolean channels."""
    size = place.experiment.size
    _, arrays = place.view("position_code")
    code = arrays["code"]
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
    titles = [f"{what}, bit {2**k}" for what in ("row", "column") for k in reversed(range(len(code) // 2))]
    spelled = code[:, place.row, place.column]
    theme = colours()
    shown = pixels.classes(
        code,
        [(theme.ink, 0.06), (theme.ink, 0.85)],
        ["0", "1"],
        titles,
        notes=[f"{bit} at the red pixel" for bit in spelled],
    )
    _draw(shown, place, "code", side=150)


def recomputed(place: Place) -> None:
    """What one new pixel costs the sampler that keeps what it knows."""
    meta, arrays = place.view("recomputed", position=place.position)
    st.subheader("What a new pixel costs", anchor=False)
    share = meta["full_work"] / max(meta["work"], 1)
    st.markdown(
        f"To draw the red pixel, the sampler computes only the activations in red; those in grey are kept from earlier "
        f"pixels. That takes **{format_count(meta['work'])}** multiplications; one full pass over the image takes "
        f"**{format_count(meta['full_work'])}**, {format_count(round(share))} times as many, for the very same logits. "
        f"A row's first pixel costs more: there the vertical stack moves on by a row."
    )
    theme = colours()
    shown = pixels.classes(
        arrays["maps"],
        [(theme.ink, 0.04), (theme.grey, 0.45), (theme.now, 1.0)],
        ["not yet needed", "kept from earlier pixels", "computed for this pixel"],
        meta["names"],
        notes=[f"{now} of {full} places" for now, full in zip(arrays["now"], arrays["full"], strict=True)],
    )
    _draw(shown, place, "recomputed", side=150 if len(meta["names"]) <= 8 else 110)
    from genlab.figures.cost import cost  # Plotly takes a second to import: only who looks at it waits

    st.plotly_chart(
        cost(meta["names"], arrays["now"].tolist(), arrays["full"].tolist(), colours=theme),
        key=f"{place.page}.cost",
        config={"displayModeBar": False},
    )
    _save(arrays, f"{place.page}.recomputed")


def masks(place: Place) -> None:
    """The two input channels of the masked network, on an image that the model drew itself."""
    size = place.experiment.size
    settings = {"n": 1, "seed": 1, "temperature": 1.0, "label": None, "focus": 0}
    image = whole(place.source, settings)["images"][0].astype(np.int64)
    _, arrays = place.view("masks", position=place.position, image=image)
    st.subheader("What the network is given", anchor=False)
    st.markdown(
        f"Two channels: which pixels are known, and their values. Here they are for the red pixel of an image that "
        f"this model drew: the {place.position} pixels before it are known, the other {size**2 - place.position} are "
        f"not. For the network grey levels run from −1, white, to 1, black; an unknown pixel is 0, like a middle grey, "
        f"and only the first channel tells them apart."
    )
    theme = colours()
    left, right = st.columns(2)
    with left:
        mask = pixels.classes(
            arrays["mask"][None], [(theme.ink, 0.06), (theme.data, 0.8)], ["0, unknown", "1, known"], ["mask"]
        )
        _draw(mask, place, "mask")
    with right:
        _draw(pixels.ink(arrays["values"][None], ["values"], low=-1, high=1, colours=theme), place, "values")


def _draw(shown: pixels.Maps, place: Place, name: str, side: int = 300) -> None:
    """Draws maps on which the pixel can be moved."""
    key = f"{place.page}.figure.{name}"
    maps(shown, key=key, place=(place.row, place.column), side=side, on_place=partial(_moved, place.page, key))


def _moved(page: str, key: str) -> None:
    """Moves the pixel to where it was dragged."""
    if (moved := (st.session_state.get(key) or {}).get("place")) is None:
        return  # the map has gone in the meantime
    row, column = moved
    st.session_state[f"{page}.row"], st.session_state[f"{page}.column"] = int(row), int(column)


def _save(arrays: dict[str, np.ndarray], key: str) -> None:
    """A button that saves the numbers behind a picture; the picture itself has a button for PNG."""

    def archive() -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    st.download_button(
        "Save the numbers (.npz)",
        archive,
        file_name=f"{key}.npz",
        key=f"{key}.save",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
