"""A panel that all flows have: how far from where they began round trips end."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.dotted import resolve
from genlab.ui.shell.look import Inside
from genlab.ui.shell.theme import PLAIN, colours


def round_trips(inside: Inside, name: str, words: str, **data: Any) -> None:
    """Where invertibility ends in practice.

    Arguments:
        name: of the view in ``genlab.views.inverse``, and of its figures in ``genlab.figures.inverse``.
        words: what goes where, in the terms of a kind.
        data: arguments of the view.
    """
    st.subheader("Where invertibility ends in practice", anchor=False)
    st.markdown(
        "On paper every layer can be undone. A computer rounds, and where a layer presses together what another one "
        f"pulls apart again, digits are lost for good (**exploding inverses**, Behrmann et al. 2021). {words}"
    )
    with st.spinner("There and back, in float32 and in float64 …"):
        meta, arrays = inside.view(f"genlab.views.inverse:{name}", **data)
    said, figures = resolve(f"genlab.figures.inverse:{name}")(meta, arrays, colours())
    for column, (title, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.markdown(title)
        column.plotly_chart(figure, key=f"{inside.page}.inverse.{title}", config=PLAIN)
    st.markdown(said)
