"""What the Train panel says of a training at one moment, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from genlab.catalog import titles
from genlab.experiments.base import Experiment
from genlab.formats import format_losses
from genlab.glossary import GLOSSARY
from genlab.runtime.film import Judged
from genlab.runtime.job import Job
from genlab.training.progress import Edit, Point

POINTS = 400  # of the curve, more than a screen can show apart
MARKED = {"learning_rate": "rate", "beta": "β"}  # how the chart calls a field
NEAR, PART = 5, 0.02  # steps, or part of all: edits of a field this near are one movement of the hand
LONG = 600  # seconds that are worth a word

CAN = {  # which buttons mean something in which state
    "none": ("train", "step", "move", "slow"),
    "queued": ("reset",),
    "starting": ("reset",),
    "running": ("pause", "slow", "reset"),
    "paused": ("train", "step", "move", "slow", "reset"),
    "done": ("train", "reset"),
    "died": ("train", "reset"),
    "failed": ("train", "reset"),
    "ended": ("train", "reset"),
}
ALERT = {"died", "failed", "ended"}
OVER = {"done", *ALERT}


def thin(curve: Sequence[Point], most: int = POINTS) -> np.ndarray:
    """A curve as float32 (n, 3): step, train, held-out, with NaN where a value is missing.

    Held-out values are few and all stay; of the others at most ``most``, the first and the newest among them.
    """
    if not curve:
        return np.zeros((0, 3), np.float32)
    array = np.array([[math.nan if v is None else v for v in point] for point in curve], np.float32)
    keep = ~np.isnan(array[:, 2])
    keep[np.unique(np.linspace(0, len(array) - 1, min(most, len(array))).round().astype(int))] = True
    return array[keep]


def seconds_left(progress: dict[str, Any]) -> float | None:
    """How long the rest of a training takes at its pace so far, or None before there is a pace."""
    step, seconds = progress.get("step", 0), progress.get("seconds", 0.0)
    return (progress["steps"] - step) * seconds / step if step and seconds else None


def marks(edits: Iterable[Edit], field: str = "learning_rate", near: float = NEAR) -> list[tuple[int, float]]:
    """Edits of a live field that changed it: after a resume the same value is set once more.

    Of several within a few steps the last one counts.
    """
    changes: list[tuple[int, float]] = []
    for step, name, value in edits:
        if name != field:
            continue
        if changes and step - changes[-1][0] < near:
            changes.pop()
        if not changes or changes[-1][1] != value:
            changes.append((step, value))
    return changes


def sentence(job: Job | None, experiment: Experiment, changed: Iterable[str]) -> str:
    """What the panel says above the picture.

    Arguments:
        changed: titles of the settings that differ from those the job was started with.
    """
    if job is None:
        return experiment.invitation
    step, counted = job.progress.get("step", 0), job.experiment.counted
    words = {
        "queued": job.message or "Waiting for a process.",
        "starting": job.message or "Starting: it waits for a process.",
        "running": "Training. The same random numbers draw the samples every time: only the model changes."
        + patience(job.progress),
        "paused": f"{job.message or 'Paused.'} It stands at {counted} {step}{moved(job)}: resume it, or go on by one.",
        "done": done(job.progress),
        "died": job.message or "The training's process is gone.",
        "failed": job.message or "The training stopped.",
        "ended": job.message or "This training was ended.",
    }[job.state]
    if resumable(job) and job.snapshot:
        words += f" Picture and curve are kept; resume goes on from {counted} {job.snapshot.step}."
    told = job.progress.get("losses", {}), job.progress.get("gradients", {})
    if (remark := job.experiment.remark(*told)) and job.state in ("running", "paused", "done"):
        words = f"{remark} {words}"
    if names := ", ".join(changed):
        how = "Train anew" if job.state == "done" else "Reset, then train,"
        words += f" Changed since the start: {names}. {how} to begin with it."
    elif job.state == "done":
        words += f" Train on makes as many {counted}s again."
    return words


def moved(job: Job) -> str:
    """The moves of a game so far, several in each round."""
    return f", after {job.progress.get('moves', 0)} moves" if job.experiment.players else ""


def resumable(job: Job) -> bool:
    """True where a training has come to an end from which its last snapshot leads on."""
    over = job.state in ("died", "ended") or (job.state == "failed" and job.kind == "Diverged")
    return over and job.snapshot is not None


def patience(progress: dict[str, Any]) -> str:
    """A word on a training that takes long."""
    left = seconds_left(progress) if "steps" in progress else None
    return f" This takes long: some {left / 60:.0f} minutes more at this pace." if left and left > LONG else ""


def done(progress: dict[str, Any]) -> str:
    """What is said at the end; the weights kept are those that were best on held-out images."""
    best = progress.get("best_step")
    if best and best < 0.9 * progress["step"]:
        return f"Done. Kept: step {best}, the best on held-out data; after that the held-out loss fell no further."
    return "Done. Run the film back, or watch the model that was just trained."


def train_label(job: Job | None, changed: Iterable[str] = ()) -> str:
    """What the first button says."""
    if job is not None and job.state == "done":
        return "train anew" if list(changed) else "train on"
    if job is not None and job.snapshot and resumable(job):
        return f"resume from step {job.snapshot.step}"
    return "resume" if job is not None and job.state == "paused" else "train"


def describe(job: Job, changed: Sequence[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the wire tells of a training besides its curve and pictures; ``changed`` as in ``sentence``."""
    said = words(job, job.experiment, beside=job.lanes[1:], changed=changed)
    lanes = range(1, len(job.lanes))
    return said, {f"lane {k}": thin(job.curves[k]) for k in lanes} | {
        f"quality {k}": worth_of(judged) for k, judged in enumerate(job.judged) if judged
    }


