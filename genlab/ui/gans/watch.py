"""The Watch panel of GANs: on images, walks through the noise; on the plane, a round of the game in slow motion."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Literal

import streamlit as st

from genlab.declaration import choice, number
from genlab.experiments.entries import Family
from genlab.experiments.gans import ImageGANExperiment
from genlab.glossary import explain
from genlab.ui.gans.game import game
from genlab.ui.gans.numbers import numbers
from genlab.ui.gans.walk import at_place
from genlab.ui.shell import links
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.note import note
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, digest, own, settings, source_of
from genlab.ui.shell.views import model
from genlab.ui.shield import shield
from genlab.ui.training.train import train_on
from genlab.views.limits import LONGEST, REACH

Move = tuple[str, int, float]
MOVE = re.compile(r"([vz])([1-9]\d{0,2}):(-?\d(?:\.\d{1,4})?)")  # of a link: v2:-1.5; it counts from 1
TRY_WALK = (
    "On the way from A to B the direction of z turns evenly, as on a great circle, and its length |z| goes evenly from "
    "A's to B's: in many dimensions nearly all of N(0, I) lies in a thin shell, and a straight line would cut through "
    "the empty inside, where G was never trained. Try: does the green "
    "curve fall half way? There D sees through the images. Space plays, arrows move; on a sample, keys A and B choose."
)
TRY_ROWS = (
    "Each row is a straight line through A, z ± s·v, s in standard deviations of the noise; beside its name, how much "
    "the image changes for each unit of z (Euclidean, ink from 0 to 1). **That change most**: the right singular "
    "vectors of ∂G/∂z at A, and their singular values. GANs order no coordinates: **single** ones mean less. "
    "Click an image: it becomes A, and its own directions are found anew."
)
TRY_GAME = (
    "The moves of one round, from the trained weights on. Nothing of it is kept. The optimiser is fresh and its first "
    "steps are bold: the samples get worse for a moment. Try: stop after D's move; the arrows say where G will go."
)
# The settings do not jump when the first images arrive.
RESERVED = """<style>
[class*="watch-picture"] { min-height: 480px; }
[class*="watch-rows"] { min-height: 440px; }
@media (max-width: 800px) {
  [class*="watch-picture"] { min-height: 690px; }
  [class*="watch-rows"] { min-height: 325px; }
}
</style>"""


class Watch(ModelChoice):
    """What is watched of a GAN on images."""

    seed: int = number(0, "seed", "Of the noise. Same seed, same sixteen samples.", 0, SEEDS - 1)
    a: int = number(1, "A", "The sample at which the walk begins.", 1, 16)
    b: int = number(8, "B", "The sample at which it ends.", 1, 16)
    kind: Literal["change", "single"] = choice(
        "change",
        "directions",
        "Those along which the image at A changes most, or the single coordinates of z along which it does.",
        labels={"change": "that change most", "single": "single coordinates"},
    )


# On images


def images(family: Family) -> None:
    """Draws the panel of a GAN on images."""
    page, mine = f"{family.name}.watch", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    chosen = _ends(page, choose(page, default, ["model", "category"], mine), default)
    chosen, seed = held(chosen, ["seed"], page=page)
    st.caption(TRY_WALK)
    source, experiment = source_of(chosen.model, mine)
    label = None if chosen.category == "any" else chosen.category
    of = digest(source), chosen.category
    moves = _moves(page, (*of, chosen.seed, chosen.a), experiment)
    place = {"seed": chosen.seed, "a": chosen.a - 1, "b": chosen.b - 1, "moves": moves}
    in_noise = partial(at_place, source=source, label=label, place=place, page=page)
    with picture, shield():
        in_noise(
            "walk",
            controls=seed,
            on_settings=partial(_settled, page, "walk", chosen),
            on_place=partial(_go, page, "walk", chosen, of),
        )
    st.subheader("One direction at a time", anchor=False)
    chosen, kind = held(chosen, ["kind"], page=page)
    with st.container(key=f"{page}.rows.picture"), shield():
        in_noise(
            "rows",
            controls=kind,
            on_settings=partial(_settled, page, "rows", chosen),
            on_place=partial(_go, page, "rows", chosen, of),
        )
    st.caption(TRY_ROWS)
    st.subheader("Is it good?", anchor=False)
    with shield():
        numbers(source, experiment, key=f"{page}.classes")
    train_on(family, source, experiment)


def _sent(page: str, picture: str, name: str) -> Any:
    """What a picture says, or None where it has gone in the meantime: its last message may come after it."""
    return (st.session_state.get(f"{page}.{picture}") or {}).get(name)


def _settled(page: str, picture: str, chosen: Watch) -> None:
    settle(chosen, _sent(page, picture, "settings") or {}, page=page)


def _go(page: str, picture: str, chosen: Watch, of: tuple[Any, ...]) -> None:
    """Another sample is A or B, or A is moved; ``of`` which model and class."""
    place = _sent(page, picture, "place")["value"]
    moves = tuple((str(name), int(index), float(far)) for name, index, far in place["moves"])
    if len(moves) > LONGEST:
        st.toast(f"A path has at most {LONGEST} moves: go back first.")
        return
    seed, a = int(place["seed"]), int(place["a"]) + 1
    settle(chosen, {"seed": seed, "a": a, "b": int(place["b"]) + 1}, page=page)
    st.session_state[f"{page}.path"] = (*of, seed, a), moves


def _ends(page: str, chosen: Watch, default: Watch) -> Watch:
    """The settings with A and B as the link or the picture says, written back into the address."""
    for name in ("a", "b"):
        key, usual = f"{page}.{name}", getattr(default, name)
        if (text := links.take(name)) is not None:
            st.session_state[key], note = Watch.read(name, text, usual)
            if note:
                st.caption(f":material/info: {note}")
        value = st.session_state.setdefault(key, usual)
        links.put(name, value, usual)
        chosen = chosen.replaced(**{name: value})
    return chosen


def _moves(page: str, sample: tuple[Any, ...], experiment: ImageGANExperiment) -> tuple[Move, ...]:
    """The moves from a sample to A, from the link or the picture; another sample has none yet."""
    key = f"{page}.path"
    if (text := links.take("path")) is not None:
        if (told := read(text, experiment)) is None:
            st.caption(":material/info: The link's path from the sample to A does not exist: A is the sample itself.")
        st.session_state[key] = sample, told or ()
    if st.session_state.get(key, (sample,))[0] != sample:
        st.session_state.pop(key)
    moves: tuple[Move, ...] = st.session_state.setdefault(key, (sample, ()))[1]
    links.put("path", ",".join(f"{name}{index + 1}:{far:g}" for name, index, far in moves), "")
    return moves


def read(text: str, experiment: ImageGANExperiment) -> tuple[Move, ...] | None:
    """The moves that a link tells, or None where there are no such moves in a model."""
    found = [MOVE.fullmatch(part) for part in text.split(",")]
    moves = tuple((m[1], int(m[2]) - 1, float(m[3])) for m in found if m)
    most = {"z": experiment.latent, "v": min(experiment.latent, experiment.size**2)}
    exist = all(index < most[name] and abs(far) <= REACH for name, index, far in moves)
    return moves if exist and len(found) == len(moves) <= LONGEST else None


# On the plane


def plane(family: Family) -> None:
    """Draws the panel of a GAN on the plane."""
    page = f"{family.name}.watch"
    picture = st.container()
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    with picture:
        with shield():
            game(source, key=f"{page}.picture")
        train_on(family, source, experiment)
        st.caption(TRY_GAME, help=explain(family.experiment.kind.terms))
    with shield():
        note(source, "standing", key=f"{page}.standing")
