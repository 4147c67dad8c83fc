"""The Watch panel of a flow: noise bends into data, layer by layer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.experiments.entries import Family
from genlab.formats import format_count
from genlab.ui.flows.line import line
from genlab.ui.flows.warp import warp
from genlab.ui.shell.views import model, view
from genlab.ui.shield import shield
from genlab.views.pack import unpack

POINTS = 700  # that travel: with more, they hide the density
TRY_LINE = (
    "Each point of the noise slides straight to its place x = f̂⁻¹(z). Try: stop half way. Where the map is steep, "
    "points crowd together, and the density is high."
)
TRY_PLANE = (
    "Try: play **data → noise**: the same map, the other way round, turns the data into the round bell of the noise, "
    "as far as this flow can. **stretch** shows where areas grew or shrank: the density fell or rose by the same "
    "factor."
)


def plane(family: Family) -> None:
    """Draws the panel of a flow on the plane: the picture, the numbers under it, and which model it is."""
    page, picture = f"{family.name}.watch", st.container()
    if (chosen := model(page, family)) is None:
        return
    with picture, shield():
        warp(view(*chosen, "warp", count=POINTS), key=f"{page}.picture")
        st.caption(TRY_PLANE)
    with shield():
        st.caption(sentence(unpack(view(*chosen, "numbers"))[0]))


def on_line(family: Family) -> None:
    """Draws the panel of a flow on the line."""
    page, picture = f"{family.name}.watch", st.container()
    if (chosen := model(page, family)) is None:
        return
    with picture, shield():
        line(view(*chosen, "line"), key=f"{page}.picture")
        st.caption(TRY_LINE)


def sentence(meta: dict[str, Any]) -> str:
    """How good a flow is, in one line."""
    nll = f"**{meta['nll']:.3f}** ± {meta['standard_error']:.3f} nats"
    floor = "" if meta["entropy"] is None else f" (the least possible, the entropy of the data: {meta['entropy']:.3f})"
    js = f"**{meta['js']:.3f}** nats"
    noise = "" if meta["js_floor"] is None else f" (between two sets of data: {meta['js_floor']:.3f})"
    points = format_count(meta["points"])
    return (
        f"Held-out negative log-likelihood, mean of {points} fresh points: {nll}{floor}. Jensen–Shannon divergence of "
        f"samples and data, on a 32×32 grid: {js}{noise}. Probability inside the picture: **{meta['mass']:.4f}**."
    )
