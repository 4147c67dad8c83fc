"""*Look inside*: what a prediction can see, and what it costs, measured on the model itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pydantic import create_model

from genlab.catalog import CATALOG, Family, entries
from genlab.declaration import Declaration, choice, number
from genlab.errors import GenlabError
from genlab.experiment import ImageExperiment
from genlab.figures import pixels
from genlab.runtime.engine import engine
from genlab.ui.controls import controls
from genlab.ui.theme import colours
from genlab.views.pack import unpack

MINE = "mine"  # the model that the visitor has trained
QUIET = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoom2d", "pan2d", "autoScale2d"]}


@dataclass(frozen=True)
class Place:
    """What is looked at: a model and one of its pixels."""

    page: str  # prefix of keys
    source: str | bytes  # a catalogue name, or weights
    experiment: ImageExperiment
    row: int
    column: int

    @property
    def position(self) -> int:
        """Of the pixel, in raster order."""
        return self.row * self.experiment.size + self.column

    def view(self, name: str, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Words and arrays of a view of the model. Raises GenlabError."""
        block: bytes = engine().ask("genlab.runtime.tasks:view", self.source, name, **arguments)
        return unpack(block)


Panel = Callable[[Place], None]


def look(family: Family, inside: tuple[Panel, ...]) -> None:
    """Draws the panels for a model and a pixel that the visitor chooses; a change draws nothing else anew."""
    st.fragment(_look)(family, inside)


def _look(family: Family, inside: tuple[Panel, ...]) -> None:
    page, mine = f"{family.name}.look", st.session_state.get(f"mine:{family.name}")
    sources = {e.name: e.experiment for e in entries(family.name, shipped=True)}
    if mine is not None:
        sources[MINE] = mine["experiment"]
    if not sources:
        st.info("No weights of this model are here yet: train one, and look inside it.")
        return
    chosen = controls(_choice(sources), ["model"], page=page).model_dump()["model"]
    experiment = sources[chosen]
    assert isinstance(experiment, ImageExperiment)
    pixel = controls(_pixel(experiment.size), ["row", "column"], page=page).model_dump()
    source = mine["weights"] if mine is not None and chosen == MINE else chosen
    place = Place(page, source, experiment, **pixel)
    for panel in inside:
        with st.container(border=True, key=f"{page}.{panel.__name__}"):
            try:
                panel(place)
            except GenlabError as error:
                st.info(str(error))


def _choice(sources: dict[str, Any]) -> Declaration:
    names: Any = tuple(sources)
    labels = {name: "the one you trained" if name == MINE else CATALOG[name].title for name in names}
    field = choice(names[0], "model", "Weights that come with the project, or those you trained.", labels=labels)
    return create_model("Choice", __base__=Declaration, model=(Literal[names], field))()  # type: ignore[arg-type]


