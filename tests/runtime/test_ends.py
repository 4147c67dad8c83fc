"""Every setting of a training at its least, its largest and each option: it trains, or says in a sentence why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from genlab.catalog import FAMILIES, beginning
from genlab.data import download, own, own_sequences
from genlab.data.line import KNOTS
from genlab.errors import DataUnavailable, Diverged
from genlab.experiments.base import Experiment
from genlab.experiments.data import OnLine, OnPlane, OnSequences
from genlab.experiments.entries import Family
from genlab.runtime.job_actor import JobActor
from genlab.tasks import pixels, sound


def ends(experiment: Experiment) -> Iterator[dict[str, Any]]:
    """One setting after the other at each of its ends, or each of its options."""
    for name in experiment.fields():
        extra = experiment.extra(name)
        for value in experiment.options(name) or (extra["low"], extra["high"]):
            yield {name: value}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_training_begins_at_both_ends_of_every_setting(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str, progress: download.Progress | None) -> bytes:
        raise OSError("the network is cut off")

    monkeypatch.setattr(download, "_download", refuse)
    monkeypatch.setattr(pixels, "SHOWN", 2)  # images in a picture: what takes long teaches nothing here
    monkeypatch.setattr(sound, "SAMPLES", 50)  # of a sound
    base = beginning(family.name)
    match base:
        case OnLine():
            base = base.replaced(table="ff" * KNOTS)
        case OnPlane():
            base = base.replaced(table=own.heart())
        case OnSequences():
            base = base.replaced(table=own_sequences.wave())
    least = {name: base.extra(name)["low"] for name in base.fields() if "low" in base.extra(name)}
    least["steps"] = 1000  # after the last one there is an evaluation, which one training shall have
    tried = 0
    for change in ends(base):
        experiment, notes = base.changed(least | change)  # the others at their least: each by itself is dear enough
        if notes:
            continue  # a size or levels in which these data do not exist
        tried += 1
        with suppress(DataUnavailable, Diverged):
            actor = JobActor([experiment], [(None, None)])
            news = actor.step("slow" if experiment.kind.canvas == "game" else "")
            assert news["picture"] or actor.draw(60)["picture"]
            ((weights, state),) = actor.snapshot()[0]
            assert weights and state
    assert tried > 5
