"""Tickets, kept models and presence."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import CheckpointError, GenlabError
from genlab.runtime.recent import Recent
from genlab.runtime.visitors import Visitors, present
from tests.runtime.wired import FakeEngine

WEIGHTS = [Path(f"checkpoints/{name}-2d.safetensors").read_bytes() for name in ("nvp", "planar", "radial")]


def test_a_ticket_is_the_owners_and_tells_nothing_of_it() -> None:
    visitors = Visitors()
    ada, bob = (visitors.ticket(owner) for owner in ("ada", "bob"))
    assert ada == visitors.ticket("ada") != bob and "ada" not in ada
    assert visitors.owner(ada) == "ada" and visitors.owner(bob) == "bob"
    assert visitors.owner("") is visitors.owner("ada") is Visitors().owner(ada) is None


def test_own_models_are_kept_for_their_owner_alone() -> None:
    visitors = Visitors()
    digest = visitors.keep("ada", WEIGHTS[0])
    assert digest == visitors.keep("ada", WEIGHTS[0])
    kept = visitors.source("ada", digest)
    assert kept.weights == WEIGHTS[0] and kept.experiment.family == "nvp" and kept.stamp == digest
    for owner, name in (("bob", digest), ("ada", digest[:-1]), ("ada", "checkpoints/nvp-2d.safetensors")):
        with pytest.raises(GenlabError, match="no such model"):
            visitors.source(owner, name)
    with pytest.raises(CheckpointError):
        visitors.keep("ada", b"no model")


def test_catalogue_entries_are_everybodys() -> None:
    source = Visitors().source("ada", "nvp-2d")
    assert source.weights == "nvp-2d" and source.experiment.family == "nvp"
    assert source.stamp == Visitors().source("bob", "nvp-2d").stamp


def test_models_are_kept_as_far_as_there_is_room() -> None:
    visitors = Visitors(room=len(WEIGHTS[1]) + len(WEIGHTS[2]))
    planar, radial = (visitors.keep("ada", weights) for weights in WEIGHTS[1:])
    visitors.source("ada", planar)
    visitors.keep("ada", WEIGHTS[0])  # smaller than the one that goes
    assert visitors.source("ada", planar)
    with pytest.raises(GenlabError):
        visitors.source("ada", radial)


def test_the_last_page_that_is_left_begins_the_grace() -> None:
    jobs = FakeEngine().jobs
    with present("ada", jobs):
        with present("ada", jobs):
            assert jobs._here == {"ada": 2}
        assert jobs._here == {"ada": 1}
    assert not jobs._here


def test_the_least_recently_used_goes_first() -> None:
    recent: Recent[str, int] = Recent(10)
    recent.put("a", 1, 4)
    recent.put("b", 2, 4)
    assert recent.get("a") == 1
    recent.put("c", 3, 4)
    assert recent.get("b") is None and recent.get("a") == 1 and recent.get("c") == 3
    recent.put("a", 4, 2)  # in place of the old one
    recent.put("d", 5, 4)
    assert [recent.get(key) for key in "acd"] == [4, 3, 5]
    recent.put("huge", 6, 11)
    assert recent.get("huge") is None
    assert recent.pop("a") is None
