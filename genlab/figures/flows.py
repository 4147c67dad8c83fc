"""Fields, arrows and Jacobians of a flow's layer as Plotly figures."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from genlab.figures.colours import LIGHT, Colours

SIGNED = [[0.0, "#2166AC"], [0.25, "#92C5DE"], [0.5, "#F7F7F7"], [0.75, "#F4A582"], [1.0, "#B2182B"]]
ARROWS = 13  # on a side of the chessboard whose black squares have one


def field(name: str, values: np.ndarray, half: float, *, colours: Colours) -> go.Figure:
    """A signed field (side, side) over [−half, half]², row 0 on top; zero is white."""
    line = (np.arange(values.shape[1]) + 0.5) / values.shape[1] * 2 * half - half
    most = max(float(np.abs(values).max()), 0.1)
    heat = go.Heatmap(
        z=values,
        x=line,
        y=line[::-1],
        zmin=-most,
        zmax=most,
        colorscale=SIGNED,
        colorbar={
            "orientation": "h",
            "y": -0.3,
            "yanchor": "top",
            "thickness": 8,
            "lenmode": "pixels",
            "len": 160,
            "tickformat": ".2~g",
            "nticks": 5,
        },
        hovertemplate=f"x₁ %{{x:.2f}}, x₂ %{{y:.2f}}<br>{name}: %{{z:.3f}}<extra></extra>",
    )
    return _plain(_plane(go.Figure(heat), half), 290, colours).update_layout(margin_t=4)


def arrows(shift: np.ndarray, half: float, *, colours: Colours) -> go.Figure:
    """Where points go, (side, side, 2) with row 0 on top, as arrows from each point to its image."""
    side = shift.shape[0]
    pick = np.linspace(0, side - 1, ARROWS).round().astype(int)
    rows, columns = (pick[i] for i in np.nonzero(np.indices((ARROWS, ARROWS)).sum(0) % 2 == 0))
    line = np.linspace(-half, half, side)
    start, move = np.stack((line[columns], line[::-1][rows]), -1), shift[rows, columns]
    end, gap = start + move, np.full_like(start, np.nan)
    x, y = np.stack((start, end, gap), 1).reshape(-1, 2).T
    # Where nothing moves there is no direction: a small dot.
    sizes = np.stack((np.full(len(end), 3), np.where(np.hypot(*move.T) > 0.05, 9, 0), np.zeros(len(end))), 1)
    figure = go.Figure(
        go.Scatter(
            x=x,
            y=y,
            mode="lines+markers",
            line={"color": colours.model, "width": 1.4},
            marker={
                "color": colours.model,
                "size": sizes.ravel(),
                "symbol": ["circle", "arrow", "circle"] * len(end),
                "angleref": "previous",
                "line": {"width": 0},
            },
            hoverinfo="skip",
        )
    )
    return _plain(_plane(figure, half), 330, colours)


def matrix(values: np.ndarray, *, colours: Colours, blocks: int | None = None) -> go.Figure:
    """A Jacobian with its numbers; exact zeros and ones stay pale, and are written without decimals.

    Arguments:
        blocks: where a line divides what is kept from what changes.
    """
    n = len(values)
    most = max(float(np.abs(values).max()), 1.0)
    structural = (values == 0) | (values == 1)
    shown = np.where(structural, 0.12 * values, values)
    x, y = [f"x{_below(i + 1)}" for i in range(n)], [f"y{_below(i + 1)}" for i in range(n)]
    text = np.where(structural, np.char.mod("%.0f", values), np.char.mod("%.3f", values))
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=x,
            y=y,
            zmin=-most,
            zmax=most,
            colorscale=SIGNED,
            showscale=False,
            xgap=1,
            ygap=1,
            text=text,
            hovertemplate="∂%{y} / ∂%{x} = %{text}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=x * n,
        y=np.repeat(y, n),
        mode="text",
        text=np.char.replace(text, "-", "−").ravel(),
        textfont={"color": np.where(np.abs(shown) > 0.75 * most, "#FFFFFF", LIGHT.ink).ravel(), "size": 13},
        hoverinfo="skip",
    )
    if blocks:
        for line in (
            {"x0": blocks - 0.5, "x1": blocks - 0.5, "y0": -0.5, "y1": n - 0.5},
            {"y0": blocks - 0.5, "y1": blocks - 0.5, "x0": -0.5, "x1": n - 0.5},
        ):
            figure.add_shape(type="line", line={"color": LIGHT.ink, "width": 2}, **line)
    figure.update_yaxes(range=[n - 0.5, -0.5])
    figure.update_xaxes(range=[-0.5, n - 0.5], side="top")
    return _plain(figure, 330 if n > 2 else 220, colours)


def _below(i: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[i]


def _plane(figure: go.Figure, half: float) -> go.Figure:
    """With the axes x₁ and x₂ of the plane, equally long."""
    figure.update_xaxes(range=[-half, half], constrain="domain", title={"text": "x₁", "standoff": 4}, nticks=5)
    figure.update_yaxes(
        range=[-half, half], constrain="domain", title={"text": "x₂", "standoff": 4}, nticks=5, scaleanchor="x"
    )
    return figure


def _plain(figure: go.Figure, height: int, colours: Colours) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 46, "r": 10, "t": 24, "b": 40},
        showlegend=False,
        font={"color": colours.ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    return figure
