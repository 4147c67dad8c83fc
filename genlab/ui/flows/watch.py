"""The Watch panel of a flow: noise bends into data, layer by layer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.catalog import Family
from genlab.errors import GenlabError
from genlab.experiment import LineExperiment
from genlab.ui.flows.line import line
from genlab.ui.flows.warp import warp
from genlab.ui.shell.shield import fragment
from genlab.ui.shell.views import model, view
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


def watch(family: Family) -> None:
    """Draws the panel: the picture, the numbers under it, and which model it is."""
    fragment(_watch)(family)


def _watch(family: Family) -> None:
    page = f"{family.name}.watch"
    picture = st.container()
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    on_line = isinstance(experiment, LineExperiment)
    try:
        with picture:
            if on_line:
                line(view(source, "line", experiment), key=f"{page}.picture")
            else:
                warp(view(source, "warp", experiment, count=POINTS), key=f"{page}.picture")
            st.caption(TRY_LINE if on_line else TRY_PLANE)
        if not on_line:
            st.caption(sentence(unpack(view(source, "numbers", experiment))[0]))
    except GenlabError as error:
        picture.error(str(error))


def sentence(meta: dict[str, Any]) -> str:
    """How good a flow is, in one line."""
    nll = f"**{meta['nll']:.3f}** ± {meta['standard_error']:.3f} nats"
    floor = "" if meta["entropy"] is None else f" (the least possible, the entropy of the data: {meta['entropy']:.3f})"
    js = f"**{meta['js']:.3f}** nats"
    noise = "" if meta["js_floor"] is None else f" (between two sets of data: {meta['js_floor']:.3f})"
    points = f"{meta['points']:,}".replace(",", "\u202f")
    return (
        f"Held-out negative log-likelihood, mean of {points} fresh points: {nll}{floor}. Jensen–Shannon divergence of "
        f"samples and data, on a 32×32 grid: {js}{noise}. Probability inside the picture: **{meta['mass']:.4f}**."
    )
