"""What is remembered of a training: lists that keep every item at first, then every second, every fourth ..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from genlab.training.progress import Point

Item = TypeVar("Item")


@dataclass(frozen=True)
class Frame:
    """What the model drew at a step, packed by ``genlab.views.pack``."""

    step: int
    picture: bytes


class Film(Generic[Item]):
    """Evenly thinned items, each with its step; the newest is always kept.

    Arguments:
        limit: the most items it holds; thinned by halves when more come.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stride = 1
        self._count = 0
        self._kept: list[tuple[int, int, Item]] = []  # how many came before, step, item

    def add(self, step: int, item: Item) -> None:
        """The newest item."""
        if self._kept and self._kept[-1][0] % self._stride:
            self._kept.pop()  # it was there only as the newest
        self._kept.append((self._count, step, item))
        self._count += 1
        while len(self._kept) > self._limit:
            self._stride *= 2
            *older, newest = self._kept
            self._kept = [*(kept for kept in older if kept[0] % self._stride == 0), newest]

    def cut(self, step: int) -> None:
        """Forgets what came after ``step``: the training goes on from there."""
        self._kept = [kept for kept in self._kept if kept[1] <= step]

    def items(self) -> list[Item]:
        """What is kept, oldest first."""
        return [item for _, _, item in self._kept]


class History:
    """The curve and the pictures of a training."""

    def __init__(self) -> None:
        self._losses: Film[Point] = Film(800)
        self._held_out: Film[Point] = Film(200)  # apart: they are rare, and none of them should be thinned away early
        self._frames: Film[Frame] = Film(64)

    def add(self, points: list[Point], frame: Frame | None) -> None:
        """What a slice brought."""
        for point in points:
            (self._losses if point[2] is None else self._held_out).add(point[0], point)
        if frame is not None:
            self._frames.add(frame.step, frame)

    def cut(self, step: int) -> None:
        """Forgets what came after ``step``."""
        for film in (self._losses, self._held_out, self._frames):
            film.cut(step)

    def curve(self) -> list[Point]:
        """At most 1000 points, by step."""
        return sorted(self._losses.items() + self._held_out.items(), key=lambda point: point[0])

    def frames(self) -> list[Frame]:
        """At most 64 pictures, the newest always among them."""
        return self._frames.items()
