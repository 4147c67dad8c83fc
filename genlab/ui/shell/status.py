"""The foot of the sidebar: what the devices hold, and the trainings there are."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from genlab.catalog import FAMILIES
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.ui.browser.pulse import pulse
from genlab.ui.shell.shield import fragment

EVERY = 2.0  # seconds between two looks

# One element whose text changes: nothing is taken down and put up again, so nothing blinks.
STYLE = """<style>
.genlab-status { font-size: 0.8rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
.genlab-status .row { display: flex; justify-content: space-between; gap: 0.5rem; margin-top: 0.55rem; }
.genlab-status .row span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.genlab-status .row span:last-child, .genlab-status .quiet { opacity: 0.7; white-space: nowrap; }
.genlab-status .bar { height: 3px; border-radius: 2px; background: var(--genlab-track); margin-top: 0.25rem; }
.genlab-status .bar div { height: 100%; border-radius: 2px; background: var(--genlab-level); }
.genlab-status { --genlab-track: rgba(128, 138, 148, 0.25); --genlab-level: rgba(128, 138, 148, 0.9); }
</style>"""


def standing(owner: str | None) -> dict[str, Any]:
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
    far = f" · step {step:,} of {steps:,}".replace(",", " ") if step is not None and steps else ""
    memory = f" · {size(job.memory())}" if job.memory() else ""
    return {"title": title, "whose": "yours" if mine else "a visitor’s", "state": f"{job.state}{far}{memory}"}


@fragment
def status() -> None:
    """Draws it, and keeps it up to date."""
    said = standing(st.session_state.get("owner"))
    rows = [
        f'<div class="row"><span>{escape(device["name"])}</span><span>{device["held"]}</span></div>'
        f'<div class="bar"><div style="width: {device["share"]:.0%}"></div></div>'
        for device in said["devices"]
    ]
    rows += [
        f'<div class="row"><span>{escape(training["title"])}</span><span>{training["whose"]}</span></div>'
        f'<div class="quiet">{escape(training["state"])}</div>'
        for training in said["trainings"]
    ]
    if not said["trainings"]:
        rows.append('<div class="row quiet"><span>no training under way</span></div>')
    pulse(EVERY, key="status.pulse")
    st.html(f'{STYLE}<div class="genlab-status" aria-label="devices and trainings">{"".join(rows)}</div>')


def size(count: int) -> str:
    """Bytes as a person reads them: "3.4 GB", "210 MB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
