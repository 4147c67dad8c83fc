"""The one list of what there is: collected from what the kinds declare. Torch-free.

A kind that is not the project's own registers by its module's name in ``GENLAB_KINDS``: every process reads it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from genlab.experiments import compare, flows, gans, image_flows, latents, pixels, sequences, sound
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Entry, Family, Topic

TOPICS: dict[str, Topic] = {}  # what has a page, in the order of the navigation
FAMILIES: dict[str, Family] = {}  # also those without
CATALOG: dict[str, Entry] = {}  # of each family the best first: its page opens on it


def register(topics: Iterable[Topic], entries: Iterable[Entry]) -> None:
    """Adds what a kind declares: a module of a kind has both as ``TOPICS`` and ``ENTRIES``.

    Raises:
        ValueError: a name is taken.
    """
    for topic in topics:
        if (TOPICS | FAMILIES).get(topic.name, topic) is not topic:
            raise ValueError(f"there is a topic {topic.name!r} in the catalogue already")
        if topic.section:
            TOPICS[topic.name] = topic
        if isinstance(topic, Family):
            FAMILIES[topic.name] = topic
    for entry in entries:
        if CATALOG.setdefault(entry.name, entry) is not entry:
            raise ValueError(f"there is an entry {entry.name!r} in the catalogue already")


OWN = filter(None, os.environ.get("GENLAB_KINDS", "").split(","))
for kind in (compare, sequences, sound, pixels, flows, image_flows, latents, gans, *map(import_module, OWN)):
    register(kind.TOPICS, kind.ENTRIES)


def experiment(name: str, **changes: Any) -> Experiment:
    """The experiment of a catalogue entry, with changes.

    Raises:
        KeyError: no such entry.
        ValueError: a value outside what its field allows.
    """
    return entry(name).experiment.replaced(**changes)


def entry(name: str) -> Entry:
    """The entry of that name. Raises KeyError with the names there are."""
    if name not in CATALOG:
        raise KeyError(f"no {name!r} in the catalogue; there are {', '.join(CATALOG)}")
    return CATALOG[name]


def entries(family: str, *, shipped: bool = False) -> list[Entry]:
    """The entries of a family, only those with weights if ``shipped``."""
    return [e for e in CATALOG.values() if e.experiment.family == family and (e.shipped or not shipped)]


def beginning(family: str) -> Experiment:
    """What a training of a family begins with: an entry whose data need no download."""
    return next(e.experiment for e in entries(family) if not e.experiment.downloads)


def beside(experiment: Experiment) -> dict[str, str]:
    """Names and titles of what can be trained beside an experiment, on the same data."""
    field = experiment.kind.beside
    if field == "family":
        return {f.name: f.title for f in FAMILIES.values() if f.experiment.kind == experiment.kind}
    return {name: experiment.label(field, name) for name in experiment.options(field) or ()} if field else {}


def alternative(experiment: Experiment, name: str) -> Experiment:
    """One of ``beside``, by its name."""
    if experiment.kind.beside == "family":
        return beginning(name).replaced(**{**experiment.data_arguments(), "seed": experiment.seed})
    return experiment.replaced(**{experiment.kind.beside: name})


def titles(*lanes: Experiment) -> list[str]:
    """Names of trainings side by side: what tells them apart."""
    field = lanes[0].kind.beside
    if field in ("", "family") or any(lane.kind != lanes[0].kind for lane in lanes):
        names = [FAMILIES[lane.family].title for lane in lanes]
        same = len({lane.family for lane in lanes}) == 1
        other = [f for f in lanes[0].architecture_fields if same and len({getattr(lane, f) for lane in lanes}) > 1]
        told = [[f"{lane.fields()[f].title}: {lane.label(f, getattr(lane, f))}" for f in other] for lane in lanes]
        return [", ".join([name, *words]) for name, words in zip(names, told, strict=True)]
    return [lane.label(field, getattr(lane, field)) for lane in lanes]
