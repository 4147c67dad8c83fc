"""The comparison: which models, on which data, for how many seconds; their training, and what can be kept of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genlab.catalog import FAMILIES
from genlab.checkpoint_header import read_experiment
from genlab.comparison import JUDGES, PRINCIPLES, Comparison, Lane, principle_of, short
from genlab.errors import CheckpointError, GenlabError
from genlab.experiments.base import Experiment
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.runtime.wire import GONE
from genlab.training.progress import TICKS
from genlab.ui.shell import links
from genlab.ui.shell.controls import controls
from genlab.ui.shell.home import page_of
from genlab.ui.shell.sources import own
from genlab.ui.shell.visitor import known, owner
from genlab.ui.shield import callback, dialog, shield
from genlab.ui.training.board import note
from genlab.ui.training.race import race
from genlab.ui.training.race.present import about, trained, words
from genlab.ui.training.trainer.present import OVER
from genlab.views.limits import LANES
from genlab.views.pack import unpack

PAGE = "comparison"
JOB, NOTICE, PANEL = f"{PAGE}.job", f"{PAGE}.notice", f"{PAGE}.panel"


def compare() -> None:
    """Draws it."""
    job = current()
    some = controls(Comparison(), ["data", *PRINCIPLES, "seconds"], page=PAGE)
    panel = st.container()
    chosen = controls(some, ["size", "seed"], page=PAGE)
    if not chosen.lanes and job is None:
        st.info("Choose at least one model: all four are set to none.")
        return
    with panel:
        with shield():
            _race(chosen, job)
        with st.container(horizontal=True, key=f"{PAGE}.keep"):
            _save(job)
            if st.button("Load", icon=":material/upload:", key=f"{PAGE}.load"):
                _upload(chosen)
            _closer(job)


def _race(chosen: Comparison, job: Job | None) -> None:
    experiments = [lane.experiment for lane in chosen.lanes] if job is None else list(job.lanes)
    seconds = chosen.seconds if job is None else job.seconds or 0
    sources = [_source(lane) for lane in chosen.lanes] if job is None else [None] * len(experiments)
    names = [name or "" if isinstance(name, str) else "" for name in sources]
    changed = differences(job, chosen)
    said = words(job, experiments, seconds, changed, names)
    measured = job is not None and job.state in OVER and job.snapshot is not None
    told = job.progresses if job is not None and job.progresses else [None] * len(experiments)
    lanes: list[dict[str, Any]] = []
    for experiment, source, one, name in zip(experiments, sources, told, names, strict=True):
        principle = PRINCIPLES[principle_of(experiment)]
        lanes.append(
            {
                **about(experiment),
                "source": None if source is None else known(source),
                "experiment": experiment.model_dump(),
                "trained": trained(one, name) if name or source is None else "your own weights",
                "z": principle.z,
                "encoder": principle.encoder,
            }
        )
    if job is not None and measured:
        measure: Sequence[str | None] = [known(job.weights(k)) for k in range(len(job.lanes))]
    else:
        measure = [lane["source"] for lane in lanes]
    race(
        said,
        job=job.token if job is not None else None,
        changed=changed,
        notice=st.session_state.get(NOTICE, ""),
        lanes=lanes,
        measure=measure,
        judge=JUDGES[said["sort"]],
        data=experiments[0].label("dataset", experiments[0].data_arguments()["dataset"]),
        key=PANEL,
        on_action=partial(_act, chosen),
    )


def _source(lane: Lane) -> str | bytes | None:
    """What is shown of a lane before a training: the visitor's own weights, those that are shipped, or none."""
    mine = own(str(lane.experiment.model_dump()["family"]))
    if mine is not None and learns_the_same(mine["experiment"], lane.experiment):
        return mine["weights"]
    return lane.shipped or None


def learns_the_same(one: Experiment, other: Experiment) -> bool:
    """True where both learn the same data, with whatever seed these were drawn."""
    return {**one.data_arguments(), "seed": 0} == {**other.data_arguments(), "seed": 0}


def differences(job: Job | None, chosen: Comparison) -> list[str]:
    """What differs from the job's, in words."""
    if job is None:
        return []
    wanted = {lane.experiment.model_dump()["family"]: lane.experiment for lane in chosen.lanes}
    had = {lane.model_dump()["family"]: lane for lane in job.lanes}
    found = []
    if wanted and not learns_the_same(next(iter(wanted.values())), job.lanes[0]):
        found.append("data")
    if set(wanted) != set(had):
        found.append("models")
    found += ["seconds each"] * (chosen.seconds != job.seconds)
    both = [(wanted[name], had[name]) for name in wanted if name in had]
    found += ["size"] * any(one.architecture() != other.architecture() for one, other in both if "data" not in found)
    found += ["seed"] * any(one.seed != other.seed for one, other in both)
    return found


def current() -> Job | None:
    """This visitor's comparison: of the session, or after a reload the one whose token is in the address."""
    token = links.take("job")
    if JOB not in st.session_state and token is not None:
        found = engine().jobs.get(token)
        if found is None:
            st.session_state[NOTICE] = GONE
        elif found.seconds is not None:
            st.session_state[JOB] = found
            st.session_state["owner"] = found.owner
    job: Job | None = st.session_state.get(JOB)
    links.put("job", job.token if job is not None else None, None)
    return job


