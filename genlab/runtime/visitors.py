"""Who is there: each visitor's ticket for the wire, the models of its own, and whether a page of it is open."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from genlab.catalog import CATALOG
from genlab.checkpoint_header import read_experiment
from genlab.errors import GenlabError
from genlab.experiments.base import Experiment
from genlab.runtime.jobs import Jobs
from genlab.runtime.recent import Recent

KEPT = 256 * 2**20  # bytes of weights files, of all visitors
TICKETS = 10_000  # some 200 bytes each


@dataclass(frozen=True, eq=False)
class Source:
    """A model that can be asked about.

    Attributes:
        weights: the name of a catalogue entry, or the bytes of a weights file.
        stamp: the same for the same weights, and for no others.
    """

    weights: str | bytes
    experiment: Experiment
    stamp: str


class Visitors:
    """Tickets and kept models. Every method may be called from any thread.

    An ``owner`` is the secret of a session, by which its trainings are known; a ticket is what its page has of it.
    """

    def __init__(self, room: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._tickets: Recent[str, str] = Recent(TICKETS)
        self._owners: Recent[str, str] = Recent(TICKETS)
        self._kept: Recent[tuple[str, str], Source] = Recent(room)

    def ticket(self, owner: str) -> str:
        """What an owner's pages say to be known on the wire; always the same for an owner."""
        with self._lock:
            if (ticket := self._tickets.get(owner)) is None:
                ticket = secrets.token_urlsafe()
            self._tickets.put(owner, ticket)
            self._owners.put(ticket, owner)
            return ticket

    def owner(self, ticket: str) -> str | None:
        """Whose ticket it is; None for one that was never given, or is long out of use."""
        with self._lock:
            owner = self._owners.get(ticket)
            if owner is not None:
                self._tickets.get(owner)  # both ways of a pair grow old together
            return owner

    def keep(self, owner: str, weights: bytes) -> str:
        """Keeps a model of an owner's own, so that its canvases can ask about it; a digest that names it for them.

        Raises:
            CheckpointError: the file cannot be used.
        """
        digest = hashlib.blake2b(weights, digest_size=16).hexdigest()
        with self._lock:
            if self._kept.get((owner, digest)) is not None:
                return digest
        source = Source(weights, read_experiment(weights), digest)
        with self._lock:
            self._kept.put((owner, digest), source, len(weights))
        return digest

    def source(self, owner: str, name: str) -> Source:
        """The model that a catalogue name or a digest of ``keep`` names. Raises GenlabError."""
        entry = CATALOG.get(name)
        if entry is not None:
            if not entry.shipped:
                raise GenlabError(f"The weights of {name} are not here: train it first.")
            return Source(name, entry.experiment, f"{name} {entry.checkpoint.stat().st_mtime_ns}")
        with self._lock:
            kept = self._kept.get((owner, name))
        if kept is None:
            raise GenlabError("There is no such model here: reload the page, or load your file once more.")
        return kept


@contextmanager
def present(owner: str, jobs: Jobs) -> Iterator[None]:
    """While it is entered, a page of the owner is open; the grace of its trainings begins when the last one is left."""
    jobs.arrive(owner)
    try:
        yield
    finally:
        jobs.leave(owner)


@cache
def visitors() -> Visitors:
    """The visitors of this server."""
    return Visitors()
