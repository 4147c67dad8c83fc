"""The Train panel: a training that is started, steered, watched, run back, saved and loaded from a page."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import streamlit as st
from pydantic import create_model

from genlab import catalog
from genlab.catalog import beginning, entry
from genlab.declaration import Declaration, choice
from genlab.dotted import resolve
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Family
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.runtime.wire import GONE
from genlab.ui.shell import links
from genlab.ui.shell.controls import controls
from genlab.ui.shell.visitor import owner
from genlab.ui.shield import callback, shield
from genlab.ui.training import own
from genlab.ui.training.board import note
from genlab.ui.training.keep import load, save, watch_button
from genlab.ui.training.trainer import trainer
from genlab.ui.training.trainer.present import differences, resumable, words

FIRST = ("dataset", "loss", "learning_rate", "beta")  # of the settings, where there are such; the last two are live


def train(family: Family) -> None:
    """Draws the panel: the settings that teach, the training, what can be kept of it, the other settings below."""
    page = f"{family.name}.train"
    base, job = beginning(family.name), current(family)
    if job is not None and job.state == "failed" and job.kind == "DataUnavailable":
        always = "the " + base.label("dataset", base.data_arguments()["dataset"])
        st.session_state[f"{page}.notice"] = f"{job.message} The settings are back on {always}, always at hand."
        adopt(page, base, names=base.data_fields)
        _forget(family)
        job = None
    own.adopt(page)
    first, rest = order(base)
    with st.container(horizontal=True, gap="small", key=f"{page}.first"):  # in view when one is about to train
        chosen = controls(base, first, page=page, width="content")
        rival = beside(chosen, page)
    panel = st.container()
    experiment = with_own(controls(chosen, rest, page=page))
    others = () if rival is None else (catalog.alternative(experiment, rival),)
    if job is not None:
        _steer(job, experiment, page)
    with panel:
        with shield():
            _trainer(family, experiment, others, job)
        with st.container(horizontal=True, key=f"{page}.keep"):
            watch_button(family, job)
            save(family, job)
            load(family, start=partial(_start, family), adopt=partial(adopt, page))
            if base.own:
                resolve(base.own).offer(page)


def order(experiment: Experiment) -> tuple[list[str], list[str]]:
    """The fields as they are shown: above the picture those that teach most; below it the model, then the rest."""
    rest = [name for name in experiment.fields() if name not in FIRST]
    first = [name for name in FIRST if name in experiment.fields()]
    return first, sorted(rest, key=lambda name: name in Experiment.model_fields)


def _trainer(family: Family, experiment: Experiment, others: tuple[Experiment, ...], job: Job | None) -> None:
    """The training, or what it would begin with."""
    page, changed = f"{family.name}.train", differences(job, experiment, others)
    lanes = (experiment, *others) if job is None else job.lanes
    begins, before = job is None or not job.frames, lanes[0].kind.before if len(lanes) == 1 else ""
    trainer(
        words(job, lanes[0], beside=lanes[1:], changed=changed),
        job=job.token if job is not None else None,
        changed=changed,
        notice=st.session_state.get(f"{page}.notice", ""),
        first=lanes if begins and not before else (),
        before=resolve(before)(lanes[0]) if begins and before else b"",
        key=f"{page}.panel",
        on_action=partial(_act, family, experiment, others),
        on_heights=partial(_heights, page, lanes[0]),
    )


def beside(experiment: Experiment, page: str) -> str | None:
    """Which second training on the same data, in the same seconds, is wanted: another family, or another loss."""
    names: Any = catalog.beside(experiment)
    if not names:
        return None
    about = experiment.kind.beside_help
    field = choice("none", "beside it", about, labels={"none": "nothing", **names})
    kind: Any = Literal[("none", *names)]
    declared = create_model("Beside", __base__=Declaration, rival=(kind, field))()
    chosen: str = controls(declared, ["rival"], page=page, width="content").model_dump()["rival"]
    return None if chosen == "none" else chosen


def with_own(experiment: Experiment) -> Experiment:
    """With the visitor's own points or heights, where the data are to be these."""
    if not experiment.own or experiment.data_arguments()["dataset"] != "own":
        return experiment
    return experiment.replaced(table=resolve(experiment.own).table())


