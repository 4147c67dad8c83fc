"""A GAN in the middle of a step, as Plotly figures: layers, verdicts, and what becomes of G's gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genlab.figures.colours import Colours
from genlab.views.limits import FINE, LOW

ROW, HEADER = 52, 26  # pixels
GAP = 20  # pixels under a histogram, for the numbers of its axis
VALUES, SLOPES = (0.25, 0.43), (0.56, 0.87)  # of the width: histograms
RMS, NORM = 0.495, 0.945  # and the middles of numbers
STRAY = 0.005  # a share of gradients that decides nothing about an axis
ZERO = 0.4  # room for what is exactly 0, left of the first power of ten, in widths of the rest
BARS = 40  # of a histogram of verdicts


def layers(
    rows: Sequence[Mapping[str, Any]],
    arrays: Mapping[str, np.ndarray],
    span: tuple[int, int],
    colour: str,
    *,
    colours: Colours,
) -> go.Figure:
    """One row for each layer of a player: its values, and the gradients that reach it.

    Arguments:
        rows, arrays: of ``genlab.views.inside.layers``, without the player's name.
        span: the first and the last power of ten of the gradients, the same for both players.
        colour: the player's.
    """
    inner, figure = ROW * len(rows), go.Figure()
    for i, row in enumerate(rows):
        top, bottom = 1 - i / len(rows), 1 - (i + 1) / len(rows) + GAP / inner
        values, slopes, weights = (arrays[name][i] for name in ("values", "slopes", "weights"))
        low, high = (float(end) for end in arrays["range"][i])
        ends = {"tickvals": [low, high], "ticktext": [number(low), number(high)]}
        highest = float(max(slopes[1:].max(), weights[1:].max()))  # what is 0 stands beside, as a number
        _axes(figure, 2 * i + 1, VALUES, (bottom, top), float(values.max()), ends, colours)
        _axes(figure, 2 * i + 2, SLOPES, (bottom, top), highest, _powers(span, labels=i == len(rows) - 1), colours)
        _values(figure, 2 * i + 1, values, (low, high), colour)
        _slopes(figure, 2 * i + 2, slopes, weights, row, span, colour, colours)
        middle = (top + bottom) / 2
        _write(
            figure, 0, middle, f"<b>{row['kind'].removesuffix('2d')}</b><br>{_about(row)}", xanchor="left", align="left"
        )
        _write(figure, RMS, middle, number(row["rms"]))
        _write(figure, NORM, middle, "" if row["weights"] is None else number(row["weights"]))
    _write(figure, sum(VALUES) / 2, 1, "values h", yanchor="bottom", yshift=4)
    _write(figure, RMS, 1, "rms h", yanchor="bottom", yshift=4)
    _write(figure, sum(SLOPES) / 2, 1, "|∂L/∂h|, |∂L/∂θ|", yanchor="bottom", yshift=4)
    _write(figure, NORM, 1, "‖∂L/∂θ‖", yanchor="bottom", yshift=4)
    return _plain(figure, inner + HEADER, colours).update_layout(
        margin={"l": 0, "r": 0, "t": HEADER, "b": 0, "pad": 0}, bargap=0, font_size=11
    )


def span(histograms: Sequence[np.ndarray]) -> tuple[int, int]:
    """The powers of ten between which gradients lie, at least four of them; histograms (L, 1 + bins)."""
    filled = np.flatnonzero(np.concatenate(histograms)[:, 1:].max(0) > STRAY)
    if not len(filled):
        return -4, 0
    low, high = LOW + int(filled[0]) // FINE, LOW + int(filled[-1]) // FINE + 1
    return min(low, high - 4), high


def verdicts(
    real: np.ndarray | None,
    fake: np.ndarray,
    probability: bool,
    neutral: float | None,
    *,
    sigmoid: bool,
    colours: Colours,
) -> go.Figure:
    """What D says of real and of made data (N,), as histograms that lie over each other.

    Arguments:
        probability: shows σ(l), from 0 to 1, instead of l itself.
        neutral: l of a D that cannot tell, or None.
        sigmoid: False where D(x) is l itself.
    """
    says = {"real data": real, "made data": fake}
    shown = {name: probabilities(x) if probability else x for name, x in says.items() if x is not None}
    low, high = (0.0, 1.0) if probability else _ends(np.concatenate(list(shown.values())))
    figure = go.Figure()
    for (name, values), colour in zip(shown.items(), (colours.data, colours.model)[-len(shown) :], strict=True):
        heights, edges = np.histogram(values, BARS, (low, high))
        figure.add_bar(
            name=name,
            x=(edges[1:] + edges[:-1]) / 2,
            y=heights / len(values),
            width=np.diff(edges),
            marker={"color": colour, "line_width": 0},
            opacity=0.6,
            hovertemplate=f"%{{x:.3~g}}: %{{y:.1%}}<extra>{name}</extra>",
        )
    if neutral is not None:
        figure.add_vline(0.5 if probability else neutral, line={"color": colours.ink, "width": 1, "dash": "dot"})
    title = (
        "D(x) = σ(l), probability of being real"
        if probability
        else "l, where D(x) = σ(l)"
        if sigmoid
        else "D(x) = l, a score"
    )
    figure.update_xaxes(range=[low, high], title={"text": title, "standoff": 6})
    figure.update_yaxes(tickformat=".0%", nticks=5, rangemode="tozero", title="share of the batch")
    return _plain(figure, 260, colours).update_layout(
        barmode="overlay",
        bargap=0,
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        margin={"l": 0, "r": 8, "t": 28, "b": 0},
    )


def slopes(arrays: Mapping[str, np.ndarray], *, colours: Colours) -> go.Figure:
    """Both losses of G against the logit l, their slopes, and where the made data lie now.

    Arguments:
        arrays: of ``genlab.views.inside.saturation``.
    """
    logits = arrays["logits"]
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.05, row_heights=[0.38, 0.38, 0.24])
    names = (("minimax", "dash", "log(1 − σ(l))", "−σ(l)"), ("non-saturating", "solid", "−log σ(l)", "−(1 − σ(l))"))
    for i, (name, dash, *formulas) in enumerate(names):
        for row, (values, formula) in enumerate(zip((arrays["losses"], arrays["slopes"]), formulas, strict=True), 1):
            figure.add_scatter(
                name=name,
                x=logits,
                y=values[i],
                mode="lines",
                line={"color": colours.model, "dash": dash, "width": 2, "simplify": False},
                showlegend=row == 1,
                hovertemplate=f"l = %{{x:.2f}}: %{{y:.3~g}}<extra>{formula}</extra>",
                row=row,
                col=1,
            )
    ends = float(logits[0]), float(logits[-1])
    heights, edges = np.histogram(arrays["fake"], BARS, ends)
    figure.add_bar(
        name="made data now",
        x=(edges[1:] + edges[:-1]) / 2,
        y=heights / len(arrays["fake"]),
        marker={"color": colours.model, "line_width": 0},
        opacity=0.6,
        showlegend=False,
        hovertemplate="l ≈ %{x:.2f}: %{y:.1%} of the made data<extra></extra>",
        row=3,
        col=1,
    )
    figure.update_xaxes(range=ends)
    figure.update_xaxes(title={"text": "l, where D(G(z)) = σ(l)", "standoff": 6}, row=3)
    for row, title in enumerate(("L<sub>G</sub>", "∂L<sub>G</sub>/∂l", "G(z) now"), 1):
        figure.update_yaxes(title=title, nticks=4, automargin=False, row=row)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", row=3)
    return _plain(figure, 380, colours).update_layout(
        bargap=0,
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        margin={"l": 64, "r": 8, "t": 28, "b": 0},
    )


def norms(by_loss: Mapping[str, float], marked: Sequence[str], *, colours: Colours) -> go.Figure:
    """The norm of G's gradient for each loss, on a logarithmic axis.

    Arguments:
        by_loss: name to norm, from top to bottom.
        marked: the first of them hatched, the second plain; the others are grey.
    """
    names, values = list(by_loss), list(by_loss.values())
    ends = [v for v in values if v > 0] or [1.0]
    low = np.floor(np.log10(min(ends)) - 0.3)
    figure = go.Figure(
        go.Bar(
            y=names,
            x=[max(v, 10.0**low) for v in values],
            orientation="h",
            marker={
                "color": [colours.model if name in marked else colours.grey for name in names],
                "pattern": {"shape": ["/" if name == marked[0] else "" for name in names], "fgcolor": colours.paper},
            },
            text=[number(v) for v in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(
        type="log",
        range=[low, np.log10(max(ends)) + 0.45],
        title={"text": "‖∂L<sub>G</sub>/∂θ‖, all weights of G, logarithmic", "standoff": 12},
        dtick=1,
        exponentformat="power",
    )
    figure.update_yaxes(autorange="reversed")
    return _plain(figure, 380, colours).update_layout(bargap=0.4, margin={"l": 0, "r": 24, "t": 28, "b": 0})


def number(value: float) -> str:
    """Two digits, with a power of ten where there would be many zeros: 0.12, 3.2·10⁻⁵."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}".replace("-", "−") if abs(value) >= 100 else f"{value:.2g}".replace("-", "−")
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}".replace("-", "−")


