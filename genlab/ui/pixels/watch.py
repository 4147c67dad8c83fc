"""The Watch panel: a model writes images pixel by pixel, with the posterior of every pixel beside them."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st

from genlab.catalog import CATALOG, FAMILIES
from genlab.data.drawing import Drawing
from genlab.declaration import choice, number
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Family
from genlab.experiments.pixels import PIXELS
from genlab.glossary import explain
from genlab.runtime.engine import engine
from genlab.ui.pixels.orders import Order, Together, order_field, together_field
from genlab.ui.pixels.player import player
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.drawing import take
from genlab.ui.shell.hint import hint
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, own, settings, source_of
from genlab.ui.shield import shield
from genlab.ui.training.keep import sheet
from genlab.views.pack import unpack

CHOOSE = (
    "{} a pixel that is not known yet: it comes next. Known ones take you back. Try another order, or 64 pixels a pass."
)
SLICE = 0.15  # seconds of generating for one answer of what is saved, so that nobody else waits
# The settings do not jump when the first trace arrives.
RESERVED = """<style>
[class*="watch-picture"] { min-height: calc(18rem + min(0.25 * (100vw - 30rem), 100vh - 32rem)); }
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
    # The first image that a visitor sees: 22 is a plain digit with the first model of every family.
    seed: int = number(22, "seed", "Of the uniform numbers. Same seed, same image.", 0, SEEDS - 1)
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

    first: Literal["nothing", "drawing"] = choice(
        "nothing",
        "first pixels",
        "The model's own, or drawn by you, here or in Draw: all up to the last pixel drawn is known.",
        labels={"nothing": "the model's", "drawing": "drawn"},
    )


class WatchAny(Watch):
    """The same of a model that takes any order."""

    seed: int = number(8, "seed", "Of the uniform numbers. Same seed, same image.", 0, SEEDS - 1)
    order: Order = order_field("Whatever it is, a pixel that is not known yet and is clicked comes next.")
    together: Together = together_field(1)


def watch(family: Family) -> None:
    """Draws the panel: the player with the settings that one drags, then the others."""
    page, mine = f"{family.name}.watch", own(family.name)
    any_order = getattr(family.experiment, "any_order", False)
    if (default := settings(WatchAny if any_order else Watch, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    left, right = st.columns([6, 1], gap="small")
    order = ["order", "together"] if any_order else []
    with left:
        chosen, described = held(
            choose(page, default, ["model", "category"], mine),
            [*order, "temperature", "seed", "n", "first", "heat"],
            page=page,
        )
        hint(
            page,
            mouse=f"{CHOOSE.format('Click')} Space plays and pauses, arrows go step by step."
            if any_order
            else "Hover a pixel for its own posterior, click it to go there. Raise the temperature and watch the ink "
            "bleed. Space plays and pauses, arrows move by a pixel or a row.",
            touch=f"{CHOOSE.format('Tap')} Tap a number to read what it means."
            if any_order
            else "Tap a pixel to go there and see its posterior; tap a number to read what it means. Raise the "
            "temperature and watch the ink bleed.",
            about=explain(("posterior", "uniform number", "step")),
        )
    source, experiment = source_of(chosen.model, mine)
    own_drawing: Drawing | None = st.session_state.get("drawing")
    drawing = own_drawing and own_drawing.resized(experiment.size)
    focus = min(st.session_state.get(f"{page}.focus", 0), chosen.n - 1)
    with right:
        _save(
            family,
            partial(whole, source, _asked(chosen, focus, drawing, experiment.levels)),
            chosen,
            experiment,
            key=f"{page}.save",
        )
    with picture, shield():
        player(
            source,
            {"name": "trace", "label": _label(chosen)},
            heat=chosen.heat,
            focus=focus,
            controls=[field for field in described if field["name"] != "heat"],
            more={
                "size": experiment.size,
                "levels": experiment.levels,
                "ink": drawing and base64.b64encode(drawing.ink.tobytes()).decode(),
                "version": f"{st.session_state.get('drawing.version', 0)} {experiment.size} {experiment.levels}",
                "models": _others(source, experiment),
            },
            key=f"{page}.player",
            on_settings=partial(_settled, page, chosen),
            on_focus=partial(_focused, page),
            on_heat=partial(_heated, page, chosen),
            on_drawing=partial(_drawn, page, experiment.size),
        )


def _label(chosen: Watch) -> int | None:
    return None if chosen.category == "any" else chosen.category


def _others(source: str | bytes, experiment: Experiment) -> list[tuple[str, str]]:
    """Names and titles of the shipped models that write as many pixels, in any order if this one does."""

    def alike(other: Experiment) -> bool:
        names = ("size", "any_order")
        return all(getattr(other, name, False) == getattr(experiment, name, False) for name in names)

    return [
        (entry.name, f"{FAMILIES[entry.experiment.family].title}: {entry.title}")
        for entry in CATALOG.values()
        if entry.experiment.kind is PIXELS and alike(entry.experiment)
        if entry.shipped and entry.name != source
    ]


def _asked(chosen: Watch, focus: int, drawing: Drawing | None, levels: int) -> dict[str, Any]:
    asked = chosen.model_dump(include={"n", "seed", "temperature"}) | {"focus": focus, "label": _label(chosen)}
    if isinstance(chosen, WatchAny):
        asked["visiting"] = chosen.order, (), chosen.together
    begun = drawing.begun(levels) if drawing and chosen.first == "drawing" else None
    if begun is None:
        return asked
    return asked | {"given": (begun.levels(levels).astype(np.uint8).tobytes(), begun.known.astype(np.uint8).tobytes())}


def _sent(page: str, name: str) -> Any:
    """What the player says, or None where it has gone in the meantime: its last message may come after it."""
    return (st.session_state.get(f"{page}.player") or {}).get(name)


def _drawn(page: str, size: int) -> None:
    take(_sent(page, "drawing"), size)


def _settled(page: str, chosen: Watch) -> None:
    settle(chosen, _sent(page, "settings") or {}, page=page)


def _focused(page: str) -> None:
    if (focus := _sent(page, "focus")) is not None:
        st.session_state[f"{page}.focus"] = int(focus)


def _heated(page: str, chosen: Watch) -> None:
    if (heat := _sent(page, "heat")) is not None:
        settle(chosen, {"heat": heat}, page=page)


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
    trace = {name: array[np.argsort(trace["positions"])] for name, array in trace.items()}  # in raster order
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
