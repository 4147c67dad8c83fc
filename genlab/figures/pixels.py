"""What is seen inside a model of pixels, as figures. Maps lie as the image does: row 0 at the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genlab.figures.colours import MAGNITUDE, Colours

DECADES = 4  # a field is drawn down to a ten-thousandth of its largest value


def field(values: np.ndarray, row: int, column: int, *, colours: Colours, blind: np.ndarray | None = None,
          height: int = 380) -> go.Figure:
    """How much each pixel counts for the prediction at (row, column), on a logarithmic scale.

    Arguments:
        values: float (H, W) between 0 and 1; exactly 0 where nothing arrives, which is left empty.
        blind: bool (H, W), marked in grey: past pixels that cannot be used.
        height: of the figure in screen pixels.
    """
    with np.errstate(divide="ignore"):
        decades = np.where(values > 0, np.maximum(np.log10(values), -DECADES), np.nan)
    figure = go.Figure()
    if blind is not None and blind.any():
        figure.add_heatmap(z=np.where(blind, 1.0, np.nan), colorscale=_flat(colours.grey), showscale=False,
                           hovertemplate="row %{y}, column %{x}: drawn already, never seen<extra></extra>")
        figure.add_scatter(x=[None], y=[None], mode="markers", name="past, yet never seen",
                           marker={"symbol": "square", "size": 11, "color": colours.grey})
    figure.add_heatmap(
        z=decades, zmin=-DECADES, zmax=0, colorscale=list(MAGNITUDE), customdata=values,
        hovertemplate="row %{y}, column %{x}: %{customdata:.2g}<extra></extra>",
        colorbar={"title": {"text": "influence", "side": "right"}, "tickvals": [*range(-DECADES, 1)], "len": 0.9,
                  "ticktext": [f"{10.0 ** k:g}" for k in range(-DECADES, 1)], "thickness": 10, "outlinewidth": 0})
    _places(figure, values.shape)
    _now(figure, row, column, colours)
    return _square(figure, values.shape, colours, height)


def channels(maps: np.ndarray, titles: Sequence[str], palette: Sequence[str], *, names: Sequence[str], columns: int,
             colours: Colours, place: tuple[int, int] | None = None, side: int = 130) -> go.Figure:
    """Small maps side by side, each of whole numbers.

    Arguments:
        maps: integers (K, H, W), which choose from ``palette``.
        titles: one for each map.
        palette: colours of 0, 1, 2 ...; names: what each means, for the pointer.
        columns: maps in a row.
        place: (row, column) of a red dot.
        side: of a map in screen pixels.
    """
    count, height, width = maps.shape
    rows = -(-count // columns)
    figure = make_subplots(rows, columns, subplot_titles=list(titles), horizontal_spacing=0.02,
                           vertical_spacing=min(0.3, 30 / (rows * (side + 30))))
    last = len(palette) - 1
    scale = [[(k + end) / (last + 1), colour] for k, colour in enumerate(palette) for end in (0, 1)]
    for k, values in enumerate(maps):
        at = {"row": k // columns + 1, "col": k % columns + 1}
        figure.add_heatmap(z=values, zmin=-0.5, zmax=last + 0.5, colorscale=scale, showscale=False, xgap=0.5, ygap=0.5,
                           customdata=np.array(names, dtype=object)[values],
                           hovertemplate="row %{y}, column %{x}: %{customdata}<extra></extra>", **at)
        if place is not None:
            figure.add_scatter(x=[place[1]], y=[place[0]], mode="markers", hoverinfo="skip", showlegend=False,
                               marker={"color": colours.now, "size": 5}, **at)
    frame = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True, "mirror": True,
             "linecolor": colours.grey, "linewidth": 0.5}
    figure.update_xaxes(range=[-0.5, width - 0.5], **frame)
    figure.update_yaxes(range=[height - 0.5, -0.5], **frame)
    figure.update_annotations(font={"size": 11})
    figure.update_layout(height=rows * (side + 30) + 10, margin={"l": 2, "r": 2, "t": 26, "b": 2}, dragmode=False,
                         plot_bgcolor="rgba(0, 0, 0, 0)")
    return figure


def image(values: np.ndarray, row: int, column: int, *, colours: Colours, low: float, high: float, legend: str,
          height: int = 320) -> go.Figure:
    """Values of an image as ink on paper: low is white, high is black, NaN is unknown.

    Arguments:
        values: float (H, W).
        legend: what the scale says.
    """
    figure = go.Figure()
    figure.add_heatmap(z=np.where(np.isnan(values), 1.0, np.nan), colorscale=_flat(colours.grey), showscale=False,
                       opacity=0.35, hovertemplate="row %{y}, column %{x}: unknown<extra></extra>")
    figure.add_heatmap(z=values, zmin=low, zmax=high, colorscale=["#FFFFFF", "#000000"],
                       hovertemplate="row %{y}, column %{x}: %{z:.3g}<extra></extra>",
                       colorbar={"title": {"text": legend, "side": "right"}, "len": 0.9, "thickness": 10,
                                 "outlinewidth": 0.5})
    _places(figure, values.shape)
    _now(figure, row, column, colours)
    return _square(figure, values.shape, colours, height)


def _flat(colour: str) -> list[list[float | str]]:
    return [[0.0, colour], [1.0, colour]]


def _places(figure: go.Figure, shape: tuple[int, ...]) -> None:
    """Points that cannot be seen, one on each pixel: heat maps take no clicks."""
    rows, columns = np.indices(shape).reshape(2, -1)
    invisible = {"opacity": 0}
    figure.add_scatter(x=columns, y=rows, mode="markers", hoverinfo="skip", showlegend=False,
                       marker={"size": 9, "opacity": 0}, selected={"marker": invisible},
                       unselected={"marker": invisible})


def _now(figure: go.Figure, row: int, column: int, colours: Colours) -> None:
    figure.add_scatter(x=[column], y=[row], mode="markers", hoverinfo="skip", showlegend=False,
                       marker={"color": colours.now, "size": 10, "line": {"color": colours.paper, "width": 1.5}},
                       unselected={"marker": {"opacity": 1}})


def _square(figure: go.Figure, shape: tuple[int, ...], colours: Colours, height: int) -> go.Figure:
    frame = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True, "mirror": True,
             "linecolor": colours.grey, "linewidth": 1, "constrain": "domain", "title": None}
    figure.update_xaxes(range=[-0.5, shape[1] - 0.5], **frame)
    figure.update_yaxes(range=[shape[0] - 0.5, -0.5], scaleanchor="x", **frame)
    figure.update_layout(
        height=height, margin={"l": 4, "r": 4, "t": 8, "b": 28}, dragmode=False, clickmode="event+select",
        plot_bgcolor="rgba(0, 0, 0, 0)", legend={"orientation": "h", "y": -0.01, "x": 0, "yanchor": "top"})
    return figure
