"""A list that never grows beyond its limit: it keeps every item, then every second, every fourth ..."""

from __future__ import annotations

from typing import Generic, TypeVar

Item = TypeVar("Item")


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
