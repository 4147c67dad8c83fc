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
from genlab.ui.sequences.writer import writer
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, own, settings, source_of
from genlab.ui.shield import shield
from genlab.views.pack import unpack

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
    page, mine = f"{family.name}.watch", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return
    picture, (left, right) = st.container(key=f"{page}.picture"), st.columns([6, 1], gap="small")
    with left:
        chosen, described = held(choose(page, default, ["model"], mine), ["temperature", "seed"], page=page)
        st.caption(
            "Point at a place for its posterior and what it sees; click to go there. Space plays and pauses, left and "
            "right step, up and down look at another of the sixteen. Lower the temperature, and the model plays safe.",
            help=explain(TERMS),
        )
    source, experiment = source_of(chosen.model, mine)
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


def draw(family: Family) -> None:
    """Draws the panel: a part of a sequence that is given by hand, and what a model makes of the rest."""
