"""The Watch panel of models with latents: the plane, and how a flow bends the posterior of one image."""

from __future__ import annotations

import streamlit as st

from genlab.experiments.entries import Family
from genlab.ui.latents.bend import bend
from genlab.ui.latents.plane import plane
from genlab.ui.shell.views import model
from genlab.ui.shield import shield
from genlab.ui.training.train import train_on

TRY_PLANE = (
    "Move over the plane: the decoder draws what is there. Drag from one class to another and watch the walk: where "
    "does a 4 become a 9? Ellipses are small where the decoder needs z to be exact. Space plays, arrows step."
)
TRY_BEND = (
    "Step through the layers, and compare with the true posterior beside it. Some images have a curved or a lopsided "
    "one: *next image* until you find it. Space plays, arrows step."
)
# The settings do not jump when the first picture arrives.
RESERVED = """<style>
[class*="watch-picture"] { min-height: 600px; }
[class*="watch-posterior"] { min-height: 540px; }
@media (max-width: 800px) {
  [class*="watch-picture"] { min-height: 960px; }
  [class*="watch-posterior"] { min-height: 660px; }
}
</style>"""


def watch(family: Family) -> None:
    """Draws the panel: of a flow posterior of two latents first how it bends."""
    page = f"{family.name}.watch"
    st.html(RESERVED)
    picture = st.container(key=f"{page}.{'posterior' if family.name == 'flow-posterior' else 'picture'}")
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    bends = family.name == "flow-posterior" and experiment.latent == 2
    with picture, shield():
        if bends:
            bend(source, key=f"{page}.bend")
        else:
            plane(source, key=f"{page}.plane")
    st.caption(TRY_BEND if bends else TRY_PLANE)
    if bends:
        st.subheader("The plane", anchor=False)
        with shield():
            plane(source, key=f"{page}.plane")
        st.caption(TRY_PLANE)
    train_on(family, source, experiment)
