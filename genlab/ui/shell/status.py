"""The foot of the sidebar: what the devices hold, and the trainings there are."""

from __future__ import annotations

from html import escape

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


@fragment
def status() -> None:
    """Draws it, and keeps it up to date."""
    rows = [_device(**device) for device in engine().devices()]
    jobs = engine().jobs.all()
    mine = st.session_state.get("owner")
    rows += [_job(job, mine=job.owner == mine) for job in jobs]
    if not jobs:
        rows.append('<div class="row quiet"><span>no training under way</span></div>')
    pulse(EVERY, key="status.pulse")
    st.html(f'{STYLE}<div class="genlab-status" aria-label="devices and trainings">{"".join(rows)}</div>')


def _device(name: str, memory_total: int, memory_used: int) -> str:
    share = memory_used / max(memory_total, 1)
    held = f"{size(memory_used)} of {size(memory_total)}"
    return (
        f'<div class="row"><span>{escape(name)}</span><span>{held}</span></div>'
        f'<div class="bar"><div style="width: {share:.0%}"></div></div>'
    )


def _job(job: Job, *, mine: bool) -> str:
    title = FAMILIES[str(job.experiment.model_dump()["family"])].title
    step, steps = job.progress.get("step"), job.progress.get("steps")
    far = f" · step {step:,} of {steps:,}".replace(",", " ") if step is not None and steps else ""
    memory = f" · {size(job.memory())}" if job.memory() else ""
    return (
        f'<div class="row"><span>{escape(title)}</span><span>{"yours" if mine else "a visitor’s"}</span></div>'
        f'<div class="quiet">{escape(job.state)}{far}{memory}</div>'
    )


def size(count: int) -> str:
    """Bytes as a person reads them: "3.4 GB", "210 MB"."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
