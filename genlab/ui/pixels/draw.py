"""The Draw panel: part of a digit, what a model makes of the rest, and what it thinks of the drawing."""

from __future__ import annotations

import base64
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st

from genlab.catalog import CATALOG
from genlab.data.drawing import Drawing, examples
from genlab.data.pictures import LARGEST
from genlab.declaration import choice, number
from genlab.errors import GenlabError
from genlab.experiments.entries import Family
from genlab.glossary import explain
from genlab.runtime.engine import engine
from genlab.ui.pixels.canvas import canvas
from genlab.ui.pixels.orders import Order, Together, order_field, together_field
from genlab.ui.pixels.player import player
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.drawing import current, keep, take, version
from genlab.ui.shell.hint import hint
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, digest, own, settings, source_of
from genlab.ui.shield import shield

N = 12  # completions
FIRST = "7"  # the example that the panel opens with
# The settings do not jump when the first completions arrive.
RESERVED = """<style>
[class*="draw-picture"] { min-height: max(530px, 33rem); }
[class*="draw-watched"] { min-height: max(520px, 26rem); }
@media (max-width: 800px) { [class*="draw-picture"] { min-height: 1500px; } }
</style>"""


class Completing(ModelChoice):
    """How a drawing is completed, by any model."""

    temperature: float = number(
        1.0,
        "temperature",
        "Logits are divided by it: below 1 the completions agree more, above 1 they stray.",
        0.1,
        2.0,
        step=0.05,
    )
    seed: int = number(0, "seed", "Of the uniform numbers. Same seed, same completions.", 0, SEEDS - 1)


class Draw(Completing):
    """The same, by a model with an order of its own."""

    how: Literal["raster", "particles"] = choice(
        "raster",
        "sampling",
        "Raster order: each unknown pixel hears those before it. Particles (sequential Monte Carlo): 64 are written "
        "side by side, and those go on that make the known pixels which come later likely.",
        labels={"raster": "raster order"},
    )


class DrawAny(Completing):
    """The same, by a model that takes any order: all that is known is heard."""

    order: Order = order_field()
    together: Together = together_field(4)


def draw(family: Family) -> None:
    """Draws the panel: canvas and completions, then the model; below, the completion that is watched."""
    page, mine = f"{family.name}.draw", own(family.name)
    any_order = getattr(family.experiment, "any_order", False)
    if (default := settings(DrawAny if any_order else Draw, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    left, right = st.columns([5, 2], gap="small")
    with left:
        chosen = choose(page, default, ["model", "category"], mine)
        how = ["order", "together"] if any_order else ["how"]
        chosen, described = held(chosen, ["temperature", "seed", *how], page=page)
        hide = "Hide the right half instead: it writes without looking ahead, *particles* look."
        if any_order:
            hide = "All that is known is heard: hide the upper half, or rub out a hole in the middle."
        hint(
            page,
            mouse=f"Draw with the mouse, or hide a part of an example: the model completes it at once. {hide} Click "
            "the horse, then *nothing*: how does it score?",
            touch=f"Draw with a finger, or hide a part of an example: the model completes it at once. {hide} Tap the "
            "horse, then *nothing*: how does it score?",
            about=explain(
                ("posterior", "uniform number") if any_order else ("posterior", "uniform number", "particle")
            ),
        )
    with right:
        _upload(page, st.container(horizontal=True, horizontal_alignment="right", gap="small"))
    source, experiment = source_of(chosen.model, mine)
    drawing, drawn = _current(experiment.size)
    label = None if chosen.category == "any" else chosen.category
    question = {
        "n": N,
        "label": label,
        "drawing": base64.b64encode(drawing.ink.tobytes() + drawing.known.astype(np.uint8).tobytes()).decode(),
    } | chosen.model_dump(include={"temperature", "seed"})
    visiting = chosen.model_dump(include={"order", "together"})
    completed = digest(source), question, visiting
    if st.session_state.get(f"{page}.completed") != completed:  # a completion of something else is watched no more
        st.session_state[f"{page}.completed"], st.session_state[f"{page}.chosen"] = completed, None
    watched = st.session_state[f"{page}.chosen"]
    particles = isinstance(chosen, Draw) and chosen.how == "particles"
    if watched is not None and watched >= N and not particles:
        watched = st.session_state[f"{page}.chosen"] = None
    strip = examples(experiment.size)
    entry = CATALOG.get(source) if isinstance(source, str) else None
    with picture, shield():
        canvas(
            source,
            {
                "version": version(experiment.size),
                "size": experiment.size,
                "levels": experiment.levels,
                "question": {"name": "completions"} | question,
                "controls": described,
                "link": None if drawn is None else drawn.encode(),
                "names": list(strip),
                "chosen": watched,
                "conditional": getattr(experiment, "conditional", False),
                "any_order": any_order,
                "accuracy": entry.accuracy if entry else None,
            },
            {
                "ink": (strip[FIRST] if drawn is None else drawing).ink,
                "known": drawing.known.astype(np.uint8),
                "examples": np.stack([example.ink for example in strip.values()]),
            },
            key=f"{page}.canvas",
            on={
                "settings": partial(_settled, page, chosen),
                "drawing": partial(_drawn, page, experiment.size),
                "chosen": partial(_chosen, page),
            },
        )
    if watched is not None:
        with st.container(key=f"{page}.watched"), shield():
            st.subheader("How this completion was written", anchor=False)
            name, only = ("trace", watched) if watched < N else ("particle_trace", watched - N)
            asked = {"name": name, **question, **visiting, "only": only}
            player(source, asked, heat="none", key=f"{page}.completion.player")


def _current(size: int) -> tuple[Drawing, Drawing | None]:
    """What stands on a canvas of that size, and the visitor's own drawing, if there is one."""
    own = current()
    return examples(size)[FIRST].halved() if own is None else own.resized(size), own


def _sent(page: str, name: str) -> Any:
    """What the canvas says, or None where it has gone in the meantime."""
    return (st.session_state.get(f"{page}.canvas") or {}).get(name)


def _settled(page: str, chosen: Completing) -> None:
    settle(chosen, _sent(page, "settings") or {}, page=page)


def _drawn(page: str, size: int) -> None:
    """The drawing was changed in the browser, which shows it already."""
    take(_sent(page, "drawing"), size)


def _chosen(page: str) -> None:
    chosen = _sent(page, "chosen")
    st.session_state[f"{page}.chosen"] = None if chosen is None else int(chosen)


def _upload(page: str, buttons: Any) -> None:
    """A picture from a file becomes the drawing, once."""
    with buttons.popover("Upload", icon=":material/upload:", key=f"{page}.upload"):
        file = st.file_uploader(
            "A digit on paper, or any drawing (PNG, JPEG, GIF, WebP or BMP): centred and scaled as MNIST's digits are.",
            max_upload_size=LARGEST // 10**6,
            key=f"{page}.file",
        )
    if file is None:
        return
    read, said = st.session_state.get(f"{page}.file.read", (None, ""))
    if read != file.file_id:
        try:
            drawing, notes = engine().ask("genlab.data.pictures:from_picture", file.getvalue())
            keep(drawing)
            notes = [f"**{file.name[:40]}** is the drawing now: choose what is unknown of it.", *notes]
            said = ":material/info: " + " ".join(notes)
        except GenlabError as error:
            said = f":material/error: **{file.name[:40]}** {error}"
        st.toast(said)  # the button may stand at the lower edge of the window
        st.session_state[f"{page}.file.read"] = file.file_id, said
    st.caption(said)
