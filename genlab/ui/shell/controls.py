"""Widgets from a declaration: one for each field, set from the page's link, clamped, and written back into it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

import streamlit as st

from genlab.declaration import Declaration
from genlab.ui.shell import links

D = TypeVar("D", bound=Declaration)

FEW, SHORT = 5, 36  # up to so many choices, with so many letters in all, stand side by side; more are a list
MANY = 200  # a slider with more whole numbers than this cannot be aimed: a field to type in with - and +


def controls(declaration: D, names: Iterable[str], *, page: str, width: Literal["stretch", "content"] = "stretch") -> D:
    """Shows a widget for each named field and returns the declaration as it is set.

    The link's parameters are read first, and clamped; a caption says what was changed. What differs from
    ``declaration`` goes into the address, so the page's link reproduces the page.

    Arguments:
        declaration: the defaults.
        names: fields in the order in which they are shown.
        page: prefix of the widgets' keys, unique to page and panel; a key is ``f"{page}.{name}"``.
        width: of their row: "content" where others stand beside it.
    """
    names = list(names)
    start, notes = _begin(declaration, names, page)
    with st.container(horizontal=True, gap="small", width=width, key=f"{page}.controls.{names[0]}"):
        chosen = {name: _widget(start, name, f"{page}.{name}") for name in names}
    return _end(declaration, chosen, notes, page)


def held(declaration: D, names: Iterable[str], *, page: str) -> tuple[D, list[dict[str, Any]]]:
    """As ``controls``, of fields whose widgets stand in a canvas, beside the picture that follows them at once.

    Returns:
        The declaration as it is set, and what ``ui/browser/controls.js`` makes the widgets of; when one was let go,
        ``settle`` is to be called.
    """
    names = list(names)
    start, notes = _begin(declaration, names, page)
    chosen = _end(declaration, {name: getattr(start, name) for name in names}, notes, page)
    return chosen, [_described(chosen, name) for name in names]


def settle(declaration: Declaration, values: Mapping[str, Any], *, page: str) -> None:
    """Takes what was set in a canvas; ``declaration`` as it was set before."""
    settled, _ = declaration.changed(values)
    for name in values:
        if name in declaration.fields():
            st.session_state[f"{page}.{name}"] = getattr(settled, name)


def _begin(declaration: D, names: list[str], page: str) -> tuple[D, list[str]]:
    """The declaration as the link or the session has it, noted in the session, and what was clamped."""
    start, notes = declaration, list[str]()
    for name in names:  # one by one, so that a value that is impossible takes no other with it
        key, text = f"{page}.{name}", links.take(name)
        if text is not None:
            start, said = start.changed({name: text})
            notes += said
        elif key in st.session_state:
            start, _ = start.changed({name: st.session_state[key]})
    for name in names:
        key, value = f"{page}.{name}", getattr(start, name)
        if key not in st.session_state or st.session_state[key] != value:  # else it would fight with a slider in motion
            st.session_state[key] = value
    return start, notes


def _end(declaration: D, chosen: dict[str, Any], notes: list[str], page: str) -> D:
    """The declaration as it was set, which goes into the address."""
    _say(notes, chosen, f"{page}.notes.{next(iter(chosen))}")
    for name in chosen:
        others = {other: value for other, value in chosen.items() if other != name}
        links.put(name, chosen[name], getattr(declaration.changed(others)[0], name))
    return declaration.changed(chosen)[0]


def _described(declaration: Declaration, name: str) -> dict[str, Any]:
    """A field for the browser."""
    info, extra, options = declaration.fields()[name], declaration.extra(name), declaration.possible(name)
    said = {"name": name, "title": info.title, "help": info.description, "value": getattr(declaration, name)}
    if options is not None:
        return said | {"options": [[value, declaration.label(name, value)] for value in options]}
    low, high, whole = extra["low"], extra["high"], info.annotation is int
    step = extra["step"] or (1 if whole else (high - low) / 100)
    return said | {"low": low, "high": high, "step": step, "slide": not whole or high - low <= MANY}


def _widget(declaration: Declaration, name: str, key: str) -> Any:
    """The widget of one field; its value is in the session's state already."""
    info, extra, options = declaration.fields()[name], declaration.extra(name), declaration.possible(name)
    title, about = str(info.title), info.description
    shared: dict[str, Any] = {"key": key, "help": about, "persist_state": "session"}
    if declaration.options(name) == [False, True]:
        return st.toggle(title, **shared)
    if options is not None:

        def label(value: Any) -> str:
            return declaration.label(name, value)

        if len(options) <= FEW and sum(len(label(option)) for option in options) <= SHORT:
            return st.segmented_control(title, options, format_func=label, required=True, **shared)
        longest = max(len(label(option)) for option in options)
        return st.selectbox(title, options, format_func=label, width=max(76, 48 + 6 * longest), **shared)
    low, high, step, whole = extra["low"], extra["high"], extra["step"], info.annotation is int
    if extra["log"]:
        value = st.session_state[key]
        return st.select_slider(title, sorted({*ladder(low, high), value}), format_func=decimal, width=200, **shared)
    if whole:
        low, high, step = int(low), int(high), int(step or 1)
        if high - low > MANY:
            return int(st.number_input(title, low, high, step=step, width=120, **shared))
        return st.slider(title, low, high, step=step, width=130, **shared)
    return st.slider(title, float(low), float(high), step=float(step or (high - low) / 100), width=130, **shared)


def decimal(value: float) -> str:
    """Three digits, and never an exponent: 0.00001."""
    return f"{value:.12f}".rstrip("0").rstrip(".") if abs(value) < 1e-4 else f"{value:.3g}"


def ladder(low: float, high: float) -> list[float]:
    """Round numbers 1, 2, 5, 10, ... between low and high, both included: what a logarithmic slider offers."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    rungs = {float(f"{digit}e{exponent}") for exponent in exponents for digit in (1, 2, 5)}
    return sorted({low, high, *(rung for rung in rungs if low < rung < high)})


def _say(notes: list[str], chosen: dict[str, Any], key: str) -> None:
    """Shows what was clamped until the first of these widgets is moved."""
    if notes:
        st.session_state[key] = notes, chosen
    said, values = st.session_state.get(key, ([], None))
    if said and values == chosen:
        st.caption(":material/info: " + " ".join(said))
