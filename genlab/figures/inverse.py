"""How far from where they began round trips through a flow end, as Plotly figures and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from genlab.figures.colours import Colours

HEIGHT = 300  # pixels
LEAST = 1e-17  # an error of 0 is drawn here, on an axis of powers of ten
GONE = 0.1  # an error from which on a point is another one,
SEEN = 0.5  # and a pixel another grey level
FAR, HOT = 8.0, 3.0  # a distance and a temperature that the words are about


def round_trips(
    at: np.ndarray, errors: np.ndarray, *, line: float, words: tuple[str, str, str], colour: str, colours: Colours
) -> go.Figure:
    """Errors over the distance from the middle.

    Arguments:
        at: distances (R,).
        errors: (3, R), the median in float32, the largest in float32 and the largest in float64; a point that
            overflows is left out.
        line: a distance with a meaning.
        words: at the axes, and at that line.
        colour: of float32.
    """
    shown = np.where(np.isfinite(errors), np.maximum(errors, LEAST), np.nan)
    strokes = (
        ("largest, float32", {"color": colour, "width": 2.5}, "lines+markers"),
        ("median, float32", {"color": colour, "width": 1.5, "dash": "dot"}, "lines"),
        ("largest, float64", {"color": colours.grey, "width": 2.5}, "lines"),
    )
    figure = go.Figure()
    for (name, stroke, mode), row in zip(strokes, (1, 0, 2), strict=True):
        figure.add_scatter(x=at, y=shown[row], name=name, line=stroke, mode=mode, marker={"size": 6})
    figure.add_vline(line, line={"color": colours.ink, "width": 1, "dash": "dash"})
    figure.add_annotation(
        x=line, y=1, yref="paper", text=words[2], showarrow=False, xanchor="left", yanchor="bottom", xshift=-2
    )
    grid = {"showgrid": True, "gridcolor": "rgba(128,128,128,0.2)", "zeroline": False}
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 60, "r": 10, "t": 24, "b": 44},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": colours.ink},
        legend={"orientation": "h", "y": -0.26, "yanchor": "top"},
        xaxis={"title": words[0], "range": [0, float(at[-1])], **grid},
        yaxis={"title": words[1], "type": "log", "nticks": 6, "exponentformat": "power", **grid},
    )
    return figure


def on_plane(
    meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours
) -> tuple[str, dict[str, go.Figure]]:
    """What is seen of ``genlab.views.inverse.on_plane``, in words, and both ways, by what they go through."""
    figures = {
        f"**{way}**": round_trips(
            arrays["at"],
            arrays[name],
            line=meta["within"][name],
            words=(f"distance of {way[0]} from the middle", "error", f"99 % of the {name} lie left of here"),
            colour=getattr(colours, name),
            colours=colours,
        )
        for name, way in (("data", "x → z → x"), ("noise", "z → x → z"))
    }
    at, x = arrays["at"], arrays["data"]
    far = int(np.flatnonzero(at == FAR)[0])
    gone = at[x[1] > GONE]
    end = (
        f"From a distance of {gone[0]:g} on some points come back more than {GONE} away: the **inverse explodes**. The "
        "formula is right, as float64 shows; float32 has not the digits that would be needed."
        if len(gone)
        else f"Up to a distance of {at[-1]:g} no point comes back more than {GONE} away: this one can be inverted in "
        "practice too."
    )
    said = (
        f"Held-out data come back up to **{describe(meta['held_out'])}**. At a distance of {at[far]:g} the largest "
        f"error in float32 is **{describe(x[1, far])}**, the median {describe(x[0, far])}; in float64 the largest is "
        f"{describe(x[2, far])}. {end}"
    )
    return said, figures


def on_images(
    meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours
) -> tuple[str, dict[str, go.Figure]]:
    """What is seen of ``genlab.views.inverse.on_images``, in words, and errors of the noise and of the image."""
    at, noise, image = arrays["at"], arrays["noise"], arrays["image"]
    titles = {"noise": "**the noise**: z → y → z", "image": "**the image**: y → z → y"}
    units = {"noise": "error in z", "image": "grey levels"}
    figures = {
        titles[name]: round_trips(
            at,
            arrays[name],
            line=1.0,
            words=("temperature of z", unit, "T = 1: what it has learnt"),
            colour=colours.noise if name == "noise" else colours.model,
            colours=colours,
        )
        for name, unit in units.items()
    }
    one, hot = (int(np.flatnonzero(at == t)[0]) for t in (1.0, HOT))
    gone = at[image[1] > SEEN]
    end = (
        f"From T = {gone[0]:g} on some images come back as others: the **inverse explodes**. The formula is right, as "
        "float64 shows; float32 has not the digits that would be needed."
        if len(gone)
        else f"Up to T = {at[-1]:g} every image comes back: no pixel is half a grey level off."
    )
    said = (
        f"Example digits come back up to **{describe(meta['digits'])}** grey levels. At T = 1 noise comes back up to "
        f"**{describe(noise[1, one])}**; at T = {HOT:g} up to **{describe(noise[1, hot])}** in float32, the median "
        f"{describe(noise[0, hot])}, and up to {describe(noise[2, hot])} in float64. {end} One thing no numbers can "
        f"undo: at T = {HOT:g}, {_percent(arrays['cut'][hot])} of the pixels are blacker than black or whiter than "
        f"white, and are cut off; at T = 1, {_percent(arrays['cut'][one])}."
    ).replace("T = ", "T\u00a0=\u00a0")
    return said, figures


def describe(value: float) -> str:
    """An error of any size: 7.3, 0.02, 3 · 10⁻⁶."""
    if not np.isfinite(value):
        return "more than there are numbers"
    if value == 0:
        return "0"
    digit, power = f"{value:.0e}".split("e")
    if -2 <= int(power) <= 2:
        return f"{value:.2g}" if value < 10 else f"{value:.0f}"
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit}\u00a0·\u00a010{raised}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g}\u00a0%" if 0 < share < 0.1 else f"{100 * share:.0f}\u00a0%"
