"""The Draw panel: part of a digit, what a model makes of the rest, and what it thinks of the drawing."""

from __future__ import annotations

import base64
import binascii
import hashlib
from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genlab.catalog import CATALOG
from genlab.data.drawing import Drawing, DrawingError, examples
from genlab.data.pictures import LARGEST, from_picture
from genlab.declaration import number
from genlab.errors import GenlabError
from genlab.experiments.data import OnImages
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.pixels.canvas import canvas
from genlab.ui.pixels.watch import play
from genlab.ui.shell import links
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, digest, own, settings, source_of
from genlab.ui.shield import callback, fragment, shield
from genlab.views.pack import unpack

N = 12  # completions
SLICE = 0.25  # seconds of computing for one answer: the completions are seen growing, and nobody else waits long
FIRST = "7"  # the example that the panel opens with
# The settings do not jump when the first completions arrive.
RESERVED = """<style>
[class*="draw-picture"] { min-height: 530px; }
[class*="draw-watched"] { min-height: 520px; }
@media (max-width: 800px) { [class*="draw-picture"] { min-height: 1500px; } }
</style>"""


class Draw(ModelChoice):
    """How a drawing is completed."""

    temperature: float = number(
        1.0,
        "temperature",
        "Logits are divided by it: below 1 the completions agree more, above 1 they stray.",
        0.1,
        2.0,
        step=0.05,
    )
    seed: int = number(0, "seed", "Same seed, same completions.", 0, SEEDS - 1)


def arrive() -> None:
    """Takes the drawing of a link, once; to be called in every mode, so that a reload of any of them keeps it."""
    if (text := links.take("drawing")) is not None:
        try:
            _keep(Drawing.decode(text))
        except DrawingError as error:
            st.caption(f":material/info: {error}")
    if (drawing := st.session_state.get("drawing")) is not None:
        links.put("drawing", drawing.encode(), None)


def _keep(drawing: Drawing) -> None:
    """Another drawing takes the place of the one on the canvas."""
    st.session_state["drawing"] = drawing
    st.session_state["drawing.version"] = st.session_state.get("drawing.version", 0) + 1


def draw(family: Family) -> None:
    """Draws the panel: canvas and completions, then the settings; below, the one that is watched."""
    fragment(_draw)(family)


