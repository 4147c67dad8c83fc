"""A model with latents from inside, as Plotly figures: KL of each dimension, bounds that tighten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from genlab.figures.colours import Colours
from genlab.views.limits import ACTIVE

HEIGHT = 260  # pixels


def used(kl: np.ndarray, *, colours: Colours) -> go.Figure:
    """KL of each dimension (D,) in nats: those that are not used in grey."""
    shade = [colours.noise if value > ACTIVE else colours.grey for value in kl]
    names = [f"z{k + 1}" for k in range(len(kl))]
    figure = go.Figure(go.Bar(x=names, y=np.round(kl, 4), marker_color=shade))
    figure.update_layout(**_plain(colours), yaxis_title="KL, nats", bargap=max(0.25, 1 - len(kl) / 20))
    return figure


def tightened(meta: Mapping[str, Any], *, colours: Colours) -> go.Figure:
    """How much each importance-weighted bound lies above the ELBO, with standard errors."""
    names = [f"{k} draw{'s' * (k > 1)}" for k in meta["draws"]]
    figure = go.Figure(
        go.Scatter(
            x=names,
            y=meta["rises"],
            error_y={"type": "data", "array": meta["rises_sure"]},
            mode="lines+markers+text",
            text=[f"+{rise:.2f}" if k else "ELBO" for k, rise in enumerate(meta["rises"])],
            textposition="top center",
            line={"color": colours.noise, "width": 2},
            marker={"size": 8},
        )
    )
    most = max(meta["rises"]) or 1.0
    figure.update_layout(
        **_plain(colours), yaxis={"title": "above the ELBO, nats", "range": [-0.15 * most, 1.3 * most]}
    )
    return figure


def _plain(colours: Colours) -> dict[str, Any]:
    return {
        "height": HEIGHT,
        "margin": {"l": 50, "r": 10, "t": 10, "b": 30},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours.ink},
        "showlegend": False,
    }