def _act(chosen: Comparison) -> None:
    """Does what a button says, where there is no training that it could steer over the wire."""
    job, action = current(), st.session_state[PANEL]["action"]["value"]
    st.session_state.pop(NOTICE, None)
    try:
        if action == "reset":
            _end(job)
        elif action == "train":
            if job is None or (job.state in OVER and differences(job, chosen)) or _lost(job):
                _start(chosen)
            else:
                job.resume()
    except GenlabError as error:
        st.session_state[NOTICE] = str(error)


def _lost(job: Job) -> bool:
    """True where nothing is left that it could go on from."""
    return job.state in OVER and job.snapshot is None


def _start(chosen: Comparison) -> None:
    _end(current())
    lanes = [lane.experiment for lane in chosen.lanes]
    if not lanes:
        raise GenlabError("Choose at least one model.")
    job = engine().jobs.start(lanes[0], owner(), beside=lanes[1:], seconds=float(chosen.seconds))
    st.session_state[JOB] = job


def _end(job: Job | None) -> None:
    """Drops a comparison; what it has come to stays on the leaderboard."""
    if job is not None:
        note(job)
        job.end()
    st.session_state.pop(JOB, None)


def _save(job: Job | None) -> None:
    """A menu of downloads."""
    key = f"{PAGE}.save"
    with st.popover("Save", icon=":material/download:", key=key, disabled=job is None or not job.frames):
        if job is None or not job.frames:
            return
        offers: list[tuple[str, str, Callable[[], bytes]]] = [
            (f"Weights of {short(lane)} (.safetensors)", f"{lane.model_dump()['family']}.safetensors", weights)
            for lane, weights in ((lane, partial(job.weights, k)) for k, lane in enumerate(job.lanes))
        ]
        offers.append(("Pictures and film (.npz)", "comparison-film.npz", lambda: film(job)))
        for label, name, make in offers:
            disabled = job.snapshot is None and name.endswith(".safetensors")
            st.download_button(
                label, make, file_name=name, key=f"{key}.{name}", on_click="ignore", width="stretch", disabled=disabled
            )


def film(job: Job) -> bytes:
    """Every frame as npz: ``seconds`` (F,), and each array of each lane's pictures, by family, stacked by frame."""
    frames, buffer = list(job.frames), io.BytesIO()
    stacked: dict[str, list[np.ndarray]] = {}
    for frame in frames:
        blocks = unpack(frame.picture)[1]
        each = [blocks[name].tobytes() for name in LANES if name in blocks] or [frame.picture]
        for lane, block in zip(job.lanes, each, strict=True):
            for name, array in unpack(block)[1].items():
                stacked.setdefault(f"{lane.model_dump()['family']}-{name}", []).append(array)
    seconds = np.array([frame.step / TICKS for frame in frames])
    arrays = {name: np.stack(found) for name, found in stacked.items()}
    np.savez_compressed(buffer, allow_pickle=False, seconds=seconds, **arrays)
    return buffer.getvalue()


@dialog("Load weights")
def _upload(chosen: Comparison) -> None:
    """An uploader of weights, which are then shown and measured; what cannot be used gets one sentence."""
    key = f"{PAGE}.load"
    file = st.file_uploader("Weights of one of these models (.safetensors, up to 32 MB)", key=f"{key}.file")
    if file is None:
        return
    try:
        experiment = check(file.getvalue(), chosen)
    except GenlabError as error:
        st.error(str(error))
        return

    def keep() -> None:
        family = experiment.model_dump()["family"]
        st.session_state[f"mine:{family}"] = {"weights": file.getvalue(), "experiment": experiment}
        _end(current())

    st.success(f"These weights fit: {short(experiment)}.")
    if st.button("Show and measure them", on_click=callback(keep), key=f"{key}.keep", width="stretch"):
        st.rerun()  # closes the dialog


def check(weights: bytes, chosen: Comparison) -> Experiment:
    """The experiment of uploaded weights. Raises GenlabError where it is none of those that are compared here."""
    experiment = read_experiment(weights)
    family = experiment.model_dump()["family"]
    lanes = {lane.experiment.model_dump()["family"]: lane.experiment for lane in chosen.lanes}
    if family not in lanes:
        raise CheckpointError(
            f"These are weights of {short(experiment)}, which is not among the models chosen above: choose it first."
        )
    if not learns_the_same(experiment, lanes[family]):
        learnt = experiment.label("dataset", experiment.data_arguments()["dataset"])
        raise CheckpointError(f"These weights have learnt other data, {learnt}: choose them above first.")
    engine().ask("genlab.runtime.answers:inspect_checkpoint", weights)
    return experiment


def _closer(job: Job | None) -> None:
    """Buttons that take what was trained to the pages of its families."""
    if job is None or job.snapshot is None:
        return
    for k, lane in enumerate(job.lanes):
        family = FAMILIES[lane.model_dump()["family"]]
        if family.section and st.button(f"Watch {family.title}", icon=":material/visibility:", key=f"{PAGE}.watch.{k}"):
            st.session_state[f"mine:{family.name}"] = {"weights": job.weights(k), "experiment": lane}
            st.session_state[f"{family.name}.mode"] = "watch"
            st.switch_page(page_of(family))
