"""The conversation on disk: every turn with what was said and done, and what waits for a yes. One for each project."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from wavagent.errors import InputError, OutputError
from wavagent.history.history import FOLDER

FILE = "chat.sqlite"

State = Literal["open", "done", "stopped"]

_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS turn (
    number INTEGER PRIMARY KEY, said TEXT NOT NULL, began TEXT NOT NULL, state TEXT NOT NULL,
    messages TEXT NOT NULL DEFAULT '[]', asks TEXT NOT NULL DEFAULT ''
);
"""

Message = dict[str, Any]
"""`role` assistant: `text` and `calls` (id, name, args); `role` tool: `id`, `name`, `text`."""


@dataclass(frozen=True)
class Turn:
    """What a person said, and what came of it. `asks` is a proposal, as JSON, that waits for a yes."""

    number: int
    said: str
    began: str
    state: State
    messages: tuple[Message, ...] = ()
    asks: str = ""

    @property
    def answer(self) -> str:
        """What was answered, in one text."""
        return "\n".join(one["text"] for one in self.messages if one["role"] == "assistant" and one["text"])


class Conversation:
    """The turns of a project. Only one process talks at a time. Raises InputError and OutputError."""

    def __init__(self, folder: Path) -> None:
        from filelock import FileLock, Timeout

        self.path = folder / FOLDER / FILE
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.path.with_suffix(".lock"), timeout=0.0)
            self._lock.acquire()
        except Timeout:
            raise InputError(f"another chat about '{folder}' is open; end that one first") from None
        except OSError as error:
            raise OutputError(f"'{self.path.parent}' cannot be written ({error.strerror or error})") from error
        self.base = self._opened()

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.DatabaseError:
            self.path.replace(self.path.with_suffix(".damaged"))  # the story's own history is elsewhere
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, check_same_thread=False)  # tools may be used in another thread; one at a time
        base.executescript(_TABLES)
        base.execute("INSERT OR IGNORE INTO about VALUES ('id', ?)", (uuid4().hex,))
        base.commit()
        return base

    def close(self) -> None:
        self.base.close()
        self._lock.release()

    @property
    def id(self) -> str:
        """The name of this conversation: it marks what was done in it."""
        return str(self.base.execute("SELECT value FROM about WHERE name = 'id'").fetchone()[0])

    @property
    def focus(self) -> str:
        """What the last turn was about, as JSON; empty at the start."""
        found = self.base.execute("SELECT value FROM about WHERE name = 'focus'").fetchone()
        return str(found[0]) if found else ""

    @focus.setter
    def focus(self, value: str) -> None:
        with self._writing():
            self.base.execute("INSERT OR REPLACE INTO about VALUES ('focus', ?)", (value,))

    def begin(self, said: str) -> int:
        """The number of a new turn."""
        with self._writing():
            when = datetime.now(UTC).isoformat(timespec="seconds")
            made = self.base.execute("INSERT INTO turn (said, began, state) VALUES (?, ?, 'open')", (said, when))
        return int(made.lastrowid or 0)

    def keep(self, number: int, messages: Sequence[Message], state: State = "open", asks: str = "") -> None:
        """What a turn came to so far."""
        with self._writing():
            values = (json.dumps(list(messages), ensure_ascii=False), state, asks, number)
            self.base.execute("UPDATE turn SET messages = ?, state = ?, asks = ? WHERE number = ?", values)

    def turns(self, last: int = 1_000_000) -> list[Turn]:
        """The last turns, the oldest first."""
        rows = self.base.execute("SELECT * FROM turn ORDER BY number DESC LIMIT ?", (last,)).fetchall()
        return [Turn(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5]) for row in reversed(rows)]

    @property
    def open(self) -> Turn | None:
        """The turn that has not ended: it waits, or its process was killed."""
        last = self.turns(1)
        return last[0] if last and last[0].state == "open" else None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self.base:
                yield
        except sqlite3.Error as error:
            raise OutputError(f"'{self.path}' cannot be written ({error}); the story itself is as it was") from error
