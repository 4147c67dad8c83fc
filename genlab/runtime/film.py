"""What is remembered of a training: lists that keep every item at first, then every second, every fourth ..."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from genlab.training.progress import Point

Item = TypeVar("Item")
Judged = tuple[int, dict[str, float]]  # step, and what samples were worth then, by name


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


class Have(NamedTuple):
    """How much of a history somebody has seen."""

    history: int  # which one
    points: int  # that had come until then
    pictures: int


@dataclass(frozen=True)
class News:
    """What is new in a history to somebody who has seen a part of it.

    Attributes:
        have: what it has seen after this.
        whole: True where what it had is of another history, and this is all of the new one.
        points: of the curve, by step.
        newest: the newest picture, unless it has been seen.
        film: the pictures that were asked for.
    """

    have: Have
    whole: bool
    points: list[Point]
    newest: Frame | None
    film: list[Frame]


class History:
    """The curve and the pictures of a training, numbered as they come."""

    _made = count()

    def __init__(self) -> None:
        self._number = next(self._made)
        self._points = self._pictures = 0  # that came so far
        self._losses: Film[tuple[int, Point]] = Film(800)  # each with its number
        self._held_out: Film[tuple[int, Point]] = Film(200)  # apart: they are rare, and none should be thinned early
        self._frames: Film[Frame] = Film(64)
        self._judged: Film[Judged] = Film(200)

    def add(self, points: list[Point], frame: Frame | None, judged: Judged | None = None) -> None:
        """What a slice brought."""
        if judged is not None:
            self._judged.add(judged[0], judged)
        for point in points:
            (self._losses if point[2] is None else self._held_out).add(point[0], (self._points, point))
            self._points += 1
        if frame is not None:
            self._frames.add(frame.step, frame)
            self._pictures += 1

    def cut(self, step: int) -> None:
        """Forgets what came after ``step``. It is another history then: whoever has seen more must forget it too."""
        self._number = next(self._made)
        for film in (self._losses, self._held_out, self._frames, self._judged):
            film.cut(step)

    def curve(self, since: int = 0) -> list[Point]:
        """At most 1000 points, by step; of those from number ``since`` on."""
        kept = [point for number, point in self._losses.items() + self._held_out.items() if number >= since]
        return sorted(kept, key=lambda point: point[0])

    def judged(self) -> list[Judged]:
        """At most 200 judgements, by step."""
        return self._judged.items()

    def frames(self) -> list[Frame]:
        """At most 64 pictures, the newest always among them."""
        return self._frames.items()

    def news(self, have: Have | None, need: Collection[int] = ()) -> News:
        """What is new since ``have``, and the pictures at the steps in ``need``."""
        whole = have is None or have.history != self._number
        points, pictures = (0, 0) if have is None or whole else have[1:]
        frames = self.frames()
        return News(
            Have(self._number, self._points, self._pictures),
            whole,
            self.curve(points),
            frames[-1] if frames and pictures < self._pictures else None,
            [frame for frame in frames if frame.step in need],
        )
