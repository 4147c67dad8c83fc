"""The foot of the sidebar: what the devices hold, and the trainings there are."""

from __future__ import annotations

from typing import Any

from genlab.catalog import FAMILIES
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import owner, wire
from genlab.views.pack import pack


def standing(owner: str) -> dict[str, Any]:
    """What is to be said: of each device its name, what it holds, and the share; of each training whose and how far."""
    return {
        "devices": [_device(**device) for device in engine().devices()],
        "trainings": [_job(job, mine=job.owner == owner) for job in engine().jobs.all()],
    }


def _device(name: str, memory_total: int, memory_used: int) -> dict[str, Any]:
    held = f"{size(memory_used)} of {size(memory_total)}"
    return {"name": name, "held": held, "share": round(memory_used / max(memory_total, 1), 2)}


def _job(job: Job, *, mine: bool) -> dict[str, Any]:
    title = FAMILIES[str(job.experiment.model_dump()["family"])].title
    step, steps = job.progress.get("step"), job.progress.get("steps")
    far = f" · {job.experiment.counted} {step:,} of {steps:,}".replace(",", " ") if step is not None and steps else ""
    memory = f" · {size(job.memory())}" if job.memory() else ""
    return {"title": title, "whose": "yours" if mine else "a visitor’s", "state": f"{job.state}{far}{memory}"}


def status() -> None:
    """Draws it; what changes comes over the wire."""
    canvas("shell/status/status", pack({**wire(), "said": standing(owner())}), key="status")


def size(count: int) -> str:
    """Bytes as a person reads them: "3.4 GB", "210 MB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
