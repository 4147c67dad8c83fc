"""Sequences: values in a row, each conditional on those before it."""

from __future__ import annotations

from genlab.experiments.entries import Entry, Topic

TOPICS: tuple[Topic, ...] = (
    Topic(
        "chain",
        "Chain rule",
        "A whole sequence is as likely as its values are one after the other, each given those before it.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.1",
        "account_tree",
    ),
)
ENTRIES: tuple[Entry, ...] = ()