def _draw(family: Family) -> None:
    page, mine = f"{family.name}.draw", own(family.name)
    if (default := settings(Draw, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    left, right = st.columns([5, 2], gap="small")
    with left:
        chosen = choose(page, default, ["model", "category", "temperature", "seed"], mine)
        st.caption(
            "Draw with the mouse or a finger, or hide a part of an example: the model completes it at once. Hide the "
            "upper half instead: it writes without looking ahead. Click the horse, then *nothing*: how does it score?"
        )
    with right:
        buttons = st.container(horizontal=True, horizontal_alignment="right", gap="small")
        buttons.button(
            "New ones",
            icon=":material/refresh:",
            key=f"{page}.new",
            on_click=callback(_renew),
            args=(page, chosen.seed),
        )
        _upload(page, buttons)
    source, experiment = source_of(chosen.model, mine)
    asked = None
    with picture, shield():
        asked = _show(page, source, chosen, experiment)
    if asked is not None and (watched := st.session_state.get(f"{page}.chosen")) is not None:
        with st.container(key=f"{page}.watched"), shield():
            st.subheader("How this completion was written", anchor=False)
            completion = f"{page}.completion"
            heat = st.session_state.get(f"{completion}.heat", "none")
            play(completion, source, asked | {"only": watched, "focus": 0}, heat)


def _current(size: int) -> tuple[Drawing, Drawing | None]:
    """What stands on a canvas of that size, and the visitor's own drawing, if there is one."""
    own: Drawing | None = st.session_state.get("drawing")
    return examples(size)[FIRST].halved() if own is None else own.resized(size), own


def _show(page: str, source: str | bytes, chosen: Draw, experiment: OnImages) -> dict[str, Any] | None:
    """Shows the canvas with what is computed so far, and returns what was asked, or None where that failed."""
    size, levels = experiment.size, experiment.levels
    drawing, drawn = _current(size)
    given = drawing.levels(levels).astype(np.uint8).tobytes(), drawing.known.astype(np.uint8).tobytes()
    asked = {
        "n": N,
        "seed": chosen.seed,
        "temperature": chosen.temperature,
        "label": None if chosen.category == "any" else chosen.category,
        "given": given,
    }
    identity = hashlib.blake2b(f"{digest(source)} {asked}".encode(), digest_size=8).hexdigest()
    state = st.session_state.setdefault(f"{page}.state", {})
    if state.get("identity") != identity:
        same = digest(source), given
        old = state.get("score") if state.get("scored") == same else None
        state.clear()
        state |= {"identity": identity, "scored": same, "score": old, "stale": True}
        st.session_state[f"{page}.chosen"] = None
    failed = False
    if state.pop("stale", False):
        try:
            with nullcontext() if f"{page}.canvas" in st.session_state else st.spinner("Waking the model up …"):
                _compute(state, source, asked)
        except GenlabError as error:
            st.error(str(error))
            failed = True
    meta, images = state.get("completions") or _nothing(size, levels)
    scored, score = state["score"] or ({}, {})
    strip = examples(size)
    entry = CATALOG.get(source) if isinstance(source, str) else None
    canvas(
        meta
        | scored
        | {
            "version": f"{st.session_state.get('drawing.version', 0)} {size}",
            "identity": identity,
            "link": None if drawn is None else drawn.encode(),
            "label": asked["label"],
            "made": images["images"].shape[1],
            "turn": state.get("turn", 0),  # an answer that brings nothing new must still reach the browser
            "missing": not failed and _missing(state, size),
            "names": list(strip),
            "chosen": st.session_state.get(f"{page}.chosen"),
            "conditional": getattr(experiment, "conditional", False),
            "accuracy": entry.accuracy if entry else None,
        },
        {
            "ink": (strip[FIRST] if drawn is None else drawing).ink,
            "known": drawing.known.astype(np.uint8),
            "examples": np.stack([example.ink for example in strip.values()]),
        }
        | images
        | score,
        key=f"{page}.canvas",
        on_drawing=partial(_drawn, page, size),
        on_chosen=partial(_chosen, page),
        on_more=partial(_more, page),
    )
    return None if failed else asked


def _nothing(size: int, levels: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Completions of which no pixel is written: what stands there where computing failed."""
    meta = {"size": size, "levels": levels, "begin": 0, "ignored": 0, "labels": None, "log_prob": None}
    none = np.zeros(0, np.float32)
    return meta, {
        "images": np.zeros((N, 0), np.uint8),
        "mean": none,
        "entropy": none,
        "order": np.arange(N, dtype=np.int32),
    }


def _missing(state: dict[str, Any], size: int) -> bool:
    """True where completions are under way, or the drawing or an example is not scored yet."""
    if "completions" not in state or state["completions"][0]["log_prob"] is None or state["score"] is None:
        return True
    return len(state["score"][0]["others"]) < len(examples(size))


def _compute(state: dict[str, Any], source: str | bytes, asked: dict[str, Any]) -> None:
    """The next piece of what is missing: first the completions, then the scores. Raises GenlabError."""
    state["turn"] = state.get("turn", 0) + 1
    if "completions" not in state or state["completions"][0]["log_prob"] is None:
        state["completions"] = unpack(engine().ask("genlab.runtime.pixels:completions", source, asked, SLICE))
    else:
        state["score"] = unpack(engine().ask("genlab.runtime.pixels:score", source, asked["given"], SLICE))


def _sent(page: str, name: str) -> Any:
    """What the canvas says, or None where it has gone in the meantime."""
    return (st.session_state.get(f"{page}.canvas") or {}).get(name)


def _drawn(page: str, size: int) -> None:
    """The drawing was changed in the browser, which shows it already."""
    try:
        ink, known = np.frombuffer(base64.b64decode(_sent(page, "drawing") or ""), np.uint8).reshape(2, size, size)
    except (ValueError, binascii.Error):
        return  # the canvas has gone, or shows another size by now
    st.session_state["drawing"] = Drawing(ink, known.astype(bool))


def _chosen(page: str) -> None:
    chosen = _sent(page, "chosen")
    st.session_state[f"{page}.chosen"] = None if chosen is None else int(chosen)


def _more(page: str) -> None:
    st.session_state[f"{page}.state"]["stale"] = True


def _renew(page: str, seed: int) -> None:
    st.session_state[f"{page}.seed"] = (seed + 1) % SEEDS


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
            drawing, notes = from_picture(file.getvalue())
            _keep(drawing)
            notes = [f"**{file.name[:40]}** is the drawing now: choose what is unknown of it.", *notes]
            said = ":material/info: " + " ".join(notes)
        except GenlabError as error:
            said = f":material/error: **{file.name[:40]}** {error}"
        st.toast(said)  # the button may stand at the lower edge of the window
        st.session_state[f"{page}.file.read"] = file.file_id, said
    st.caption(said)
