"""What was used last is kept, as far as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A dictionary of bounded size: what was used least recently goes first. Not for several threads at a time.

    Arguments:
        room: for all values together, in the unit of ``put``'s sizes.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value, which is used hereby; None where there is none."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key: Key, value: Value, size: int = 1) -> None:
        """Keeps a value; one that is larger than all the room is not kept."""
        self.pop(key)
        self._kept[key] = value, size
        self._used += size
        while self._used > self._room:
            _, (_, freed) = self._kept.popitem(last=False)
            self._used -= freed

    def pop(self, key: Key) -> Value | None:
        """Takes a value out; None where there is none."""
        value, size = self._kept.pop(key, (None, 0))
        self._used -= size
        return value

    def values(self) -> list[Value]:
        """All that is kept, what was used last at the end; none is used hereby."""
        return [value for value, _ in self._kept.values()]

    def clear(self) -> None:
        """Keeps nothing any more."""
        self._kept.clear()
        self._used = 0
