"""Fields, arrows and Jacobians of a flow's layer as Plotly figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genlab.figures.colours import Colours

SIGNED = [[0.0, "#2166AC"], [0.25, "#92C5DE"], [0.5, "#F7F7F7"], [0.75, "#F4A582"], [1.0, "#B2182B"]]
ARROWS = 17  # on a side


def fields(shown: Mapping[str, np.ndarray], half: float, *, colours: Colours) -> go.Figure:
    """Signed fields (side, side) over [−half, half]², row 0 on top, side by side; zero is white in all of them."""
    figure = make_subplots(1, len(shown), subplot_titles=list(shown), horizontal_spacing=0.06)
    for k, (name, values) in enumerate(shown.items(), start=1):
        line = (np.arange(values.shape[1]) + 0.5) / values.shape[1] * 2 * half - half
        most = max(float(np.abs(values).max()), 1e-3)
        figure.add_heatmap(
            z=values,
            x=line,
            y=line[::-1],
            zmin=-most,
            zmax=most,
            colorscale=SIGNED,
            row=1,
            col=k,
            showscale=True,
            colorbar={"len": 0.9, "thickness": 8, "x": _right(k, len(shown)), "tickformat": ".2~g", "nticks": 5},
            hovertemplate=f"x₁ %{{x:.2f}}, x₂ %{{y:.2f}}<br>{name}: %{{z:.3f}}<extra></extra>",
        )
        figure.update_xaxes(constrain="domain", row=1, col=k)
        figure.update_yaxes(scaleanchor=f"x{k if k > 1 else ''}", constrain="domain", row=1, col=k)
    return _plain(figure, 300, colours)


def _right(k: int, count: int) -> float:
    width = (1 - 0.06 * (count - 1)) / count
    return (k - 1) * (width + 0.06) + width


def arrows(shift: np.ndarray, half: float, *, colours: Colours) -> go.Figure:
    """Where points go, (side, side, 2) with row 0 on top, as arrows."""
    side = shift.shape[0]
    pick = np.linspace(0, side - 1, ARROWS).round().astype(int)
    line = np.linspace(-half, half, side)
    x, y = np.meshgrid(line[pick], line[::-1][pick])
    ends = np.stack((x, y), -1) + shift[np.ix_(pick, pick)]
    gap = np.full_like(x, np.nan)
    figure = go.Figure()
    figure.add_scatter(
        x=np.stack((x, ends[..., 0], gap), -1).ravel(),
        y=np.stack((y, ends[..., 1], gap), -1).ravel(),
        mode="lines",
        line={"color": colours.model, "width": 1.4},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=ends[..., 0].ravel(),
        y=ends[..., 1].ravel(),
        mode="markers",
        marker={"color": colours.model, "size": 3.5},
        hoverinfo="skip",
    )
    figure.update_xaxes(range=[-half, half], constrain="domain")
    figure.update_yaxes(range=[-half, half], scaleanchor="x", constrain="domain")
    return _plain(figure, 330, colours)


def matrix(values: np.ndarray, *, colours: Colours, blocks: int | None = None) -> go.Figure:
    """A Jacobian with its numbers; exact zeros and ones stay pale.

    Arguments:
        blocks: where a line divides what is kept from what changes.
    """
    n = len(values)
    most = max(float(np.abs(values).max()), 1.0)
    structural = (values == 0) | (values == 1)
    figure = go.Figure(
        go.Heatmap(
            z=np.where(structural, 0.12 * values, values),
            x=[f"x{_below(i + 1)}" for i in range(n)],
            y=[f"y{_below(i + 1)}" for i in range(n)],
            zmin=-most,
            zmax=most,
            colorscale=SIGNED,
            showscale=False,
            text=[[f"{v:.4f}" for v in row] for row in values],
            texttemplate="%{text}",
            textfont={"color": "#1D252C"},
            hovertemplate="∂%{y} / ∂%{x} = %{text}<extra></extra>",
        )
    )
    if blocks:
        for line in (
            {"x0": blocks - 0.5, "x1": blocks - 0.5, "y0": -0.5, "y1": n - 0.5},
            {"y0": blocks - 0.5, "y1": blocks - 0.5, "x0": -0.5, "x1": n - 0.5},
        ):
            figure.add_shape(type="line", line={"color": "#1D252C", "width": 2}, **line)
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(side="top")
    return _plain(figure, 330, colours)


def _below(i: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[i]


def _plain(figure: go.Figure, height: int, colours: Colours) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 34, "r": 10, "t": 34, "b": 26},
        showlegend=False,
        font={"color": colours.ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    return figure
