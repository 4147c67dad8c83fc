"""*Look inside* of models with latents: the bound in its parts, how tight it is, what a flow brought."""

from __future__ import annotations

import streamlit as st

from genlab.catalog import CATALOG
from genlab.errors import DataUnavailable
from genlab.experiments.entries import Family
from genlab.formats import format_count, format_number
from genlab.ui.shell.look import Inside, Panel, show
from genlab.ui.shell.theme import PLAIN, colours
from genlab.ui.shell.views import model
from genlab.views.limits import ACTIVE

DATA = ("dataset", "size", "levels")
GAUSSIAN = {"mnist": "vae-2d-mnist-binary", "digits": "vae-digits"}  # the same without a flow, trained as long
SURE = 2.0  # standard errors from which on a difference is one


def look(family: Family, panels: tuple[Panel, ...]) -> None:
    """Draws the panels for a model that the visitor chooses."""
    page = f"{family.name}.look"
    if (chosen := model(page, family)) is None:
        return
    source, experiment = chosen
    try:
        show(panels, Inside(page, source, experiment))
    except DataUnavailable as error:
        st.info(str(error))


def parts(inside: Inside) -> None:
    """ELBO = reconstruction − KL, and the KL of each dimension."""
    from genlab.figures.latents import used

    st.subheader("What an image costs", anchor=False)
    meta, arrays = inside.view("genlab.views.latents:bounds", **_data(inside))
    left, middle, right = st.columns(3)
    cost = f"{-meta['reconstruction']:.1f} nats"
    left.metric("reconstruction", cost, help="−E log p(x|z): the pixels, z being known.")
    middle.metric("KL", f"{meta['divergence']:.1f} nats", help="What naming z costs: KL(q(z|x) ‖ p(z)).")
    right.metric("−ELBO", f"{-meta['mean'][0]:.1f} ± {meta['sure'][0]:.1f} nats", help="Their sum.")
    if inside.experiment.family == "fvae":
        st.caption(
            f"Means over {meta['n']} test images. The prior is a flow over all latents at once, so the KL has no "
            "parts, one for each dimension."
        )
        return
    st.plotly_chart(used(arrays["kl"], colours=colours()), key=f"{inside.page}.kl", config=PLAIN)
    still = int((arrays["kl"] <= ACTIVE).sum())
    collapsed = (
        f"**{still} of {len(arrays['kl'])} dimensions are collapsed** (grey): for them the encoder says N(0, 1) "
        "whatever it sees, and the decoder does not listen."
        if still
        else "All dimensions are in use."
    )
    flow = " (of the Gaussian before the flow)" if inside.experiment.family == "flow-posterior" else ""
    st.caption(
        f"KL of each dimension{flow}, mean over {meta['n']} test images. {collapsed} Try: train with β = 4, or with 40 "
        "dimensions, and look again."
    )


def tight(inside: Inside) -> None:
    """Importance-weighted bounds, which rise towards log p(x)."""
    from genlab.figures.latents import tightened

    st.subheader("How far below log p(x) is the bound?", anchor=False)
    meta, _ = inside.view("genlab.views.latents:bounds", **_data(inside))
    st.plotly_chart(tightened(meta, colours=colours()), key=f"{inside.page}.bounds", config=PLAIN)
    st.caption(
        f"The same {meta['n']} test images. Instead of one z an image, k are drawn and weighted: the bound can only "
        f"rise, and with 512 draws it stands at −log p(x) ≤ **{format_number(-meta['mean'][-1], 1)} ± "
        f"{meta['sure'][-1]:.1f} nats**. What it gains is what q(z|x) lacks: a posterior that were exact would gain "
        "nothing. Whiskers: one standard error over images."
    )


def gains(inside: Inside) -> None:
    """What the flow brought, beside a Gaussian posterior that was trained as long."""
    st.subheader("Does the flow help?", anchor=False)
    other = GAUSSIAN.get(inside.experiment.dataset)
    if other is None or (inside.experiment.size, inside.experiment.levels) not in ((28, 2), (8, 17)):
        st.markdown("There is no shipped Gaussian posterior for these data to compare with.")
        return
    if inside.experiment.latent != CATALOG[other].experiment.model_dump()["latent"] or not CATALOG[other].shipped:
        st.markdown("The shipped Gaussian posterior has two latents: choose a model with as many.")
        return
    meta, _ = inside.view("genlab.views.latents:gain", other=other, **_data(inside))
    rows = ("−ELBO", f"−log p(x) ≤, {meta['draws']} draws")
    st.table(
        {
            "nats an image": rows,
            "this model": [f"{-value:.2f}" for value in meta["of"]],
            "Gaussian posterior": [f"{-value:.2f}" for value in meta["than"]],
            "gain": [
                f"**{'+' if gain > 0 else ''}{format_number(gain, 2)} ± {sure:.2f}**"
                for gain, sure in zip(meta["gain"], meta["sure"], strict=True)
            ],
        }
    )
    st.markdown(verdict(meta["gain"][0], meta["sure"][0]))
    st.caption(
        f"{meta['n']} test images; ± is one standard error of the difference, image by image. The other model: "
        f"{CATALOG[other].title}, {format_count(CATALOG[other].experiment.steps)} steps on the same batches."
    )


def verdict(gain: float, sure: float) -> str:
    """Whether a gain of the ELBO is one, in words."""
    if abs(gain) <= SURE * sure:
        return "**No difference that could be told from chance**: less than two standard errors."
    if gain < 0:
        return "**It does not help here**: the bound is lower, by more than two standard errors."
    return "**It helps**: the bound is higher, by more than two standard errors."


def _data(inside: Inside) -> dict[str, object]:
    return {name: getattr(inside.experiment, name) for name in DATA}