def _heights(page: str, experiment: Experiment) -> None:
    """A density was drawn by hand: it is what the next training learns."""
    resolve(experiment.own).keep(st.session_state[f"{page}.panel"]["heights"]["value"])
    st.session_state[f"{page}.adopt"] = "own"


def _act(family: Family, experiment: Experiment, others: tuple[Experiment, ...]) -> None:
    """Does what a transport button says, where there is no training that it could steer over the wire."""
    page, job = f"{family.name}.train", current(family)
    action = st.session_state[f"{page}.panel"]["action"]["value"]
    moves = {"step": "", "slow": "slow", **{player: player for player in family.experiment.players}}
    st.session_state.pop(f"{page}.notice", None)
    try:
        if action == "reset":
            _forget(family)
            if job is not None:
                note(job)
                job.end()
        elif job is None or (action == "train" and _anew(job, experiment, others)):
            started = _start(family, experiment, others=others)
            if action != "train":
                started.step(moves[action])
        elif action == "train":
            job.resume()
        elif action in moves:
            job.step(moves[action])
    except GenlabError as error:
        st.session_state[f"{page}.notice"] = str(error)


def _anew(job: Job, experiment: Experiment, others: tuple[Experiment, ...]) -> bool:
    """True where *train* begins another training, and does not go on with this one."""
    if job.state == "done":
        return bool(differences(job, experiment, others))
    return job.state == "failed" and not resumable(job)


def _steer(job: Job, experiment: Experiment, page: str) -> None:
    """Hands live settings that were moved to the training under way."""
    key = f"{page}.live"
    now = {name: getattr(experiment, name) for name in experiment.live}
    token, before = st.session_state.get(key, (None, {}))
    st.session_state[key] = job.token, now
    for name, value in now.items():
        # A page that has just found its job again has moved nothing.
        if token == job.token and before.get(name, value) != value:
            job.edit(name, value)


def _start(
    family: Family, experiment: Experiment, weights: bytes | None = None, others: tuple[Experiment, ...] = ()
) -> Job:
    """Starts a training in a process of its own and notes its token in the address, so that a reload finds it."""
    if (before := st.session_state.get(f"{family.name}.train.job")) is not None:
        note(before)
        before.end()  # else the new one would wait for it
    st.session_state.pop(f"{family.name}.train.notice", None)
    job = engine().jobs.start(experiment, owner(), weights=weights, beside=others)
    st.session_state[f"{family.name}.train.job"] = job
    return job


def train_on(family: Family, source: str | bytes, experiment: Experiment) -> None:
    """A button that takes a model to this panel, where it goes on learning.

    Arguments:
        source: a catalogue name, or weights.
    """

    def go() -> None:
        weights = entry(source).checkpoint.read_bytes() if isinstance(source, str) else source
        adopt(f"{family.name}.train", experiment)
        _start(family, experiment, weights)
        st.session_state[f"{family.name}.mode"] = "train"
        links.clear()

    key = f"{family.name}.train-on"
    if st.button("Train on from here", icon=":material/play_arrow:", on_click=callback(go), key=key, width="content"):
        st.rerun()  # the whole page: the button may stand in a part of it that runs alone


def current(family: Family) -> Job | None:
    """This visitor's training: of the session, or after a reload the one whose token is in the address."""
    key = f"{family.name}.train.job"
    token = links.take("job")
    if key not in st.session_state and token is not None:
        found = engine().jobs.get(token)
        if found is None:
            st.session_state[f"{family.name}.train.notice"] = GONE
        elif found.experiment.family == family.name and found.seconds is None:
            st.session_state[key] = found
            st.session_state["owner"] = found.owner
    job: Job | None = st.session_state.get(key)
    links.put("job", job.token if job is not None else None, None)
    return job


def _forget(family: Family) -> None:
    """Drops the training from this page."""
    st.session_state.pop(f"{family.name}.train.job", None)


def adopt(page: str, experiment: Experiment, names: tuple[str, ...] | None = None) -> None:
    """Sets the panel's widgets from an experiment; to be called before they are drawn."""
    for name in names or experiment.fields():
        st.session_state[f"{page}.{name}"] = getattr(experiment, name)
