"""What the samples of an image GAN are worth, in numbers: how far from real images, and how balanced."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.experiment import ImageGANExperiment
from genlab.judgeable import judgeable
from genlab.ui.flows import ask
from genlab.ui.theme import colours
from genlab.views.pack import unpack


def numbers(source: str | bytes, experiment: ImageGANExperiment, key: str) -> None:
    """Draws them, or says that nothing here can judge these images.

    Arguments:
        source: a catalogue name, or weights.
        key: of the figure.

    Raises:
        GenlabError: the model cannot be judged.
    """
    if not judgeable(experiment):
        st.caption("How good the samples are is measured on MNIST in 28×28 only: our classifier knows nothing else.")
        return
    from genlab.figures.classes import classes  # Plotly takes a second to import: only who needs it waits

    meta, _ = unpack(ask(source, "judged", ()))
    st.caption(sentence(meta))
    if meta["collapse"]:
        st.warning(meta["collapse"], icon=":material/warning:")
    figure = classes(meta["classes"], meta["data"], colours=colours())
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def sentence(meta: dict[str, Any]) -> str:
    """How good an image GAN is, in words."""
    count = f"{meta['count']:,}".replace(",", "\u202f")
    obeyed = (
        f" In **{100 * meta['obeyed']:.0f} %** of them it sees the class that was asked for."
        if "obeyed" in meta
        else ""
    )
    return (
        f"Fréchet distance in the features of our own digit classifier (not FID), of {count} samples and the test "
        f"images: **{meta['frechet']:.1f}**; of {count} training images {meta['floor']:.1f}, so **{meta['ratio']:.1f} "
        f"times** what real images have. Fewer samples give a larger distance: compare only those of the same count."
        f"{obeyed}"
    )
