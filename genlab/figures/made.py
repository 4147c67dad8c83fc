"""What is seen inside a MADE, as maps and in words.

Each takes words and numbers (``meta``) and arrays of the view of its name, see ``genlab.views.made``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from genlab.figures.colours import MAGNITUDE, Colours
from genlab.figures.maps import Figure, Maps, classes, ramp, rgba
from genlab.figures.pixels import FEW, Arrays, influence
from genlab.formats import format_count

MIDDLE = 240


def masks(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """The masks of every layer, and what of them leads to one output."""
    palette = [(colours.ink, 0.04), (colours.grey, 0.45), (colours.now, 0.9)]
    words = ["masked", "kept", "leads to the red pixel"]
    groups = []
    for k, name in enumerate(meta["names"]):
        out, into = meta["shapes"][k]
        note = f"{out} × {into}, {100 * meta['kept'][k]:.0f} % kept"
        groups.append(classes(arrays[f"mask{k}"][None], palette, words, [name], notes=[note], side=MIDDLE))
    lit = dict(zip(meta["names"], meta["lit"], strict=True))
    said = ", ".join(f"**{format_count(count)}** of {name}" for name, count in lit.items())
    return Figure(
        [replace(maps, legend=()) for maps in groups[:-1]] + groups[-1:],
        f"Weights that lead to the output of the red pixel: {said}.",
    )


def connectivity(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What reaches one output, by the masks and by the gradient."""
    ways, gradient, rank = arrays["ways"], arrays["gradient"], arrays["rank"].astype(int)
    told, measured = ways > 0, gradient > 0
    own = rank[meta["row"], meta["column"]]
    share = ways / max(float(ways.max()), 1.0)
    drawn = partial(influence, missed=((rank < own) & ~told)[None], colours=colours, side=MIDDLE)
    by_masks = drawn(share[None], told[None], titles=["by the masks"], notes=["ways through the network"])
    by_slope = drawn(gradient[None], measured[None], titles=["measured"], notes=["gradient of the logits"])
    legend = [{**by_masks.legend[0], "label": "of the most"}, *by_masks.legend[1:]]
    by_masks = replace(by_masks, values=ways[None], legend=legend)
    agree = int((told == measured).sum())
    return Figure(
        [by_masks, by_slope, _order(rank)],
        f"In this order the red pixel is number **{own}**. The masks let **{told.sum()}** pixels through to its "
        f"output; the gradient is not zero at **{measured.sum()}**. Both say the same of **{agree}** of {rank.size} "
        "pixels.",
    )


def _order(rank: np.ndarray) -> Maps:
    legend = [{"ramp": list(MAGNITUDE), "label": "", "ticks": ["1, first", f"{rank.size}, last"]}]
    pixels = ramp(MAGNITUDE, (rank - 1) / max(1, rank.size - 1))
    return Maps(
        pixels[None], rank[None].astype(np.float32), ["the order"], ["number of each pixel"], legend, side=MIDDLE
    )


def sweeps(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """One image, sweep by sweep, with the pixels that each has changed."""
    images, changed = arrays["images"] / (meta["levels"] - 1), arrays["changed"] > 0
    grey = np.round(255 * (1 - images)).astype(np.uint8)
    pixels = np.stack([grey, grey, grey, np.full_like(grey, 255)], -1)
    red = np.array(rgba(colours.now), float)
    pixels[changed] = np.round(0.35 * pixels[changed] + 0.65 * red)
    passes, total, ms = meta["passes"], meta["pixels"], meta["ms"]
    maps = Maps(
        pixels,
        arrays["images"].astype(np.float32),
        [f"sweep {k}" for k in meta["index"]],
        [f"{count} changed" if count else "nothing changed" for count in changed.sum((1, 2))],
        [{"colour": colours.now, "label": "changed by this sweep"}],
        side=FEW,
    )
    same = "the very image" if meta["same"] else "not the image, by a rounding error,"
    return Figure(
        [maps],
        f"**{passes}** passes in place of **{total}**, **{total - passes}** saved: {same} that is written pixel by "
        f"pixel. The sweeps took {ms['sweeps']:.1f} ms, {ms['sweeps'] / passes:.2f} each; pixel by pixel, with the "
        f"first layer's sums kept, it took {ms['steps']:.1f} ms.",
    )
