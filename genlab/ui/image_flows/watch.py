"""The Watch panel of flows on images: noise becomes an image, and images between four images."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from genlab.declaration import number
from genlab.experiments.entries import Family
from genlab.ui.image_flows.corners import corners
from genlab.ui.image_flows.journey import journey
from genlab.ui.shell.controls import held, settle
from genlab.ui.shell.sources import SEEDS, ModelChoice, choose, own, settings, source_of
from genlab.ui.shield import shield
from genlab.ui.training.train import train_on

TRY_CORNERS = (
    "z(φ, φ′) = cos φ (cos φ′ z₁ + sin φ′ z₂) + sin φ (cos φ′ z₃ + sin φ′ z₄), as in Figure 6 of the paper on Real "
    "NVP: each edge leads from one image to another. Move over the map. The shares are of the noise: an image of a "
    "quarter each need not look like all four. To put another image into a corner, choose the corner, then a sample "
    "or a drawing; what you draw in Draw stands there too."
)
# The settings do not jump when the first images arrive.
RESERVED = """<style>
[class*="watch-picture"] { min-height: 500px; }
[class*="watch-corners"] { min-height: 440px; }
@media (max-width: 800px) {
  [class*="watch-picture"] { min-height: 610px; }
  [class*="watch-corners"] { min-height: 740px; }
}
</style>"""


class Watch(ModelChoice):
    """What is watched of a flow on images."""

    temperature: float = number(0.7, "temperature", "What the noise z is multiplied with.", 0, 1.5, step=0.05)
    seed: int = number(0, "seed", "Of the noise. Same seed, same sixteen samples.", 0, SEEDS - 1)
    sample: int = number(1, "sample", "The one whose way is shown.", 1, 16)


def watch(family: Family) -> None:
    """Draws the panel."""
    page, mine = f"{family.name}.watch", own(family.name)
    if (default := settings(Watch, family.name, mine is not None)) is None:
        return
    st.html(RESERVED)
    picture = st.container(key=f"{page}.picture")
    chosen = choose(page, default, ["model", "category"], mine)
    chosen, (*controls, _) = held(chosen, ["temperature", "seed", "sample"], page=page)  # a click chooses the sample
    source, experiment = source_of(chosen.model, mine)
    label = None if chosen.category == "any" else chosen.category
    with picture, shield():
        journey(
            source, label, chosen.sample, controls, key=f"{page}.journey", on_settings=partial(_settled, page, chosen)
        )
    st.caption(family.hint)
    st.subheader("Between four images", anchor=False)
    with st.container(key=f"{page}.corners"), shield():
        corners(source, experiment, chosen.seed, chosen.temperature, label, key=f"{page}.manifold")
    st.caption(TRY_CORNERS)
    train_on(family, source, experiment)


def _settled(page: str, chosen: Watch) -> None:
    sent: dict[str, Any] = st.session_state.get(f"{page}.journey") or {}
    settle(chosen, sent.get("settings") or {}, page=page)
