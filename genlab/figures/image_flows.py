"""What is seen inside a flow on images: masks laid back onto the image, mixed channels, directions between classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from genlab.figures.colours import Colours
from genlab.figures.maps import Figure, Maps, classes, ink, matrix, signed
from genlab.formats import format_count, format_number
from genlab.views.limits import STEPS

ROLES = ("kept", "changes", "has left")
NEARLY = 0.1  # root mean square of the singular values' distance from 1: a rotation, or nearly
SIDE, CELLS, ROW = 248, 268, 106  # sides of a map, in screen pixels: three stand in a row, or seven


def coupling(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """What a coupling does with one image, see ``genlab.views.image_layers.coupling``."""
    kept, changed, left = map(format_count, meta["counts"])
    kind = "checkerboard" if meta["checkerboard"] else "halves of the channels"
    gone = f", {left} have left already" if meta["counts"][2] else ""
    leaves = " **After it half of the channels leave.**" if meta["leaves"] else ""
    palette = [(colours.data, 0.85), (colours.model, 0.9), (colours.grey, 0.25)]
    most = meta["levels"] - 1
    return Figure(
        [
            ink(arrays["image"][None].astype(float), ["the image"], low=0, high=most, colours=colours, side=SIDE),
            classes(arrays["roles"][None], palette, ROLES, [f"mask b: {kind}"], side=SIDE),
            signed(arrays["before"], "x, what comes in", colours=colours, side=SIDE),
            signed(arrays["s"], "log-scale s", colours=colours, side=SIDE),
            signed(arrays["t"], "shift t", colours=colours, side=SIDE),
            signed(arrays["after"], "y, what goes out", colours=colours, side=SIDE),
        ],
        f"Coupling **{meta['layer'] + 1} of {meta['layers']}**, on scale {meta['scale'] + 1} of {meta['scales']}, "
        f"{kind}: {kept} numbers are kept, **{changed} change**{gone}. Its log |det J| is the sum of s: "
        f"**{_signed(meta['log_det'])} nats**; with the logit and all before it {_signed(meta['total'])}.{leaves}",
    )


def mixing(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """Actnorm and the matrix of one step, see ``genlab.views.image_layers.mixing``."""
    values = ", ".join(format_number(value, 2) for value in meta["singular"])
    away = meta["away"] / len(meta["singular"]) ** 0.5
    verdict = "still nearly a rotation" if away < NEARLY else "no rotation any more: it stretches and presses too"
    return Figure(
        [
            matrix(np.diag(arrays["scale"]), "actnorm: a scale for each channel", colours=colours, side=CELLS),
            matrix(arrays["weight"], "W mixes the channels", colours=colours, side=CELLS),
            signed(arrays["gram"], "WᵀW − I: 0 for a rotation", colours=colours, side=CELLS),
        ],
        f"Step **{meta['step'] + 1} of {meta['steps']}**, on scale {meta['scale'] + 1} of {meta['scales']}, "
        f"{len(meta['singular'])} channels. log |det W| = Σ log |s| = **{_signed(meta['log_det'], 3)}** nats for each "
        f"of {meta['places']} places, {_signed(meta['log_det'] * meta['places'])} nats in all, whatever the image. "
        f"Singular values: {values}. W is **{verdict}**: {format_number(meta['away'], 2)} away from the nearest one.",
    )


def direction(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray], colours: Colours) -> Figure:
    """A sample and a digit on their way from one class to another, see ``genlab.views.image_layers.direction``."""
    a, b = meta["a"], meta["b"]
    most = meta["levels"] - 1

    def row(k: int, name: str) -> Maps:  # the legend stands once, below both
        posterior = arrays["posterior"][k]
        titles = [f"{step:+.1f}".replace("-", "−") if step else name for step in STEPS]
        notes = [f"{p.argmax()}: {round(100 * float(p.max()))}\u00a0%" for p in posterior]
        images = arrays["images"][k].astype(float)
        made = ink(images, titles, low=0, high=most, colours=colours, notes=notes, side=ROW)
        return made if k else replace(made, legend=())

    if a == b:
        said = "**Choose two different classes**: from a class to itself there is no direction."
    else:
        whole = arrays["posterior"][:, STEPS.index(1.0), a]
        said = (
            f"From **{b}**, at 0, to **{a}**, at +1, and beyond. Above each image: what the model itself reads there, "
            f"by Bayes' rule. At +1 the sample is a {a} with {round(100 * float(whole[0]))}\u00a0%, the digit with "
            f"{round(100 * float(whole[1]))}\u00a0%."
        )
    return Figure([row(0, "sample"), row(1, "digit")], said)


def _signed(value: float, digits: int = 1) -> str:
    return f"{'+' if value > 0 else ''}{format_number(value, digits)}"