def probabilities(logits: np.ndarray) -> np.ndarray:
    """σ(l) = 1 / (1 + e⁻ˡ), without overflow."""
    return (1 + np.tanh(logits / 2)) / 2


# Of a row


def _axes(
    figure: go.Figure,
    number: int,
    across: tuple[float, float],
    up: tuple[float, float],
    highest: float,
    x: dict[str, Any],
    colours: Colours,
) -> None:
    """The place of a histogram in the figure."""
    plain = {"showgrid": False, "zeroline": False, "linecolor": colours.grey, "tickfont_size": 10, "tickangle": 0}
    figure.update_layout(
        {
            f"xaxis{number}": {"domain": across, "anchor": f"y{number}", "automargin": False} | plain | x,
            f"yaxis{number}": {
                "domain": up,
                "anchor": f"x{number}",
                "visible": False,
                "range": [0, 1.05 * highest or 1.0],
            },
        }
    )


def _values(figure: go.Figure, axis: int, shares: np.ndarray, ends: tuple[float, float], colour: str) -> None:
    edges = np.linspace(*ends, len(shares) + 1)
    figure.add_bar(
        x=(edges[1:] + edges[:-1]) / 2,
        y=shares,
        width=np.diff(edges),
        marker={"color": colour, "line_width": 0},
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        hovertemplate="h ≈ %{x:.3~g}: %{y:.1%}<extra></extra>",
    )


