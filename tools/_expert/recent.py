"""What was asked last is kept, and what was not asked for long is let go."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """At most `most` values by their keys, such as the models of voices."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[str, Value] = {}

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """The value of `key`; one that is not kept is made, once there is room for it."""
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)  # a dict's first is so the one that was not asked for longest
        else:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = make()
        return self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)
