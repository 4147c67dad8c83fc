"""What is seen inside a model that writes images pixel by pixel, as maps that lie as the image does, and in words.

Each takes words and numbers (``meta``) and arrays of the view of its name, see ``genlab.views.pixels``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from genlab.figures.colours import MAGNITUDE, Colours
from genlab.figures.maps import Figure, Maps, classes, ink, magnitude, rgba
from genlab.formats import format_count

DECADES = 4  # influence is drawn down to a ten-thousandth of the largest
FEW, MANY = 150, 110  # side of one of up to eight maps, and of more, in screen pixels
LARGE = 400

Arrays = Mapping[str, np.ndarray]


def receptive_field(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What moves the prediction at a pixel."""
    field, seen = arrays["field"], arrays["seen"] > 0
    past = np.arange(seen.size).reshape(seen.shape) < meta["row"] * len(seen) + meta["column"]
    missed = (past & ~seen)[None]
    maps = influence(field[None], seen[None], missed, ["receptive field"], colours=colours, side=LARGE)
    return Figure(
        [maps],
        f"It sees **{(seen & past).sum()}** of the **{past.sum()}** pixels before it, and **{(seen & ~past).sum()}** "
        f"of the others: there the gradient is exactly zero.",
    )


def heard(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What moves the prediction at a pixel, of a model that takes any order."""
    field, seen = arrays["field"], arrays["seen"] > 0
    others = np.ones_like(seen)
    others[meta["row"], meta["column"]] = False
    deaf = (others & ~seen)[None]
    return Figure(
        [influence(field[None], seen[None], deaf, ["all others known"], colours=colours, side=LARGE)],
        f"It hears **{(seen & others).sum()}** of the **{others.sum()}** other pixels, before it or after it.",
    )


def attention(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What the attention of each layer looks at from a pixel."""
    weights, image = arrays["weights"], arrays["image"]
    at = meta["row"] * len(image) + meta["column"]
    flat = weights.reshape(len(weights), -1)
    past = np.broadcast_to((np.arange(image.size) <= at).reshape(image.shape), weights.shape)
    titles = [f"attention after block {after}" for after in meta["after"]]
    maps = influence(
        weights, past, np.zeros_like(past), titles, colours=colours, label="attention weight", side=LARGE // 2
    )
    drawn = ink(image[None], ["the image"], low=0, high=1, colours=colours, side=LARGE // 2)
    entropy = -(flat * np.log(flat, where=flat > 0, out=np.zeros_like(flat))).sum(1)
    most = [f"**{np.exp(nats):.0f}** after block {after}" for after, nats in zip(meta["after"], entropy, strict=True)]
    return Figure(
        [drawn, maps], f"Its entropy is that of an even spread over so many of {at + 1} pixels: {', '.join(most)}."
    )


def blind_spot(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """One stack of masked convolutions against two stacks."""
    seen = np.stack([arrays["one"], arrays["two"]]) > 0
    missed = (arrays["past"] > 0) & ~seen
    one, two = missed.sum((1, 2))
    palette = [(colours.ink, 0.04), (colours.model, 0.75), (colours.grey, 0.55)]
    words = ["not before it, or out of reach", "seen", "before it, but never seen"]
    return Figure(
        [classes(np.where(missed, 2, seen.astype(int)), palette, words, ["one masked stack", "two stacks"])],
        f"Of the {arrays['past'].sum()} earlier pixels within reach of {meta['layers']} "
        f"layer{'s' if meta['layers'] > 1 else ''}, one stack can never use **{one}**; two stacks miss **{two}**.",
        mark=(meta["row"], meta["column"]),
    )


def triangle(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What a Row LSTM sees of the past, and what two stacks of convolutions see."""
    seen = np.stack([arrays["row_lstm"], arrays["pixelcnn"]]) > 0
    size = seen.shape[1]
    past = np.arange(size**2).reshape(size, size) < meta["row"] * size + meta["column"]
    palette = [(colours.ink, 0.04), (colours.model, 0.75), (colours.grey, 0.55)]
    words = ["not before it", "seen", "before it, but never seen"]
    recurrent, convolved = seen.sum((1, 2))
    several = f"{meta['layers']} layer{'s' if meta['layers'] > 1 else ''}"
    return Figure(
        [classes(np.where(past & ~seen, 2, seen.astype(int)), palette, words, [f"Row LSTM, {several}", "PixelCNN"])],
        f"Of the **{past.sum()}** pixels before it a Row LSTM of {several} can use **{recurrent}**, the PixelCNN of "
        f"the page of that name **{convolved}**.",
        mark=(meta["row"], meta["column"]),
    )


def kernels(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """Masks A and B of a single stack, and what the kernels of a model read."""
    masked, read = arrays["masked"], arrays["read"]
    own = [f"{int(cells.sum())} places" for cells in read]
    single = _cells(np.where(masked > 0, 2, 1), ["mask A, first layer", "mask B, later layers"], colours, side=FEW)
    a, b = (int(mask.sum()) for mask in masked)
    two = _cells(np.where(read > 0, 2, 0), meta["names"], colours, notes=own, side=FEW)
    return Figure(
        [replace(single, legend=()), two],
        f"Of **{masked[0].size}** weights mask A keeps **{a}**, mask B **{b}**: the one more is the place itself.",
    )


def _cells(values: np.ndarray, titles: Sequence[str], colours: Colours, **more: Any) -> Maps:
    """Kernels: 0 outside, 1 zeroed, 2 kept; the cell in the middle says so in colours of its own."""
    middle, values = values.shape[1] // 2, values.copy()
    values[:, middle, middle] = np.where(values[:, middle, middle] == 2, 4, 3)
    palette = [
        (colours.ink, 0.04),
        (colours.grey, 0.45),
        (colours.model, 0.75),
        (colours.grey, 0.9),
        (colours.now, 0.9),
    ]
    words = ["not in the kernel", "zeroed by the mask", "read", "the place itself: hidden", "the place itself: read"]
    return classes(values, palette, words, titles, lines=True, **more)


def prediction_path(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """Through which places of all layers the pixels reach one prediction."""
    image, names = arrays["image"], meta["names"]
    at = meta["row"] * len(image) + meta["column"]
    missed = (np.arange(image.size).reshape(image.shape) < at) & (image == 0)
    palette = [
        (colours.ink, 0.04),
        (colours.data, 0.8),
        (colours.model, 0.8),
        (colours.noise, 0.8),
        (colours.grey, 0.45),
    ]
    words = [
        "not on the path",
        "vertical stack: rows above",
        "horizontal stack: pixels to the left",
        "where both meet",
        "before it, but out of reach",
    ]
    kinds = {"vertical": 1, "horizontal": 2}
    groups = [classes(np.where(missed, 4, image)[None], palette, words, ["the image"], side=FEW)]
    for stack in ("vertical", "link", "horizontal", "final"):
        of = [k for k, name in enumerate(names) if name.startswith(stack)]
        if of:
            lit = arrays["maps"][of] * kinds.get(stack, 3)
            titles = [names[k].replace("link", "link ↓") for k in of]
            groups.append(classes(lit, palette, words, titles, side=FEW if len(names) <= 8 else MANY))
    above, beside = int((image & 1).sum()), int((image >> 1).sum())
    attention = bool((image[: meta["row"]] >> 1).any())  # a horizontal stack alone sees its own row
    beside_it = (
        "through the horizontal one, which looks back by attention"
        if attention
        else "to the left through the horizontal one"
    )
    return Figure(
        [replace(maps, legend=()) for maps in groups[:-1]] + groups[-1:],
        f"**{above}** pixels of the rows above reach it through the vertical stack, **{beside}** {beside_it}, "
        f"**{int(missed.sum())}** before it not at all.",
    )


def position_code(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """The channels that spell a pixel's place, and what they say of one."""
    code, ends = arrays["code"], (meta["row"], meta["column"])
    titles = [f"{what}, bit {2**k}" for what in ("row", "column") for k in reversed(range(len(code) // 2))]
    notes = [f"{bit} at the red pixel" for bit in code[:, *ends]]
    palette = [(colours.ink, 0.06), (colours.ink, 0.85)]
    return Figure([classes(code, palette, ["0", "1"], titles, notes=notes, side=FEW)])


def recomputed(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """What one new pixel costs the sampler that keeps what it knows."""
    work, full = meta["work"], meta["full_work"]
    computed = list(zip(arrays["now"].tolist(), arrays["full"].tolist(), strict=True))
    maps = classes(
        arrays["maps"],
        [(colours.ink, 0.04), (colours.grey, 0.45), (colours.now, 1.0)],
        ["not yet needed", "kept from earlier pixels", "computed for this pixel"],
        meta["names"],
        notes=[f"{now} of {all_} places" for now, all_ in computed],
        shares=[now / all_ for now, all_ in computed],
        side=FEW if len(meta["names"]) <= 8 else MANY,
    )
    return Figure(
        [maps],
        f"That takes **{format_count(work)}** multiplications; one full pass over the image takes "
        f"**{format_count(full)}**, {format_count(round(full / max(work, 1)))} times as many, for the same logits.",
    )


def masks(meta: Mapping[str, Any], arrays: Arrays, colours: Colours) -> Figure:
    """The two input channels of the masked network.

    ``meta`` has ``drawn`` too: so many pixels of the image are there; what is known but not drawn yet is left open.
    """
    size = len(arrays["mask"])
    position = meta["row"] * size + meta["column"]
    mask = classes(
        arrays["mask"][None], [(colours.ink, 0.06), (colours.data, 0.8)], ["0, unknown", "1, known"], ["mask"]
    )
    values = arrays["values"].copy()
    values.flat[meta["drawn"] : position] = np.nan
    shown = ink(values[None], ["values"], low=-1, high=1, colours=colours)
    return Figure(
        [mask, shown],
        f"The **{position}** pixels before it are known, the other **{size**2 - position}** are not.",
    )


def fragments(pair: Sequence[tuple[str, Mapping[str, Any], Arrays]], colours: Colours) -> Figure:
    """What a model without the positional encoding and one with it make of the same random numbers.

    Arguments:
        pair: of both a title, and what the view ``samples`` says.
    """
    titles, told, drawn = zip(*pair, strict=True)
    sheets = [montage(arrays["images"] / (meta["levels"] - 1)) for meta, arrays in zip(told, drawn, strict=True)]
    pieces = [arrays["pieces"] for arrays in drawn]
    notes = [f"{', '.join(map(str, sorted(counts)))} pieces" for counts in pieces]
    maps = ink(np.stack(sheets), titles, low=0, high=1, colours=colours, notes=notes, side=LARGE)
    return Figure(
        [maps],
        f"An image here has on average **{pieces[0].mean():.1f}** pieces of ink without the encoding, "
        f"**{pieces[1].mean():.1f}** with it.",
    )


def influence(
    values: np.ndarray,
    seen: np.ndarray,
    missed: np.ndarray,
    titles: Sequence[str],
    *,
    colours: Colours,
    label: str = "influence",
    **more: Any,
) -> Maps:
    """How much each pixel counts for a prediction, on a logarithmic scale.

    Arguments:
        values: float (K, H, W) from 0 to 1.
        seen: bool (K, H, W); the others are left empty.
        missed: bool (K, H, W), marked in grey: past pixels that have no influence.
        label: what the values are.
        more: further attributes of ``Maps``.
    """
    with np.errstate(divide="ignore"):
        height = 1 + np.log10(values) / DECADES
    pixels = magnitude(np.clip(height, 0, 1), seen)
    pixels[missed] = rgba(colours.grey, 0.55)
    ticks = [f"{10.0**-k:g}" for k in reversed(range(DECADES + 1))]
    legend: list[dict[str, Any]] = [{"ramp": list(MAGNITUDE), "label": label, "ticks": ticks}]
    if missed.any():
        legend.append({"colour": colours.grey + "8c", "label": "past, but never seen"})
    return Maps(pixels, np.asarray(values, np.float32), titles, legend=legend, **more)


def montage(images: np.ndarray, gap: int = 2) -> np.ndarray:
    """Images (n, H, W) of ink from 0 to 1, n a square number, as one sheet with grey lines between them."""
    side = int(len(images) ** 0.5)
    padded = np.pad(images.astype(float), ((0, 0), (0, gap), (0, gap)), constant_values=0.15)
    rows = padded.reshape(side, side, *padded.shape[1:]).transpose(0, 2, 1, 3)
    return rows.reshape(side * padded.shape[1], -1)[:-gap, :-gap]
