"""The Watch panel: a model writes images pixel by pixel, with the posterior of every pixel beside them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st

from genlab.declaration import choice, number
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.pixels.player import player
from genlab.ui.shell import links
from genlab.ui.shell.sources import SEEDS, Mine, ModelChoice, choose, digest, own, settings, source_of
from genlab.ui.shield import callback, fragment, shield
from genlab.ui.training.keep import sheet
from genlab.views.pack import unpack

SLICE = 0.15  # seconds of generating for one answer: the steps of the masked LeNet are then played slower than made
# The settings do not jump when the first trace arrives.
RESERVED = """<style>
[class*="watch-picture"] { min-height: 478px; }
@media (max-width: 800px) { [class*="watch-picture"] { min-height: 780px; } }
</style>"""


class Watch(ModelChoice):
    """What is watched."""

    temperature: float = number(
        1.0,
        "temperature",
        "Logits are divided by it: below 1 the model plays safe, above 1 the ink bleeds.",
        0.1,
        2.0,
        step=0.05,
    )
    # The first image that a visitor sees: 3 is a plain digit, or nearly, with the first model of every family.
    seed: int = number(3, "seed", "Same seed, same image.", 0, SEEDS - 1)
    n: Literal[1, 16] = choice(
        1,
        "images",
        "One, or sixteen drawn in parallel: click one to see its posteriors.",
        labels={1: "one", 16: "sixteen"},
    )
    heat: Literal["none", "entropy", "surprise", "expected"] = choice(
        "none",
        "heat on the image",
        "Entropy and surprise in bits; the expected value as a grey level.",
        labels={"expected": "expected value"},
    )


def watch(family: Family) -> None:
    """Draws the panel: the player, then the few settings that teach."""
    fragment(_watch)(family)


def _watch(family: Family) -> None:
    page, mine = f"{family.name}.watch", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    left, right = st.columns([6, 1], gap="small")
    with left:
        chosen = _choose(page, default, mine)
        st.caption(
            "Hover a pixel for its own posterior, click it to go there. Raise the temperature and watch the ink "
            "bleed. Space plays and pauses, arrows move by a pixel or a row."
        )
    source, experiment = source_of(chosen.model, mine)
    with right:
        st.button(
            "New image" if chosen.n == 1 else "New ones",
            icon=":material/refresh:",
            key=f"{page}.new",
            on_click=callback(_renew),
            args=(page, chosen.seed),
            width="stretch",
        )
        focus = min(st.session_state.get(f"{page}.focus", 0), chosen.n - 1)
        _save(family, partial(whole, source, _asked(chosen, focus)), chosen, experiment, key=f"{page}.save")
    with picture, shield():
        play(page, source, _asked(chosen, 0), chosen.heat)


def _choose(page: str, default: Watch, mine: Mine | None) -> Watch:
    """The settings from the link and the widgets."""
    if (heat := links.take("heat")) is not None:
        st.session_state[f"{page}.heat"], st.session_state[f"{page}.note"] = Watch.read("heat", heat, default.heat)
    if note := st.session_state.get(f"{page}.note"):
        st.caption(f":material/info: {note}")
    heat = st.session_state.setdefault(f"{page}.heat", default.heat)
    links.put("heat", heat, default.heat)
    return choose(page, default, ["model", "category", "temperature", "seed", "n"], mine).replaced(heat=heat)


def _asked(chosen: Watch, focus: int) -> dict[str, Any]:
    return {
        "n": chosen.n,
        "seed": chosen.seed,
        "temperature": chosen.temperature,
        "focus": focus,
        "label": None if chosen.category == "any" else chosen.category,
    }


def play(page: str, source: str | bytes, asked: dict[str, Any], heat: str) -> None:
    """Hands the player the piece of a trace that it needs.

    Arguments:
        page: prefix of the keys.
        asked: settings of ``genlab.runtime.pixels.trace``; the player says which image is in focus.
        heat: the overlay to open with.
    """
    key, n = f"{page}.player", 1 if "only" in asked else asked["n"]
    state = st.session_state.get(key) or {}
    identity = hashlib.blake2b(f"{digest(source)} {asked}".encode(), digest_size=8).hexdigest()
    if st.session_state.get(f"{page}.identity") != identity:
        st.session_state[f"{page}.identity"], st.session_state[f"{page}.start"] = identity, 0
        st.session_state[f"{page}.focus"] = min(state.get("focus") or 0, n - 1)
    focus, start = st.session_state[f"{page}.focus"], st.session_state[f"{page}.start"]
    wanted = identity, focus, start
    if st.session_state.get(f"{page}.wanted") != wanted:
        first = f"{page}.trace" not in st.session_state  # later the last picture stays until the next one is here
        try:
            with st.spinner("Waking the model up …") if first else nullcontext():
                st.session_state[f"{page}.trace"] = engine().ask(
                    "genlab.runtime.pixels:trace", source, asked | {"focus": focus}, start, SLICE
                )
        except GenlabError as error:
            st.error(str(error))
            return
        st.session_state[f"{page}.wanted"] = wanted
    player(
        st.session_state[f"{page}.trace"],
        identity=identity,
        heat=heat,
        key=key,
        on_need=partial(_need, page),
        on_focus=partial(_focus, page),
        on_heat=partial(_heat, page),
    )


def _sent(page: str, name: str) -> Any:
    """What the player says, or None where it has gone in the meantime: its last message may come after it."""
    return (st.session_state.get(f"{page}.player") or {}).get(name)


def _need(page: str) -> None:
    if (need := _sent(page, "need")) is not None:
        st.session_state[f"{page}.start"] = int(need)


def _focus(page: str) -> None:
    """Another image is looked at: its posteriors are told from the first step on."""
    if (focus := _sent(page, "focus")) is not None:
        st.session_state[f"{page}.focus"], st.session_state[f"{page}.start"] = int(focus), 0


def _heat(page: str) -> None:
    if (heat := _sent(page, "heat")) is not None:
        st.session_state.pop(f"{page}.note", None)
        st.session_state[f"{page}.heat"] = heat


def _renew(page: str, seed: int) -> None:
    st.session_state[f"{page}.seed"] = (seed + 1) % SEEDS


def _save(
    family: Family, make: Callable[[], dict[str, np.ndarray]], chosen: Watch, experiment: Experiment, *, key: str
) -> None:
    """A menu of downloads, each made when it is asked for."""
    levels = experiment.model_dump()["levels"]
    name = f"{family.name}-seed{chosen.seed}"
    with st.popover("Save", icon=":material/download:", key=key, width="stretch"):
        st.download_button(
            "Picture (.png)",
            lambda: sheet(make()["images"], levels),
            key=f"{key}.png",
            file_name=f"{name}.png",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "Images and posteriors (.npz)",
            lambda: archive(make()),
            key=f"{key}.npz",
            file_name=f"{name}.npz",
            on_click="ignore",
            width="stretch",
        )


def whole(source: str | bytes, asked: dict[str, Any]) -> dict[str, np.ndarray]:
    """A complete trace, asked for in slices so that nobody else waits.

    Arguments:
        asked: settings of ``genlab.runtime.pixels.trace``.

    Returns:
        ``images`` uint8 (n, size, size); ``log_probs`` float32 (T, levels) of the image in focus, in nats, cut at the
        floor of the trace; ``entropy`` and ``surprise`` in nats, ``expected`` in levels, float32 (T, n).
    """
    pieces: list[dict[str, np.ndarray]] = []
    meta: dict[str, Any] = {"end": 0, "complete": False}
    while not meta["complete"]:
        block = engine().ask("genlab.runtime.pixels:trace", source, asked, meta["end"], SLICE)
        meta, arrays = unpack(block)
        pieces.append(arrays)
    trace = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    return {
        "images": trace["values"].T.reshape(-1, meta["size"], meta["size"]),
        "log_probs": (trace["log_probs"].astype(np.float32) / 255 - 1) * meta["floor"],
        **{name: trace[name] for name in ("entropy", "surprise", "expected")},
    }


def archive(arrays: dict[str, np.ndarray]) -> bytes:
    """Arrays as npz."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()
