"""What this visitor has trained, on any page: a table that can be sorted and saved."""

from __future__ import annotations

import csv
import io
from typing import Any

import streamlit as st

from genlab.catalog import FAMILIES
from genlab.experiments.base import Experiment
from genlab.runtime.engine import engine
from genlab.runtime.job import Job
from genlab.ui.shell.visitor import owner

BOARD = "board"  # where rows are kept in the session, by training and lane
COLUMNS = ("data", "family", "settings", "seconds", "steps", "result", "unit", "how good samples are", "with", "state")


def note(job: Job) -> None:
    """Keeps what a training has come to, one row for each lane: its job may be ended then."""
    rows: dict[tuple[str, int], dict[str, Any]] = st.session_state.setdefault(BOARD, {})
    for k, lane in enumerate(job.lanes):
        if k < len(job.progresses):
            rows[job.token, k] = row(job, k, lane)


def row(job: Job, lane: int, experiment: Experiment) -> dict[str, Any]:
    """What a lane of a training has come to.

    Returns:
        Of ``COLUMNS``: ``result`` is the best held-out loss in ``unit``, or None of a game, which has none.
    """
    progress, judged = job.progresses[lane], job.judged[lane]
    unit = experiment.unit
    return {
        "data": experiment.label("dataset", experiment.data_arguments()["dataset"]),
        "family": title(experiment),
        "settings": settings(experiment),
        "seconds": round(progress.get("seconds", 0.0), 1),
        "steps": progress.get("made", progress["step"]),
        "result": progress.get("best_loss"),
        "unit": "" if experiment.players else unit.name + (f" a {unit.per}" if unit.per else ""),
        "how good samples are": ", ".join(f"{name} {worth:.2f}" for name, worth in judged[-1][1].items())
        if judged
        else "",
        "with": ", ".join(title(other) for k, other in enumerate(job.lanes) if k != lane),
        "state": job.state,
    }


def title(experiment: Experiment) -> str:
    """Of its family."""
    return FAMILIES[experiment.model_dump()["family"]].title


def settings(experiment: Experiment) -> str:
    """What differs from the family's usual settings, in words."""
    usual: Any = type(experiment)
    usual = usual()
    return ", ".join(
        f"{info.title} {experiment.label(name, getattr(experiment, name))}"
        for name, info in experiment.fields().items()
        if getattr(experiment, name) != getattr(usual, name) and name not in experiment.data_fields
    )


def rows() -> list[dict[str, Any]]:
    """All of them, the newest last."""
    for job in engine().jobs.all():
        if job.owner == owner():
            note(job)
    return list(st.session_state.get(BOARD, {}).values())


def table(found: list[dict[str, Any]]) -> str:
    """The rows as CSV; an empty cell where there is no value."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(found)
    return buffer.getvalue()


def board() -> None:
    """Draws it."""
    found = rows()
    if not found:
        st.info(
            "Nothing yet. Whatever you train, on this page or on any other, will stand here with its data, its "
            "settings, its seconds and its result, until this tab is closed.",
            icon=":material/leaderboard:",
        )
        return
    st.dataframe(
        found,
        column_config={
            "seconds": st.column_config.NumberColumn(help="Of training, without pictures.", format="%.1f"),
            "result": st.column_config.NumberColumn(
                help="The best loss on held-out data, in the unit beside it; the lower the better. A game has none.",
                format="%.3f",
            ),
            "how good samples are": st.column_config.TextColumn(help="From 0 to 1, where samples are judged."),
            "with": st.column_config.TextColumn(help="What was trained beside it, for the same seconds."),
        },
        hide_index=True,
        width="stretch",
        key="comparison.board",
    )
    st.caption(
        "A click on a heading sorts. Compare a result only with others on the same data in the same unit. Kept for "
        "this visit only."
    )
    st.download_button(
        "Table (.csv)", lambda: table(found), file_name="trained.csv", key="comparison.board.csv", on_click="ignore"
    )
