"""Which model a panel shows: one that is shipped, or the visitor's own."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, Literal, TypedDict, TypeVar

import streamlit as st
from pydantic import create_model

from genlab.catalog import entries, entry
from genlab.declaration import Declaration, choice
from genlab.experiments.base import Experiment
from genlab.ui.shell import links
from genlab.ui.shell.controls import controls

SEEDS = 10_000
MINE = "mine"  # the model that this visitor has just trained or loaded


class Mine(TypedDict):
    """A visitor's own model."""

    weights: bytes
    experiment: Experiment


class ModelChoice(Declaration):
    """Settings of a panel that begin with its model. ``model`` gets its choices from the family."""

    model: str
    category: Literal["any", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9] = choice(
        "any", "class", "The class that a class-conditional model is told to draw; any: each image its own."
    )


C = TypeVar("C", bound=ModelChoice)


def own(family: str) -> Mine | None:
    """The model of a family that this visitor has trained or loaded."""
    mine: Mine | None = st.session_state.get(f"mine:{family}")
    return mine


def settings(base: type[C], family: str, mine: bool) -> C | None:
    """The settings of a family with their defaults, or None, said on the page, where there is no model of it.

    Arguments:
        mine: True where the visitor has a model too; it then stands first among the choices.
    """
    shipped = [(e.name, e.title) for e in entries(family, shipped=True)]
    if not mine and not shipped:
        st.info(
            "No trained model of this family is here yet. Train one: it takes half a minute.",
            icon=":material/school:",
        )
        return None
    return _settings(base, (*([(MINE, "your own")] if mine else []), *shipped), next(iter(shipped), (MINE,))[0])


@cache
def _settings(base: type[C], titles: tuple[tuple[str, str], ...], default: str) -> C:
    model = choice(
        default,
        "model",
        "Weights that come with the project, or your own, trained or loaded in Train.",
        labels=dict(titles),
    )
    literal: Any = Literal  # its choices are known only here
    kind: Any = create_model(base.__name__, __base__=base, model=(literal[tuple(name for name, _ in titles)], model))
    made: C = kind()
    return made


def choose(page: str, default: C, names: list[str], mine: Mine | None) -> C:
    """Shows the widgets. A model that was just trained is chosen at once; a class only where one can be told."""
    if mine is not None and st.session_state.get(f"{page}.mine") != (new := digest(mine["weights"])):
        st.session_state[f"{page}.mine"] = new
        st.session_state[f"{page}.model"] = MINE
    if mine is None and links.take("model", MINE):
        st.session_state[f"{page}.foreign"] = True
    tells = conditional(st.session_state.get(f"{page}.model", default.model), mine)
    chosen = controls(default, [name for name in names if tells or name != "category"], page=page)
    if conditional(chosen.model, mine) != tells:
        st.rerun()  # this model can be told a class and the last one could not, or the other way round
    if st.session_state.get(f"{page}.foreign") and chosen.model == default.model:
        st.caption(
            ":material/info: This link shows its sender's own model, which no link can carry. "
            f"{default.label('model', default.model)} is shown instead. Ask for the file, and load it in Train."
        )
    return chosen


def conditional(model: str, mine: Mine | None) -> bool:
    """True where a model can be told a class."""
    try:
        experiment = source_of(model, mine)[1]
    except KeyError:
        return False
    return bool(getattr(experiment, "conditional", False))


def source_of(model: str, mine: Mine | None) -> tuple[str | bytes, Any]:
    """What the interactive process loads, and the experiment it came from. Raises KeyError."""
    if mine is not None and model == MINE:
        return mine["weights"], mine["experiment"]
    return model, entry(model).experiment


def digest(source: str | bytes) -> str:
    """A short name of a source, for comparing."""
    return source if isinstance(source, str) else hashlib.blake2b(source, digest_size=8).hexdigest()
