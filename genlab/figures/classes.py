"""Which classes samples have, beside those of the data, as a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from genlab.figures.colours import Colours


def classes(samples: Sequence[float], data: Sequence[float], *, colours: Colours) -> go.Figure:
    """A bar for the share of each class among the samples, in the outline of its share of the data.

    Arguments:
        samples, data: shares from 0 to 1, of the classes 0, 1, 2, …
    """
    names = [str(c) for c in range(len(samples))]
    figure = go.Figure(
        [
            go.Bar(
                name="samples",
                x=names,
                y=samples,
                width=0.6,
                marker_color=colours.model,
                hovertemplate="class %{x}: %{y:.1%}<extra>samples</extra>",
            ),
            go.Bar(
                name="test images",
                x=names,
                y=data,
                width=0.84,
                marker={"color": "rgba(0,0,0,0)", "line": {"color": colours.data, "width": 2}},
                hovertemplate="class %{x}: %{y:.1%}<extra>test images</extra>",
            ),
        ]
    )
    figure.update_xaxes(type="category", title={"text": "class, as the classifier sees it", "standoff": 6})
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=5, zeroline=False)
    figure.update_layout(
        height=220,
        barmode="overlay",
        margin={"l": 0, "r": 0, "t": 26, "b": 0},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        font={"color": colours.ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure
