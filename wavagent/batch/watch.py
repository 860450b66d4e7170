"""Watching a folder: which narratives in it are new or changed, and have stopped changing."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from wavagent.batch.sources import within

SETTLED = 1.0
"""Seconds in which a file must not change before it is taken for whole."""

State = tuple[int, int, int]
"""Of a file: bytes, time of change, number on its disk."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it is since some time."""

    state: State
    since: float


class Watch:
    """The narratives in `folder`, but for the folder `without`; each is told of once, and again when it has changed."""

    def __init__(self, folder: Path, without: Path) -> None:
        self._folder, self._without = folder, without
        self._seen: dict[Path, _Seen] = {}
        self._told: dict[Path, State] = {}

    def ready(self, now: float, busy: Collection[Path] = ()) -> list[Path]:
        """Those that are whole and were not told of yet as they are now, at `now` (seconds, by any clock).

        Those that are `busy` are kept for later. A file that is gone is forgotten.
        """
        seen: dict[Path, _Seen] = {}
        for path in within(self._folder, self._without):
            if (state := _state(path)) is not None:
                before = self._seen.get(path)
                seen[path] = before if before is not None and before.state == state else _Seen(state, now)
        self._seen = seen
        self._told = {path: state for path, state in self._told.items() if path in seen}
        return [path for path, one in seen.items() if self._is_ready(path, one, now) and self._take(path, busy)]

    def _is_ready(self, path: Path, one: _Seen, now: float) -> bool:
        return self._told.get(path) != one.state and now - one.since >= SETTLED

    def _take(self, path: Path, busy: Collection[Path]) -> bool:
        if path.resolve() in busy:
            return False
        self._told[path] = self._seen[path].state
        return True


def _state(path: Path) -> State | None:
    """The state of a file; None when it is gone, or empty as yet."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ino) if found.st_size else None
