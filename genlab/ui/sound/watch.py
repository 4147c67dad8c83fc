"""The Watch panel of a model of sound: it is seen and heard while it is written."""

from __future__ import annotations

import io
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st

from genlab.data import mulaw, tones
from genlab.declaration import choice, number
from genlab.experiments.entries import Family
from genlab.glossary import explain
from genlab.runtime.engine import engine
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, own, settings, source_of
from genlab.ui.shield import shield
from genlab.ui.sound.tones import tones as shown
from genlab.views.pack import unpack

SLICE = 0.15  # seconds of writing for one answer of what is saved, so that nobody else waits
HINT = (
    "Click a key of the keyboard and listen. Point at the waveform: the posterior is that of the sample under the "
    "cursor, and the tree shows which samples before it were needed. Space listens, arrows move by a sample."
)


class Watch(ModelChoice):
    """What is watched."""

    instrument: Literal["pluck", "reed", "voice", "chord"] = choice(
        "reed", "instrument", "With the pitch, the class that the model is told."
    )
    pitch: int = number(3, "pitch", "Semitones above 110 Hz, an A.", 0, tones.PITCHES - 1)
    seed: int = number(0, "seed", "Of the uniform numbers. Same seed, same sound.", 0, SEEDS - 1)
    temperature: float = number(
        1.0, "temperature", "Logits are divided by it: below 1 less hiss, above 1 more of it.", 0.1, 2.0, step=0.05
    )


def watch(family: Family) -> None:
    """Draws the panel."""
    page, mine = f"{family.name}.watch", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return
    picture = st.container(key=f"{page}.picture")
    left, right = st.columns([6, 1], gap="small")
    with left:
        chosen = choose(page, default, ["model"], mine)
        chosen, described = held(chosen, ["instrument", "pitch", "seed", "temperature"], page=page)
        st.caption(HINT, help=explain(family.experiment.kind.terms))
        begin = _own(page)
    source, _ = source_of(chosen.model, mine)
    with right:
        _save(source, chosen, begin, key=f"{page}.save")
    with picture, shield():
        shown(
            source,
            pitch=chosen.pitch,
            begin=begin,
            controls=[field for field in described if field["name"] != "pitch"],
            key=f"{page}.tones",
            on_settings=partial(_settled, page, chosen),
        )


def _settled(page: str, chosen: Watch) -> None:
    settle(chosen, (st.session_state.get(f"{page}.tones") or {}).get("settings") or {}, page=page)


def _own(page: str) -> bytes:
    """The levels of a visitor's own sound, with which the one that is watched begins; b"" for none."""
    with st.expander("Begin with a sound of your own", icon=":material/upload_file:"):
        st.caption("A WAV file: its first half second is known, and the model goes on (blue: yours, orange: its own).")
        file = st.file_uploader("WAV file", ["wav"], key=f"{page}.file", label_visibility="collapsed")
        if file is None:
            return b""
        levels = b""
        with shield():
            levels, notes = engine().ask("genlab.data.wav:read", file.getvalue())
            st.caption(" ".join([f"{len(levels) / tones.RATE:.2f} s of {file.name}.", *notes]))
        return levels


def _save(source: str | bytes, chosen: Watch, begin: bytes, *, key: str) -> None:
    """A menu of downloads, each made when it is asked for."""
    label = tones.label(tones.INSTRUMENTS.index(chosen.instrument), chosen.pitch)
    asked = {"label": label, "seed": chosen.seed, "temperature": chosen.temperature, "begin": begin}
    name = f"wavenet-{chosen.instrument}-{chosen.pitch}-seed{chosen.seed}"
    files = {"Sound (.wav)": ("wav", _wav), "Levels and bits (.npz)": ("npz", _npz)}
    with st.popover("Save", icon=":material/download:", key=key, width="stretch"):
        for title, (ending, make) in files.items():
            st.download_button(
                title,
                partial(make, source, asked),
                key=f"{key}.{ending}",
                file_name=f"{name}.{ending}",
                on_click="ignore",
                width="stretch",
            )


def whole(source: str | bytes, asked: dict[str, Any]) -> dict[str, np.ndarray]:
    """A complete sound, asked for in slices so that nobody else waits: ``levels`` uint8, ``surprise`` float32 (T,)."""
    pieces: list[dict[str, np.ndarray]] = []
    meta: dict[str, Any] = {"end": 0, "complete": False}
    while not meta["complete"]:
        meta, arrays = unpack(engine().ask("genlab.runtime.hearing:tone", source, asked, meta["end"], SLICE))
        pieces.append(arrays)
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _wav(source: str | bytes, asked: dict[str, Any]) -> bytes:
    sound = mulaw.decode(whole(source, asked)["levels"])
    file: bytes = engine().ask("genlab.generation.samples:wav", sound, tones.RATE)
    return file


def _npz(source: str | bytes, asked: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, rate=np.array(tones.RATE), **whole(source, asked))
    return buffer.getvalue()
