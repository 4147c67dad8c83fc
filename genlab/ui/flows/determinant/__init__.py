"""The browser side of the page Determinant: what is dragged, is computed and drawn there, 60 times a second."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import streamlit as st
from pydantic import create_model

from genlab.declaration import Declaration, choice
from genlab.figures.determinant import EDGE, MAPS, inversions, sample, terms
from genlab.ui.browser import canvas
from genlab.ui.shell import links
from genlab.ui.shell.controls import controls
from genlab.views.pack import pack

DRAWN, ADDED = 3, 99  # largest entries: of a matrix that is drawn, of one whose terms are only added up
MIXTURE = "2,1,-1,1,1,3,2,-2,-1,1,3,3,1,0,-2,2"


class Size(Declaration):
    """How many rows and columns."""

    n: Literal[2, 3, 4] = choice(3, "n", "The upper left n×n block of one 4×4 matrix: nothing typed is lost.")


def one_matrix() -> None:
    """A 2×2 matrix whose columns are dragged: the area of the unit square's image, and its orientation."""
    _show("matrix", "matrix", "1.6,-0.5,0.4,1.2", DRAWN)


def product() -> None:
    """Two matrices, A and B, and what they do one after the other."""
    _show("product", "matrices", "0.5,-1,1,0.5,1.2,0.4,-0.2,0.9", DRAWN)


def term_by_term() -> None:
    """All n! terms of the permutation formula, added up one by one."""
    n = controls(Size(), ["n"], page="determinant.terms").n
    pattern = [(t.permutation, inversions(t.permutation), t.sign) for t in terms(np.ones((n, n)))]
    _show("terms", "entries", MIXTURE, ADDED, n=n, terms=pattern)


def curved_map() -> None:
    """A map that bends the grid, and its Jacobian under the pointer."""
    names: Any = tuple(MAPS)
    field = choice(names[0], "map", "How the plane is bent.", labels={name: m.title for name, m in MAPS.items()})
    Bend = create_model("Bend", __base__=Declaration, map=(Literal[names], field))  # type: ignore[arg-type]
    chosen = MAPS[controls(Bend(), ["map"], page="determinant.curved").model_dump()["map"]]
    images, jacobians = sample(chosen)
    _show("curved", "at", "0.6,0.9", 2, map=chosen.name, edge=EDGE, arrays={"images": images, "jacobians": jacobians})
    function, determinant = st.columns([3, 1], vertical_alignment="center")
    function.latex(chosen.latex)
    determinant.latex(chosen.determinant)
    st.markdown(chosen.words)


def _show(
    view: str, name: str, default: str, largest: float, *, arrays: dict[str, np.ndarray] | None = None, **meta: Any
) -> None:
    """Shows a view on the numbers of the link's parameter ``name``, and writes them back when they were changed."""
    key = f"determinant.{view}"
    kept, text = f"{key}.values", links.take(name)
    st.session_state.setdefault(kept, default)
    if text is not None:
        if _numbers(text, default.count(",") + 1, largest) is None:
            count = default.count(",") + 1
            st.caption(
                f":material/info: {name} must be {count} numbers from −{largest} to {largest}; the link's are not."
            )
        else:
            st.session_state[kept] = text

    def changed() -> None:
        text = (st.session_state.get(key) or {}).get("values")
        if text is not None:  # else the view has gone in the meantime
            st.session_state[kept] = text

    numbers = _numbers(st.session_state[kept], default.count(",") + 1, largest)
    links.put(name, st.session_state[kept], default)
    block = pack({"view": view, "values": numbers, **meta}, **(arrays or {}))
    canvas("flows/determinant/determinant", block, key=key, on={"values": changed})


def _numbers(text: str, count: int, largest: float) -> list[float] | None:
    """So many numbers between commas, or None where they are not that."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    if len(numbers) != count or not all(math.isfinite(v) and abs(v) <= largest for v in numbers):
        return None
    return numbers
