"""*Look inside* of the flows: what one layer does, and how good and how fast the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic import create_model

from genlab.declaration import Declaration, number
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.ui.flows.hands import hands
from genlab.ui.shell.dials import dials
from genlab.ui.shell.inverse import round_trips
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.maps import maps
from genlab.ui.shell.views import model, turn

# What stands below does not jump when the first maps arrive: four small ones and two, or four large ones.
RESERVED = """<style>
[class*="-dials-box"] { min-height: 54px; }
[class*="look-figure-layer"] { min-height: 765px; }
[class*="look-figure-six"] { min-height: 457px; }
:is([class*="nice"], [class*="planar"],
  [class*="radial"], [class*="spline"])[class*="look-figure-layer"] { min-height: 899px; }
@media (min-width: 1700px) {
  [class*="look-figure-layer"] { min-height: 914px; }
  [class*="look-figure-six"] { min-height: 485px; }
  :is([class*="nice"], [class*="planar"],
  [class*="radial"], [class*="spline"])[class*="look-figure-layer"] { min-height: 509px; }
}
@media (max-width: 640px) {
  [class*="look-figure-layer"] { min-height: 1398px; }
  [class*="look-figure-six"] { min-height: 507px; }
  :is([class*="nice"], [class*="planar"],
  [class*="radial"], [class*="spline"])[class*="look-figure-layer"] { min-height: 1744px; }
}
</style>"""


@dataclass(frozen=True)
class AtLayer(Inside):
    """A flow and one of its layers."""

    at: str  # which place of the page it is that the pictures follow
    layer: int  # from 1, the first one from the data's side


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model and a layer that the visitor chooses."""
    page = f"{family.name}.look"
    st.html(RESERVED)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=f"{page}.settings"):
        chosen = model(page, family)
        if chosen is None:
            return
        source, experiment = chosen
        depth = experiment.architecture().get("depth", 1)
        at, layer = f"{page} {depth}", 1
        if depth > 1:
            field = number(1, "layer", "Counted from the data's side, as f = f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾.", 1, depth)
            layers = create_model("Layer", __base__=Declaration, layer=(int, field))()
            layer = dials(layers, page=page, at=at).model_dump()["layer"]
    show(panels, AtLayer(page, source, experiment, at, layer))


def layer_fields(inside: AtLayer) -> None:
    """What one layer moves, how it changes areas, and its Jacobian."""
    st.subheader("What one layer does", anchor=False)
    st.markdown(
        "Red is where areas grow on the way from noise to data, as *stretch* shows it in Watch, and blue where they "
        "shrink. The Jacobian J of the equations leads from data to noise: red is log |det J| < 0. "
        "Row i of J says how the output yᵢ changes with each input; grey are the 0 and 1 that the layer is built to "
        "have, whatever its weights."
    )
    place = {"layer": inside.layer}
    maps("layer_fields", inside.source, key=f"{inside.page}.figure.layer", at=inside.at, place=place)


def in_hand(inside: AtLayer) -> None:
    """A planar, radial or spline layer whose numbers are dragged."""
    st.subheader("One layer in your hands", anchor=False)
    st.markdown(
        "The maps above stay as the layer was trained; here it is yours to bend, and stays a layer that can be undone."
    )
    with st.container(key=f"{inside.page}.hands.box"):
        hands(inside.source, key=f"{inside.page}.hands", at=inside.at, layer=inside.layer)


def six_dimensions(inside: Inside) -> None:
    """The lecture's coupling in six dimensions: its Jacobian by autograd, and in closed form."""
    st.subheader("A coupling layer in six dimensions", anchor=False)
    st.markdown(
        "The example of Fleuret's lecture 10.3: the mask $b = (1, 1, 1, 0, 0, 0)$, and $s$, $t$ linear maps with tanh, "
        "freshly drawn. "
        "Autograd's Jacobian has an identity where coordinates pass, zeros at its right, anything below, a diagonal "
        "$e^{s_i}$. In closed form its log-determinant is $\\sum_i (1-b_i)\\, s_i$."
    )
    maps("coupling_example", key=f"{inside.page}.figure.six")


def inverse(inside: Inside) -> None:
    """Where invertibility ends in practice."""
    round_trips(
        inside,
        "on_plane",
        "Here points all round, at a distance from the middle, go through all layers and back.",
        dataset=inside.experiment.dataset,
        table=inside.experiment.table,
    )


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
    times: list[dict[str, Any]] = engine().ask("genlab.runtime.flows:autoregressive_times", meanwhile=turn)
    return times