def _slopes(
    figure: go.Figure,
    axis: int,
    slopes: np.ndarray,
    weights: np.ndarray,
    row: Mapping[str, Any],
    span: tuple[int, int],
    colour: str,
    colours: Colours,
) -> None:
    """Gradients of the values as bars, of the weights as a line; at the left, as a number, how many are 0."""
    places = LOW + (np.arange(len(slopes) - 1) + 0.5) / FINE
    axes, powers = {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}, [number(10.0**place) for place in places]
    figure.add_bar(
        x=places,
        y=slopes[1:],
        width=1 / FINE,
        marker={"color": colour, "line_width": 0},
        customdata=powers,
        hovertemplate=f"|∂L/∂h| ≈ %{{customdata}}: %{{y:.1%}}<br>‖∂L/∂h‖ = {number(row['slope'])}<extra></extra>",
        **axes,
    )
    if slopes[0] > STRAY:
        figure.add_annotation(
            x=span[0] - ZERO / 2 * (span[1] - span[0]),
            y=0.5,
            xref=axes["xaxis"],
            yref=f"{axes['yaxis']} domain",
            text=f"{100 * slopes[0]:.0f} %",
            font={"color": colours.grey, "size": 10},
            showarrow=False,
        )
    if row["weights"] is not None:
        figure.add_scatter(
            x=places,
            y=weights[1:],
            mode="lines",
            line={"color": colours.ink, "width": 1.2, "shape": "hvh"},
            customdata=powers,
            hovertemplate=f"|∂L/∂θ| ≈ %{{customdata}}: %{{y:.1%}}<br>exactly 0: {weights[0]:.1%}<extra></extra>",
            **axes,
        )


def _powers(span: tuple[int, int], labels: bool) -> dict[str, Any]:
    """An axis of powers of ten, and 0 at its left."""
    low, high = span
    zero = ZERO * (high - low)
    ticks = range(low, high + 1, max(1, math.ceil((high - low) / 3)))
    texts = [f"10{str(tick).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}" for tick in ticks]
    return {
        "range": [low - zero, high],
        "tickvals": [low - zero / 2, *ticks],
        "ticktext": ["0", *texts],
        "showticklabels": labels,
        "showgrid": True,
    }


def _about(row: Mapping[str, Any]) -> str:
    if row["idle"] is not None:
        return f"{100 * row['idle']:.0f} % {'dead' if row['kind'] == 'ReLU' else 'saturated'}"
    return str(row["shape"])


def _write(figure: go.Figure, x: float, y: float, text: str, **how: Any) -> None:
    middle = {"xanchor": "center", "yanchor": "middle", "align": "center"}
    figure.add_annotation(x=x, y=y, xref="paper", yref="paper", text=text, showarrow=False, **(middle | how))


def _ends(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = max(0.02 * (high - low), 1e-3)
    return low - margin, high + margin


def _plain(figure: go.Figure, height: int, colours: Colours) -> go.Figure:
    return figure.update_layout(
        height=height,
        showlegend=False,
        font={"color": colours.ink, "size": 12},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
