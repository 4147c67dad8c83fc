"""*Look inside* of the flows: what one layer does, and how good and how fast the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import create_model

from genlab.declaration import Declaration, number
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.shell.controls import controls
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.theme import colours
from genlab.ui.shell.views import model
from genlab.views.pack import unpack

LAYER_SIDE = 48


@dataclass(frozen=True)
class AtLayer(Inside):
    """A flow and one of its layers."""

    layer: int  # from 0, the first one from the data's side


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model and a layer that the visitor chooses."""
    page = f"{family.name}.look"
    with st.container(horizontal=True, gap="medium", key=f"{page}.settings"):
        chosen = model(page, family)
        if chosen is None:
            return
        source, experiment = chosen
        depth = experiment.architecture().get("depth", 1)
        layer = 1
        if depth > 1:
            field = number(1, "layer", "Counted from the data's side, as f = f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾.", 1, depth)
            layers = create_model("Layer", __base__=Declaration, layer=(int, field))()
            layer = controls(layers, ["layer"], page=page).model_dump()["layer"]
    show(panels, AtLayer(page, source, experiment, layer - 1))


def layer_fields(inside: AtLayer) -> None:
    """What one layer moves, how it changes areas, and its Jacobian."""
    from genlab.figures import flows as figures  # Plotly takes a second to import: only who looks inside waits

    meta, arrays = inside.view("layer_fields", layer=inside.layer)
    theme, half, config = colours(), meta["half"], {"displayModeBar": False}
    st.subheader(f"Layer {inside.layer + 1} of {meta['layers']}: {meta['kind']}", anchor=False)
    kept = [f"x{'₁₂'[i]}" for i, moves in enumerate(meta["moved"]) if not moves]
    moved = [f"x{'₁₂'[i]}" for i, moves in enumerate(meta["moved"]) if moves]
    mask = (
        f"It keeps **{kept[0]}** and transforms **{moved[0]}** in a way that {kept[0]} alone decides."
        if len(kept) == 1
        else "It moves **both coordinates**."
        if moved
        else "It moves nothing."
    )
    st.markdown(
        f"{mask} Red is where it stretches areas on the way from data to noise (log |det J| > 0), blue where it "
        f"shrinks them. The closed form agrees with the determinant of autograd's full Jacobian up to "
        f"**{meta['gap']:.1g}**: rounding in float32."
    )
    fields = {"log |det J|, closed form": arrays["log_det"], "log |det J|, autograd": arrays["autograd"]}
    if "s" in arrays:  # an autoregressive layer keeps nothing, and divides by its scale on the way to the noise
        scale, shift = ("log-scale s", "shift t") if kept else ("log σ, last coordinate", "μ, last coordinate")
        fields |= {scale: arrays["s"], shift: arrays["t"]}
    for column, (name, values) in zip(st.columns(len(fields)), fields.items(), strict=True):
        with column:
            st.markdown(f"**{name}**")
            st.plotly_chart(
                figures.field(name, values, half, colours=theme), key=f"{inside.page}.field.{name}", config=config
            )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Where it moves points**: each arrow begins at a point and ends at its image.")
        st.plotly_chart(
            figures.arrows(arrays["shift"], half, colours=theme), key=f"{inside.page}.arrows", config=config
        )
    with right:
        st.markdown(
            "**Its Jacobian J at the centre**, by autograd: row i says how the output yᵢ changes with each input."
            + (f" The row of {kept[0].replace('x', 'y')} is that of the identity." if len(kept) == 1 else "")
        )
        st.plotly_chart(figures.matrix(arrays["jacobian"], colours=theme), key=f"{inside.page}.matrix", config=config)


def six_dimensions(inside: Inside) -> None:
    """The lecture's coupling in six dimensions: its Jacobian by autograd, and in closed form."""
    from genlab.figures import flows as figures

    meta, arrays = unpack(_coupling())
    st.subheader("A coupling layer in six dimensions", anchor=False)
    st.markdown(
        "The lecture's example: the mask $b = (1, 1, 1, 0, 0, 0)$, and $s$, $t$ linear maps with tanh, freshly drawn. "
        "Autograd's Jacobian has an identity where coordinates pass, zeros at its right, anything below, a diagonal "
        f"$e^{{s_i}}$: its log-determinant is **{meta['autograd']:.6f}** by elimination and $\\sum_i (1-b_i)\\, s_i$ = "
        f"**{meta['closed']:.6f}** in closed form."
    )
    st.plotly_chart(
        figures.matrix(arrays["jacobian"], colours=colours(), blocks=3),
        key=f"{inside.page}.six",
        config={"displayModeBar": False},
    )


@st.cache_data(show_spinner=False)
def _coupling() -> bytes:
    block: bytes = engine().ask("genlab.runtime.flows:coupling_example")
    return block


def speed(inside: Inside) -> None:
    """MAF against IAF: each way, in three dimensions, measured now."""
    st.subheader("MAF against IAF, measured now", anchor=False)
    st.markdown(
        "Both have five layers of the same network. Where a coordinate must wait for those before it, the network is "
        "passed once for each of the $D$ coordinates; where all of them are known, one pass is enough. MAF knows the "
        "data, IAF knows the noise."
    )
    if st.button("Measure again", icon=":material/timer:", key=f"{inside.page}.measure"):
        _times.clear()
    with st.spinner("Timing both in 2, 8 and 64 dimensions …"):
        rows = _times()
    st.table(
        {
            "D": [row["dim"] for row in rows],
            "MAF, density": [f"{row['maf_density']:.2f} ms, 1 pass" for row in rows],
            "MAF, generation": [f"{row['maf_generation']:.2f} ms, {row['dim']} passes" for row in rows],
            "IAF, density": [f"{row['iaf_density']:.2f} ms, {row['dim']} passes" for row in rows],
            "IAF, generation": [f"{row['iaf_generation']:.2f} ms, 1 pass" for row in rows],
        }
    )
    last = rows[-1]
    st.caption(
        f"A batch of {last['batch']} points, the fastest of a few runs, on {last['device']}. With D = 64, as in an "
        f"8×8 image, generation takes MAF {last['maf_generation'] / last['maf_density']:.0f} times as long as a "
        f"density; IAF is the other way round."
    )


@st.cache_data(show_spinner=False)
def _times() -> list[dict[str, Any]]:
    times: list[dict[str, Any]] = engine().ask("genlab.runtime.flows:autoregressive_times")
    return times
