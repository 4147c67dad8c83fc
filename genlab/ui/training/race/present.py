"""What a comparison says of its training at one moment, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from genlab.catalog import entry
from genlab.comparison import PRINCIPLES, principle_of, short
from genlab.experiments.base import Experiment
from genlab.experiments.data import OnPlane
from genlab.formats import format_count, format_losses
from genlab.runtime.job import Job
from genlab.training.progress import TICKS
from genlab.ui.training.trainer.present import ALERT, CAN, around, resumable, train_label, worth_of


def describe(job: Job, changed: Sequence[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the wire tells of a comparison besides its curve and pictures; ``changed`` as in ``words``."""
    arrays = {f"quality {k}": worth_of(judged) for k, judged in enumerate(job.judged) if judged}
    return words(job, job.lanes, job.seconds or 0, changed), arrays


def words(
    job: Job | None,
    lanes: Sequence[Experiment],
    seconds: float,
    changed: Sequence[str] = (),
    shipped: Sequence[str] = (),
) -> dict[str, Any]:
    """The state of a comparison.

    Arguments:
        lanes, seconds: of the job, or of the one to be started.
        changed: titles of settings that differ from the job's.
        shipped: of each lane the entry whose weights are shown before a training, or "".
    """
    state, progress = job.state if job else "none", job.progress if job else {}
    frames = [frame.step for frame in job.frames] if job else []
    step, steps = progress.get("step", 0), progress.get("steps") or round(TICKS * seconds)
    told: Sequence[dict[str, Any] | None] = job.progresses if job and job.progresses else [None] * len(lanes)
    names = shipped or [""] * len(lanes)
    return {
        "run": job.token if job else "/".join(lane.model_dump_json() for lane in lanes),
        "sort": "points" if isinstance(lanes[0], OnPlane) else "images",
        "lanes": [
            about(lane) | {"facts": facts(lane, one, name) if not frames or one else ""}
            for lane, one, name in zip(lanes, told, names, strict=True)
        ],
        "state": state,
        "around": around(job),
        "message": sentence(job, len(lanes), seconds, changed, names),
        "alert": state in ALERT,
        "can": [can for can in CAN[state] if can in ("train", "pause", "reset")],
        "train": train_label(job, changed),
        "step": step,
        "steps": steps,
        "seconds": f"{steps / TICKS:g} s",
        "left": len(lanes) * (steps - step) / TICKS if state in ("running", "paused") else None,
        "levels": getattr(lanes[0], "levels", None),
        "judged": list(job.judged[0][-1][1]) if job and job.judged[0] else [],
        "frames": frames,
    }


def about(lane: Experiment) -> dict[str, str]:
    """Whose picture it is."""
    principle = principle_of(lane)
    title = PRINCIPLES[principle].title
    return {"principle": principle, "principle_title": title, "title": short(lane)}


def facts(lane: Experiment, told: dict[str, Any] | None, shipped: str) -> str:
    """Where a lane stands: its steps, and its loss where that is one of likelihood."""
    if told is None or not told["made"]:
        return trained(None, shipped)
    steps = f"**{format_count(told['made'])}** {lane.counted}s in {told['seconds']:.1f} s"
    unit = lane.unit.name + (f" a {lane.unit.per}" if lane.unit.per else "")
    if lane.players:
        return f"{steps}. No likelihood; losses {format_losses(told['losses'], unit)}"
    name = "−ELBO" if principle_of(lane) == "vae" else "−log p(x)"
    loss = {"train": told["losses"]["train"] if told["best_loss"] is None else told["best_loss"]}
    return f"{steps}. {name} **{format_losses(loss, unit)}**"


def trained(told: dict[str, Any] | None, shipped: str) -> str:
    """For how long a lane was trained."""
    if told is not None:
        return f"{told['seconds']:.1f} s, {format_count(told['made'])} steps"
    if shipped:
        return f"shipped weights, {format_count(entry(shipped).experiment.steps)} steps"
    return "before its first step"


def sentence(job: Job | None, count: int, seconds: float, changed: Sequence[str], shipped: Sequence[str]) -> str:
    """What is said above the pictures."""
    each = f"{count} models" if count > 1 else "the model"
    if job is None:
        if all(shipped):
            beforehand = "These weights came with the project, each trained for as long as it needs. "
        elif any(shipped):
            beforehand = "Some of these weights came with the project; the other models have learnt nothing yet. "
        else:
            beforehand = "None of them has learnt anything of these data yet. "
        return f"{beforehand}Press train: {each} learn for {seconds:g} s each, in turn, on this machine."
    step = job.progress.get("step", 0) / TICKS
    said = {
        "queued": job.message or "Waiting for a process.",
        "starting": job.message or "Starting: it waits for a process.",
        "running": "They take turns in one process: the one that has had least goes next. Same data, same seconds.",
        "paused": f"{job.message or 'Paused.'} Each has had {step:.1f} s.",
        "done": "Done: the same seconds for each. The table below is measured of these models.",
        "died": job.message or "The training's process is gone.",
        "failed": job.message or "The training stopped.",
        "ended": job.message or "This training was ended.",
    }[job.state]
    if resumable(job) and job.snapshot:
        said += f" Pictures are kept; resume goes on from {job.snapshot.step / TICKS:.1f} s."
    if names := ", ".join(changed):
        how = "Train anew" if job.state == "done" else "Reset, then train,"
        said += f" Changed since the start: {names}. {how} to begin with it."
    elif job.state == "done":
        said += " Train on gives each as many seconds again."
    return said
