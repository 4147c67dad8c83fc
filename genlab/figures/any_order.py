"""What several pixels a pass cost, as a Plotly figure."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from genlab.figures.colours import Colours


def price(arrays: Mapping[str, np.ndarray], *, colours: Colours) -> go.Figure:
    """Nats of an image against the passes in which it is drawn, on a logarithmic scale.

    Arguments:
        arrays: ``passes`` and ``total`` of ``genlab.views.any_order.price``.
    """
    passes, total = arrays["passes"].tolist(), arrays["total"].tolist()
    figure = go.Figure(
        [
            go.Scatter(
                x=passes,
                y=total,
                mode="lines+markers",
                line={"color": colours.model, "width": 2},
                marker={"size": 8},
                customdata=[passes[-1] / s for s in passes],
                hovertemplate="%{x} passes of %{customdata:.3~g} pixels: %{y:.1f} nats<extra></extra>",
            )
        ]
    )
    figure.add_hline(
        y=total[-1],
        line={"color": colours.grey, "dash": "dot", "width": 1.5},
        annotation={"text": f"one by one: {total[-1]:.1f} nats", "font": {"color": colours.ink}},
        annotation_position="bottom left",
    )
    figure.update_xaxes(
        type="log", title={"text": "passes", "standoff": 6}, tickvals=passes, range=[-0.1, math.log10(passes[-1]) + 0.1]
    )
    figure.update_yaxes(title={"text": "nats an image"}, nticks=6, zeroline=False)
    figure.update_layout(
        height=320,
        margin={"l": 0, "r": 0, "t": 10, "b": 0},
        showlegend=False,
        font={"color": colours.ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure
