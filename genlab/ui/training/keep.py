"""What can be kept of a training, and brought back: weights, samples, film, curve."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from genlab.catalog import FAMILIES
from genlab.checkpoint_header import read_experiment
from genlab.errors import CheckpointError, GenlabError
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.ui.shell import links
from genlab.ui.shield import callback, dialog
from genlab.views.pack import unpack

ZOOM = 8  # screen pixels for each pixel of a saved picture


def sheet(samples: np.ndarray, levels: int) -> bytes:
    """Samples as one PNG, white paper and black ink.

    Arguments:
        samples: uint8 (n, H, W), values below ``levels``; n is a square number.
    """
    n, height, width = samples.shape
    side, gap = int(n**0.5), max(1, width // 10)
    paper = np.full((side * (height + gap) - gap, side * (width + gap) - gap), 255, np.uint8)
    for k, image in enumerate(samples[: side * side]):
        top, left = k // side * (height + gap), k % side * (width + gap)
        paper[top : top + height, left : left + width] = 255 - np.round(image * (255 / (levels - 1))).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(paper.repeat(ZOOM, 0).repeat(ZOOM, 1)).save(buffer, "PNG")
    return buffer.getvalue()


def samples(job: Job) -> bytes:
    """What an image model draws now, as one PNG."""
    experiment: Any = job.experiment
    return sheet(unpack(job.frames[-1].picture)[1]["samples"], experiment.levels)


def archive(job: Job) -> bytes:
    """Every frame of the film as npz: ``steps`` int64 (F,), and each array of the pictures, stacked by frame."""
    frames, buffer = list(job.frames), io.BytesIO()
    pictures = [unpack(frame.picture)[1] for frame in frames]
    stacked = {name: np.stack([picture[name] for picture in pictures]) for name in pictures[0]}
    np.savez_compressed(buffer, allow_pickle=False, steps=np.array([frame.step for frame in frames]), **stacked)
    return buffer.getvalue()


def table(job: Job) -> str:
    """The losses and what samples were worth, as CSV; an empty cell where a value was not measured."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    unit = job.experiment.unit.name.replace("/", "_per_")
    judged = job.judged[0]
    names = [name.replace(",", "").replace(" ", "_") for _, worth in judged[:1] for name in worth]
    writer.writerow(("step", *(f"{name.replace('-', '_')}_{unit}" for name in job.experiment.curve), *names))
    rows: list[tuple[Any, ...]] = [(*point, *[None] * len(names)) for point in job.curve]
    rows += [(step, None, None, *worth.values()) for step, worth in judged]
    rows.sort(key=lambda row: int(row[0]))
    writer.writerows(rows)
    return buffer.getvalue()


def save(family: Family, job: Job | None) -> None:
    """A menu of downloads. Each is made when it is asked for, and the training goes on meanwhile."""
    key, trained = f"{family.name}.save", job is not None and job.snapshot is not None
    with st.popover("Save", icon=":material/download:", key=key, disabled=job is None or not job.frames):
        if job is None or not job.frames:
            return
        offers: list[tuple[str, str, str, Callable[[], str | bytes]]] = [
            ("weights", "Weights (.safetensors)", ".safetensors", job.weights),
            ("picture", "Samples (.png)", ".png", lambda: samples(job)),
            ("film", "Pictures and film (.npz)", ".npz", lambda: archive(job)),
            ("curve", "Loss curve (.csv)", ".csv", lambda: table(job)),
        ]
        for name, label, suffix, make in offers:
            if name == "picture" and job.experiment.kind.canvas != "images":
                continue  # the canvas of a flow saves its own
            st.download_button(
                label,
                make,
                file_name=f"{family.name}-{name}{suffix}",
                key=f"{key}.{name}",
                on_click="ignore",
                width="stretch",
                disabled=name == "weights" and not trained,
            )


def load(family: Family, start: Callable[[Experiment, bytes], Job], adopt: Callable[[Experiment], None]) -> None:
    """A button that opens an uploader of weights.

    Arguments:
        start: starts a training of an experiment from weights.
        adopt: shows an experiment in the panel's settings.
    """
    if st.button("Load", icon=":material/upload:", key=f"{family.name}.load"):
        _upload(family, start, adopt)


@dialog("Load weights")  # wholly on the screen, whatever it says
def _upload(family: Family, start: Callable[[Experiment, bytes], Job], adopt: Callable[[Experiment], None]) -> None:
    """An uploader of weights; a file that cannot be used gets one sentence and changes nothing."""
    key = f"{family.name}.load"
    file = st.file_uploader("Weights of this model (.safetensors, up to 32 MB)", key=f"{key}.file")
    if file is None:
        return
    try:
        experiment = check(family, file.getvalue())
    except GenlabError as error:
        st.error(str(error))
        return

    def go_on() -> None:
        adopt(experiment)
        start(experiment, file.getvalue())

    st.success(f"These weights fit: {', '.join(f'{k} {v}' for k, v in experiment.architecture().items())}.")
    trained = st.button("Train on from these weights", on_click=callback(go_on), key=f"{key}.train", width="stretch")
    watched = st.button(
        "Watch them draw",
        on_click=callback(_watch),
        args=(family, experiment, file.getvalue()),
        key=f"{key}.watch",
        width="stretch",
    )
    if trained or watched:
        st.rerun()  # closes the dialog


def check(family: Family, weights: bytes) -> Experiment:
    """The experiment of uploaded weights. Raises GenlabError with one sentence where they cannot be used."""
    experiment = read_experiment(weights)  # the header says most of it, without a compute process
    if experiment.family != family.name:
        other = FAMILIES[experiment.family].title
        raise CheckpointError(f"These are weights of another model, {other}; this page needs those of {family.title}.")
    engine().ask("genlab.runtime.answers:inspect_checkpoint", weights)
    return experiment


def watch_button(family: Family, job: Job | None) -> None:
    """Takes the weights as they are now to the Watch panel."""
    ready = job is not None and job.snapshot is not None

    def go() -> None:
        if job is not None:
            _watch(family, job.experiment, job.weights())

    st.button(
        "Watch what was just trained",
        icon=":material/visibility:",
        on_click=callback(go),
        disabled=not ready,
        key=f"{family.name}.watch-mine",
    )


def _watch(family: Family, experiment: Experiment, weights: bytes) -> None:
    st.session_state[f"mine:{family.name}"] = {"weights": weights, "experiment": experiment}
    st.session_state[f"{family.name}.mode"] = "watch"
    links.clear()