def _pixel(size: int) -> Declaration:
    row = number(size // 2, "row", "Of the pixel that is predicted; a click on a picture moves it too.", 0, size - 1)
    column = number(size // 2, "column", "Of the pixel that is predicted.", 0, size - 1)
    return create_model("Pixel", __base__=Declaration, row=(int, row), column=(int, column))()


def receptive_field(place: Place) -> None:
    """What moves the prediction at a pixel, by the gradient of its logits."""
    _, arrays = place.view("receptive_field", position=place.position)
    seen = arrays["field"] > 0
    past = np.arange(seen.size).reshape(seen.shape) < place.position
    picture, words = st.columns([3, 2], gap="large", vertical_alignment="center")
    with words:
        st.subheader("What the prediction can see", anchor=False)
        st.markdown(
            f"How much the prediction of the red pixel changes with each other pixel: the gradient of its logits with "
            f"respect to the image, measured on this model. It sees **{seen.sum()}** of the **{past.sum()}** pixels "
            f"before it, and {'none' if not (seen & ~past).any() else (seen & ~past).sum()} of the others: there the "
            f"gradient is exactly zero.")
        st.caption("Click a pixel to move the prediction there. The scale is logarithmic: equal steps of colour are "
                   "equal factors.")
        _save(arrays, f"{place.page}.receptive_field")
    with picture:
        figure = pixels.field(arrays["field"], place.row, place.column, colours=colours(), blind=past & ~seen)
        _draw(figure, place, "receptive_field", f"Receptive field of row {place.row}, column {place.column}")


def blind_spot(place: Place) -> None:
    """One stack of masked convolutions against two stacks."""
    st.subheader("The blind spot of a single stack", anchor=False)
    layers = create_model("Layers", __base__=Declaration, layers=(int, number(
        4, "layers", "Masked 5×5 convolutions on top of each other.", 1, 8)))()
    depth = controls(layers, ["layers"], page=f"{place.page}.blind").model_dump()["layers"]
    meta, arrays = place.view("blind_spot", layers=depth)
    past, missed = arrays["past"] > 0, (arrays["past"] > 0) & (arrays["one"] == 0)
    st.markdown(
        f"The obvious way to make a convolution causal is a mask on its 5×5 kernel. Stack {depth} of them, and "
        f"**{missed.sum()}** of the {past.sum()} earlier pixels within reach can never be used: a path to the right "
        f"has to climb, by a row for every two columns. Two stacks, one over the rows above and one along the "
        f"present row, miss **{(past & (arrays['two'] == 0)).sum()}**.")
    for column, name, title in zip(st.columns(2), ("one", "two"), ("One masked stack", "Two stacks"), strict=True):
        with column:
            st.markdown(f"**{title}**")
            figure = pixels.field(arrays[name], meta["row"], meta["column"], colours=colours(), height=330,
                                  blind=past & (arrays[name] == 0))
            _draw(figure, None, f"{place.page}.blind.{name}", title)


def positional_encoding(place: Place) -> None:
    """The ten Boolean channels."""
    _, arrays = place.view("position_code")
    st.subheader("Where am I? Ten channels that say it", anchor=False)
    st.markdown("Five channels spell the row of a pixel in binary, five its column. They enter the first layers beside "
                "the grey levels, so that the same convolution can act differently at the top and at the bottom."
                + ("" if getattr(place.experiment, "position", True) else " *This model was trained without them.*"))
    bits = [2**k for k in reversed(range(len(arrays["code"]) // 2))]
    titles = [f"{what}, bit {bit}" for what in ("row", "column") for bit in bits]
    theme = colours()
    figure = pixels.channels(arrays["code"], titles, ("#FFFFFF", "#33414E"), names=("0", "1"), columns=len(bits),
                             colours=theme, place=(place.row, place.column))
    _draw(figure, None, f"{place.page}.code", "The positional encoding")
    spelled = arrays["code"][:, place.row, place.column].reshape(2, -1)
    st.caption("At the red pixel: " + ", ".join(
        f"{what} {value} = {''.join(map(str, code))}" for what, value, code in
        zip(("row", "column"), (place.row, place.column), spelled, strict=True)) + " in binary.")


def recomputed(place: Place) -> None:
    """What one new pixel costs the sampler that keeps what it knows."""
    meta, arrays = place.view("recomputed", position=place.position)
    st.subheader("What a new pixel costs", anchor=False)
    share = meta["full_work"] / max(meta["work"], 1)
    st.markdown(
        f"To draw the red pixel, the sampler computes only the activations in red; those in grey are kept from earlier "
        f"pixels. That takes **{_thousands(meta['work'])}** multiplications; one full pass over the image takes "
        f"**{_thousands(meta['full_work'])}**, {share:,.0f} times as many, for the very same logits. A "
        f"row's first pixel costs more: there the vertical stack moves on by a row.")
    theme = colours()
    titles = [f"{name}<br>{now} of {full}" for name, now, full in
              zip(meta["names"], arrays["now"], arrays["full"], strict=True)]
    columns = 4 if len(titles) <= 8 else 7
    figure = pixels.channels(arrays["maps"], titles, ("rgba(0, 0, 0, 0)", f"{theme.grey}66", theme.now),
                             names=("not yet needed", "kept", "computed now"), columns=columns, colours=theme,
                             side=130 if columns == 4 else 100)
    _draw(figure, None, f"{place.page}.recomputed", "Activations computed for one new pixel")
    _save(arrays, f"{place.page}.recomputed")


def masks(place: Place) -> None:
    """The two input channels of the masked network, on an image that the model drew itself."""
    size, levels = place.experiment.size, place.experiment.levels
    settings = {"n": 1, "seed": 0, "temperature": 1.0, "label": None, "focus": 0}
    _, drawn = unpack(engine().ask("genlab.runtime.tasks:trace", place.source, settings, 0, 20.0))
    values = drawn["values"][:, 0].astype(np.int64).reshape(size, size)
    _, arrays = place.view("masks", position=place.position, image=values)
    st.subheader("What the network is given", anchor=False)
    st.markdown(f"Two channels: which pixels are known, and their values. Here they are for the red pixel, number "
                f"{place.position + 1} of {size * size}, of an image that this model drew. In the second channel an "
                f"unknown pixel is 0, like a middle grey; only the first one tells them apart.")
    theme, known = colours(), arrays["mask"] > 0
    left, right = st.columns(2)
    with left:
        st.markdown("**Mask**")
        _draw(pixels.image(arrays["mask"].astype(float), place.row, place.column, colours=theme, low=0, high=1,
                           legend="known"), place, "mask", "Mask channel")
    with right:
        st.markdown("**Values**")
        _draw(pixels.image(np.where(known, arrays["values"], np.nan), place.row, place.column, colours=theme, low=-1,
                           high=1, legend=f"level, {levels} of them, from −1 to 1"), place, "values", "Values channel")


def _draw(figure: go.Figure, place: Place | None, name: str, alt: str) -> None:
    """Draws a figure in a slot of its height. With a place, a click on a pixel moves it there."""
    if place is None:
        st.plotly_chart(figure, key=name, config=QUIET, alt=alt)
        return
    key = f"{place.page}.figure.{name}"
    st.plotly_chart(figure, key=key, config=QUIET, alt=alt, on_select=partial(_clicked, place.page, key),
                    selection_mode="points")


def _clicked(page: str, key: str) -> None:
    """Moves the pixel to where a figure was clicked."""
    for point in st.session_state[key]["selection"]["points"][:1]:
        st.session_state[f"{page}.row"], st.session_state[f"{page}.column"] = int(point["y"]), int(point["x"])


def _save(arrays: dict[str, np.ndarray], key: str) -> None:
    """A button that saves the numbers behind a picture; the picture's own menu saves it as PNG."""
    def archive() -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    st.download_button("Save the numbers (.npz)", archive, file_name=f"{key}.npz", key=f"{key}.save", type="tertiary",
                       icon=":material/download:", on_click="ignore")


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", " ")
