"""What a new pixel costs, layer by layer, as a Plotly figure: it stands still between two choices."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from genlab.figures.colours import Colours


def cost(names: Sequence[str], now: Sequence[int], full: Sequence[int], *, colours: Colours) -> go.Figure:
    """Positions that each layer computes for one new pixel, beside those of a full pass, on a logarithmic scale.

    Arguments:
        names: layers from input to output.
        now: positions computed by the cached sampler; 0 where the layer has nothing to do.
        full: positions of one pass over the whole image.
    """
    rows = list(reversed(names))  # Plotly draws the first one at the bottom
    figure = go.Figure(
        [
            go.Bar(
                name="one full pass",
                y=rows,
                x=list(reversed(full)),
                orientation="h",
                marker_color=colours.grey,
                hovertemplate="%{y}: %{x} positions<extra>one full pass</extra>",
            ),
            go.Bar(
                name="cached sampler",
                y=rows,
                x=list(reversed(now)),
                orientation="h",
                marker_color=colours.now,
                hovertemplate="%{y}: %{x} positions<extra>cached sampler</extra>",
            ),
        ]
    )
    figure.update_xaxes(
        type="log", title="positions computed for this pixel", dtick=1, range=[-0.15, None], minallowed=-0.15
    )
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        height=90 + 34 * len(rows),
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "traceorder": "reversed"},
    )
    return figure
