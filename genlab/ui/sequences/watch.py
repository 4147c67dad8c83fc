"""The Watch and Draw panels of models of sequences."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genlab.declaration import number
from genlab.experiments.entries import Family
from genlab.glossary import explain
from genlab.runtime.engine import engine
from genlab.ui.sequences.given import Given, presets, read
from genlab.ui.sequences.sketch import sketch
from genlab.ui.sequences.writer import writer
from genlab.ui.shell import links
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.hint import hint
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, own, settings, source_of
from genlab.ui.shield import shield
from genlab.views.pack import unpack

# The settings do not jump when the first sequences arrive.
RESERVED = """<style>
[class*="watch-picture"] { min-height: calc(clamp(17rem, 100vh - 33rem, 60rem) + 16rem); }
[class*="draw-picture"] { min-height: calc(clamp(18rem, 100vh - 30rem, 62rem) + 10rem); }
@media (max-width: 800px) {
  [class*="watch-picture"] { min-height: calc(clamp(17rem, 100vh - 33rem, 60rem) + 33rem); }
  [class*="draw-picture"] { min-height: calc(clamp(18rem, 100vh - 30rem, 62rem) + 26rem); }
}
</style>"""
TERMS = ("posterior", "uniform number", "perplexity")


class Watch(ModelChoice):
    """How sequences are written."""

    temperature: float = number(
        1.0,
        "temperature",
        "Logits are divided by it: below 1 the model plays safe, above 1 its lines get rough.",
        0.1,
        2.0,
        step=0.05,
    )
    seed: int = number(0, "seed", "Of the uniform numbers. Same seed, same sequences.", 0, SEEDS - 1)


def watch(family: Family) -> None:
    """Draws the panel: sequences that are written, and under them which model does."""
    opened = _open(
        family,
        "watch",
        mouse="Point at a place for its posterior and what it sees; click to go there. Space plays and pauses, "
        "left and right step, up and down look at another of the sixteen. Lower the temperature: it plays safe.",
        touch="Tap a place to go there: its posterior stands beside it. Tap one of the sixteen to look at it. "
        "Lower the temperature: the model plays safe.",
    )
    if opened is None:
        return
    page, chosen, described, (source, experiment), picture, right = opened
    with right:
        _save(family, source, {"n": 16, "seed": chosen.seed, "temperature": chosen.temperature}, key=f"{page}.save")
    with picture, shield():
        writer(
            source,
            lines=experiment.dataset == "lines",
            controls=described,
            key=f"{page}.writer",
            on_settings=partial(_settled, page, "writer", chosen),
        )


def draw(family: Family) -> None:
    """Draws the panel: a part of a sequence that is given by hand, and what a model makes of the rest."""
    opened = _open(
        family,
        "draw",
        mouse="Draw a beginning: the model goes on at once, and bands say where half and 80 % of 48 continuations "
        "are. Point at a place to count them there. Leave a gap, and see the jump behind it.",
        touch="Draw a beginning with a finger: the model goes on at once, and bands say where half and 80 % of 48 "
        "continuations are. Leave a gap, and see the jump behind it.",
    )
    if opened is None:
        return
    page, chosen, described, (source, experiment), picture, right = opened
    choices = presets(experiment.dataset, experiment.length)
    given = _given(experiment.length, experiment.levels) or next(iter(choices.values()))
    with right:
        asked = {"n": 48, "seed": chosen.seed, "temperature": chosen.temperature, "known": given}
        _save(family, source, asked, key=f"{page}.save")
    with picture, shield():
        sketch(
            source,
            experiment,
            given,
            choices,
            controls=described,
            key=f"{page}.sketch",
            on={"settings": partial(_settled, page, "sketch", chosen), "given": partial(_taken, page)},
        )


def _open(family: Family, mode: str, *, mouse: str, touch: str) -> tuple[Any, ...] | None:
    """What both panels begin with; None, said on the page, where there is no model.

    Returns:
        The prefix of keys, what is chosen, that for the canvas, source and experiment, and room for the picture and
        for what saves it.
    """
    page, mine = f"{family.name}.{mode}", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return None
    st.html(RESERVED)
    picture, (left, right) = st.container(key=f"{page}.picture"), st.columns([6, 1], gap="small")
    with left:
        chosen, described = held(choose(page, default, ["model"], mine), ["temperature", "seed"], page=page)
        hint(page, mouse=mouse, touch=touch, about=explain(TERMS))
    return page, chosen, described, source_of(chosen.model, mine), picture, right


def _given(length: int, levels: int) -> Given | None:
    """What the visitor gives: drawn on whatever page of sequences, or brought by a link; None for nothing yet."""
    brought = links.take("given")
    if brought is not None and read(brought, length, levels) is None:
        st.caption(":material/info: What this link gives fits no sequence of this model: another one is shown.")
    elif brought is not None:
        st.session_state["sequences.given"] = brought
    text = st.session_state.get("sequences.given", "")
    links.put("given", text, "")
    return read(text, length, levels)


def _taken(page: str) -> None:
    if (text := _sent(page, "sketch", "given")) is not None:
        st.session_state["sequences.given"] = str(text)


def _sent(page: str, canvas: str, name: str) -> Any:
    """What a canvas says, or None where it has gone in the meantime: its last message may come after it."""
    return (st.session_state.get(f"{page}.{canvas}") or {}).get(name)


def _settled(page: str, canvas: str, chosen: ModelChoice) -> None:
    settle(chosen, _sent(page, canvas, "settings") or {}, page=page)


def _save(family: Family, source: str | bytes, asked: dict[str, Any], *, key: str) -> None:
    """A download, made when it is asked for."""
    st.download_button(
        "Save (.npz)",
        lambda: archive(source, asked),
        key=key,
        file_name=f"{family.name}-seed{asked['seed']}.npz",
        help="The sequences, every posterior in nats, surprise, entropy and the uniform numbers.",
        on_click="ignore",
        width="stretch",
    )


def archive(source: str | bytes, asked: dict[str, Any]) -> bytes:
    """What a model writes as npz: the arrays of ``genlab.views.sequences.written``, log-probabilities in nats.

    Arguments:
        asked: its arguments.
    """
    meta, arrays = unpack(
        engine().ask("genlab.runtime.answers:view", source, "genlab.views.sequences:written", **asked)
    )
    log_probs = (arrays["log_probs"].astype(np.float32) / 255 - 1) * meta["floor"]
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **(arrays | {"log_probs": log_probs}))
    return buffer.getvalue()
