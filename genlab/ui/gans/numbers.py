"""What the samples of an image GAN are worth, in numbers: how far from real images, and how balanced."""

from __future__ import annotations

from typing import Any

import streamlit as st

from genlab.experiments.gans import ImageGANExperiment
from genlab.formats import format_count
from genlab.ui.shell.theme import colours
from genlab.ui.shell.views import ask
from genlab.views.pack import unpack


def numbers(source: str | bytes, experiment: ImageGANExperiment, key: str) -> None:
    """Draws them, or says that nothing here can judge these images.

    Arguments:
        source: a catalogue name, or weights.
        key: of the figure.

    Raises:
        GenlabError: the model cannot be judged.
    """
    if not experiment.judgeable:
        st.caption("How good the samples are is measured on MNIST in 28×28 only: our classifier knows nothing else.")
        return
    from genlab.figures.classes import classes  # Plotly takes a second to import: only who needs it waits

    meta, _ = unpack(ask(source, "genlab.views.judged:judged", ()))
    st.caption(sentence(meta))
    if meta["collapse"]:
        st.warning(meta["collapse"], icon=":material/warning:")
    figure = classes(meta["classes"], meta["data"], colours=colours())
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def sentence(meta: dict[str, Any]) -> str:
    """How good an image GAN is, in words."""
    count = format_count(meta["count"])
    share = f"{100 * meta['obeyed']:.0f} %" if "obeyed" in meta else ""
    obeyed = f" The classifier sees the class that was asked for in **{share}** of the samples." if share else ""
    # As measured: the same model, told classes by chance and not each alike, is 30 % farther away.
    lucky = (
        " A ratio below 1 does not mean better than real: of so few images most of the distance is chance, also in how "
        "many there are of each class, and a model that is asked for all classes alike has less of that. 10\u202f000 "
        "samples tell more, `python -m genlab evaluate` judges by these."
        if share and meta["ratio"] < 1
        else ""
    )
    return (
        f"Fréchet distance between {count} samples and the test images, in the features of our own digit classifier "
        f"(no FID): **{meta['frechet']:.1f}**, **{meta['ratio']:.1f} times** the {meta['floor']:.1f} of {count} "
        f"training images. Fewer samples give a larger distance: compare only those of the same count.{obeyed}{lucky}"
    )
