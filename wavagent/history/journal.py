"""The journal: one line for each entry, only ever added to, and the entry that is on its way.

An entry is first written aside as pending, with the script it leads to; then the script's file is replaced; then the
line is added; then the pending one goes. A process killed in between leaves a pending entry, which the next one ends.
"""

import json
import os
from pathlib import Path

from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.history.entry import Entry
from wavagent.lease import drafting
from wavagent.script import Script
from wavagent.script.file import dumps, explained, loads
from wavagent.text import shown


class Journal:
    """The entries in `log.jsonl` of a folder; `damage` names the lines that are none."""

    def __init__(self, folder: Path) -> None:
        self.path, self._pending = folder / "log.jsonl", folder / "pending.json"
        self.entries: tuple[Entry, ...] = ()
        self.damage: tuple[str, ...] = ()
        self._lines = 0

    def read(self) -> None:
        """Read what is there."""
        entries: list[Entry] = []
        damage: list[str] = []
        try:
            lines = self.path.read_bytes().split(b"\n")
        except (FileNotFoundError, NotADirectoryError):
            lines = []
        except OSError as error:
            lines, damage = [], [f"'{self.path}' cannot be read ({error.strerror or error})"]
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    entries.append(Entry.model_validate_json(line))
                except ValidationError as error:
                    damage.append(f"line {number} of '{self.path}' is damaged ({shown(explained(error), 80)})")
        self.entries, self.damage, self._lines = tuple(entries), tuple(damage), len(lines)

    @property
    def next(self) -> int:
        """The number of the next entry; that of a damaged line is not used again."""
        return max([self._lines, 1, *(one.number + 1 for one in self.entries)])

    @property
    def waiting(self) -> bool:
        """Whether an entry is on its way, or was when its process was killed."""
        return self._pending.exists()

    def drop(self) -> None:
        """Forget the entry on its way. Raises OSError."""
        self._pending.unlink(missing_ok=True)

    def begin(self, entry: Entry, script: Script) -> None:
        """Write `entry` aside with the script it leads to. Raises OSError."""
        replace(self._pending, json.dumps({"entry": entry.model_dump(mode="json"), "script": dumps(script)}).encode())

    def end(self, entry: Entry) -> None:
        """Add the line of `entry`, which is pending no more. Raises OSError."""
        if all(one.number != entry.number for one in self.entries):
            self._add(entry.model_dump_json().encode() + b"\n")
            self.entries = (*self.entries, entry)
        self.drop()

    def _add(self, line: bytes) -> None:
        with open(self.path, "ab+") as file:
            file.seek(0)
            kept = file.read().rfind(b"\n") + 1  # what follows was begun by a process that was killed: it is this line
            try:
                file.truncate(kept)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(kept)
                raise
        self._lines += 1

    def pending(self) -> tuple[Entry, Script] | None:
        """The entry on its way and the script it leads to; None when there is none. A damaged one is set aside."""
        try:
            data = json.loads(self._pending.read_bytes())
            return Entry.model_validate(data["entry"]), loads(data["script"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, ScriptError):
            os.replace(self._pending, self._pending.with_suffix(".damaged"))
            return None


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with drafting(path.parent) as fresh:
        with open(fresh, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