def words(
    job: Job | None,
    experiment: Experiment,
    *,
    beside: Sequence[Experiment] = (),
    changed: Iterable[str] = (),
) -> dict[str, Any]:
    """The state of a training in words and numbers.

    Arguments:
        job: the training, or None before the first.
        experiment: the job's, or the one to be started.
        beside: what is trained beside it, or is to be.
        changed: as in ``sentence``.
    """
    progress, changed = job.progress if job else {}, list(changed)
    frames = list(job.frames) if job else []
    state, counted = job.state if job else "none", experiment.counted
    steps = progress.get("steps") or experiment.steps
    near = max(NEAR, PART * steps)
    live = {name: marks(progress.get("edits", []), name, near) for name in experiment.live}
    base = live["learning_rate"][-1][1] if live["learning_rate"] else experiment.learning_rate
    return {
        "run": f"{job.token if job else 'none'}/{experiment.architecture()}",
        "kind": "pair" if beside else experiment.kind.canvas,
        "of": experiment.kind.canvas,
        "players": experiment.players,
        "curves": experiment.curve,
        "pair": titles(experiment, *beside) if beside else None,
        "pair_steps": [lane["step"] for lane in job.progresses] if job else [],
        "unit": experiment.unit.name,
        "perplexity": experiment.unit.per == "place",
        "axis": "loss" if experiment.players else f"loss, {experiment.unit.name}",
        "things": experiment.things,
        "state": state,
        "around": around(job),
        "message": sentence(job, experiment, changed),
        "alert": state in ALERT,
        "can": CAN[state],
        "train": train_label(job, changed),
        "step": progress.get("step", 0),
        "steps": steps,
        "speed": progress.get("images_per_second"),
        "left": seconds_left({**progress, "steps": steps}) if state in ("running", "paused") else None,
        "rate": progress.get("learning_rate") or base,
        "rises": progress.get("step", 0) < experiment.rises,
        "base": base,  # before the schedule lowers it
        "kept": progress.get("best_step"),
        "levels": getattr(experiment, "levels", None),
        "top": experiment.top,
        "lines": [line._asdict() for line in experiment.lines()],
        "marks": sorted((step, MARKED.get(name, name), value) for name, edits in live.items() for step, value in edits),
        "told": _beside(job, experiment, *beside) if beside else None,
        "losses": list(progress.get("losses", {}).values()),
        "judges": experiment.judged,
        "judged": list(job.judged[0][-1][1]) if job and job.judged[0] else [],
        "count": counted,
        "frames": [frame.step for frame in frames],
        "shown": frames[-1].step if frames else -1,
        "caption": f"{counted} {frames[-1].step} · {experiment.kind.same}" if frames else "before training",
        "about": {term: GLOSSARY[term] for term in experiment.kind.terms},
    }


def around(job: Job | None) -> tuple[str, bool, bool]:
    """What the widgets around the picture depend on: how a training stands, whether it has weights, and a picture."""
    if job is None:
        return "none", False, False
    return job.state if job.state in OVER else "under way", job.snapshot is not None, bool(job.frames)


def _beside(job: Job | None, *lanes: Experiment) -> str:
    """Where the other lanes stand, in one line."""
    words = titles(*lanes)[1:]
    first = job.progress if job else {}
    for k, progress in enumerate(job.progresses[1:] if job else ()):
        words[k] += f": {format_losses(progress['losses'], lanes[1 + k].unit.name)}"
        words[k] += " (all its steps are made: it waits)" if progress["done"] and not first["done"] else ""
    return "; ".join(words)


def worth_of(judged: Sequence[Judged]) -> np.ndarray:
    """What samples were worth as float32 (n, 1 + m): step, then each value."""
    return np.array([[step, *worth.values()] for step, worth in judged], np.float32)


def differences(job: Job | None, experiment: Experiment, others: Sequence[Experiment] = ()) -> list[str]:
    """Titles of the settings that differ from the job's and that it has not used: some change live.

    Arguments:
        others: what would be trained beside it.
    """
    if job is None:
        return []
    started, edits = job.experiment.model_dump(), job.progress.get("edits", [])
    used = {name: value for _, name, value in edits}
    rival = ["beside it"] if titles(experiment, *others)[1:] != titles(*job.lanes)[1:] else []
    return rival + [
        str(info.title)
        for name, info in experiment.fields().items()
        if started.get(name) != getattr(experiment, name)
        and (name not in experiment.live or (job.state == "done" and used.get(name) != getattr(experiment, name)))
    ]
