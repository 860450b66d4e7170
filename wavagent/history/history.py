"""A history: commit, undo, redo and look back, with no edit lost to another process, a kill or a text editor."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from wavagent.errors import InputError, OutputError, ScriptError
from wavagent.history.entry import TOLD, Entry, Kind
from wavagent.history.journal import Journal
from wavagent.history.naming import resolved, stacks
from wavagent.history.states import States
from wavagent.script import Script
from wavagent.script.file import dumps, read
from wavagent.script.patch import Patch, apply, changes, difference, rebase, revision

FOLDER = ".wavagent"
"""Where a project keeps what is not for people: its history, its lock."""

EVERY = 16
"""One entry in so many keeps the whole script, so that none is far from one that does."""

PATIENCE = 30.0
"""Seconds to wait for another process that is changing the project."""


class History:
    """The revisions of the script at `file`. `publish` writes it and what is derived from it, whole or not at all."""

    def __init__(self, file: Path, publish: Callable[[Script], None]) -> None:
        self._file, self._publish = file, publish
        self._folder = file.parent / FOLDER
        self._journal, self._states = Journal(self._folder), States(self._folder / "states")
        self.refresh()

    def refresh(self) -> None:
        """Read the log anew, and end what a killed process began, if this folder can be written."""
        if self._journal.waiting:
            with suppress(OutputError), self._changing(patient=False):
                return
        with _said(self._folder):
            self._journal.read()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._journal.entries

    @property
    def damage(self) -> tuple[str, ...]:
        """What of the history cannot be read, in sentences."""
        return self._journal.damage

    @property
    def script(self) -> Script:
        """The script as it is in its file now. Raises ScriptError."""
        return read(self._file)

    @property
    def unkept(self) -> bool:
        """Whether the file was changed by hand since the last entry. Raises ScriptError."""
        return not self.entries or revision(self.script) != self.entries[-1].revision

    def start(self, script: Script, note: str = "", who: str = "") -> Entry:
        """The first revision, or the next one where there are some. Raises OutputError."""
        with self._changing():
            if self._now():
                return self._commit(script, "edit", note, who)
            self._put_aside()
            before = self._last()
            return self._write(script, before, "edit" if before else "start", note, who)

    def commit(self, patch: Patch, who: str = "", *, moved: bool = False) -> Entry:
        """Apply a patch; with `moved`, also one for an earlier revision, if what it touches was not changed since.

        Raises Stale and what `apply` raises, OutputError, and InputError when another process does not let go.
        """
        with self._changing():
            head = self._noticed()
            base = None if patch.base == revision(head) else self._base(patch.base, head)
            if base is not None and moved:
                patch = rebase(patch, base, head)
            after = apply(head, patch, base=base)
            return self._write(after, head, "edit", patch.note, who, patch=patch)

    def replace(self, script: Script, base: str, note: str = "", who: str = "") -> Entry:
        """Put `script`, which came of revision `base`, in the place of what there is; what changed meanwhile is kept.

        Raises Stale when both changed the same, OutputError, InputError.
        """
        with self._changing():
            head = self._noticed()
            if base == revision(head):
                return self._commit(script, "edit", note, who)
            before = self._states.find(base, self.entries, head)
            patch = rebase(difference(before, script, note), before, head)
            return self._commit(apply(head, patch), "edit", note, who)

    def undo(self, who: str = "") -> Entry:
        """Take the last edit back; that is a revision, too. Raises ScriptError when there is none.

        A file that is no script any more is put aside, and the last revision comes back.
        """
        with self._changing():
            try:
                head = self._noticed()
            except ScriptError:
                return self._mended(who)
            done, _ = stacks(self.entries)
            if not done:
                raise ScriptError("there is nothing to undo: no edit was made since the project started")
            last = done[-1]
            return self._go_back(last, last.parent or "", head, "undo", who)

    def redo(self, who: str = "") -> Entry:
        """Do again what was last undone. Raises ScriptError when there is nothing."""
        with self._changing():
            head = self._noticed()
            _, undone = stacks(self.entries)
            if not undone:
                raise ScriptError("there is nothing to redo: nothing was undone since the last edit")
            last = undone[-1]
            return self._go_back(last, last.revision, head, "redo", who)

    def restore(self, name: str, who: str = "") -> Entry:
        """Go back to any revision; that is an edit like any other. Raises ScriptError."""
        with self._changing():
            head = self._noticed()
            wanted = self.resolve(name)
            found = self._states.find(wanted, self.entries, head)
            return self._commit(found, "restore", f"back to {wanted[:12]}", who)

    def at(self, name: str) -> Script:
        """The script at a revision. Raises ScriptError."""
        if name in ("now", "head", "HEAD"):
            return self.script
        wanted = self.resolve(name)
        try:
            return self._states.find(wanted, self.entries, self.script)
        except ScriptError as error:
            raise ScriptError(f"{error}; what can be read: {self._readable()}") from error

    def resolve(self, name: str) -> str:
        """The revision that a name of the log means. Raises ScriptError."""
        return resolved(name, self.entries)

    def _go_back(self, of: Entry, wanted: str, head: Script, kind: Kind, who: str) -> Entry:
        found = self._states.find(wanted, self.entries, head)
        return self._write(found, head, kind, of.note, who, of=of.number)

    def _commit(self, script: Script, kind: Kind, note: str, who: str) -> Entry:
        head = self._noticed()
        if revision(script) == revision(head):
            self._publish(script)  # what people read of it may be older than the last change by hand
            return self.entries[-1]
        return self._write(script, head, kind, note, who)

    def _noticed(self) -> Script:
        """The script as it is; a change by hand becomes an entry first. Raises ScriptError."""
        head = self.script
        if not self.entries:
            self._enter(head, None, "start", "found as it was", "")
        elif revision(head) != (last := self.entries[-1]).revision:
            try:
                before = self._states.find(last.revision, self.entries)
            except ScriptError:
                self._enter(head, None, "hand", "script.json was changed by hand", "", parent=last.revision)
            else:
                self._enter(head, before, "hand", "script.json was changed by hand", "")
        return head

    def _mended(self, who: str) -> Entry:
        """The last revision again, where the file is no script; the file is kept beside."""
        if not self.entries:
            raise ScriptError(f"'{self._file}' is no script, and there is no history to bring it back from")
        found = self._states.find(self.entries[-1].revision, self.entries)
        aside = self._put_aside()
        return self._write(found, found, "mend", f"{self._file.name} was no script; it is kept as {aside}", who)

    def _put_aside(self) -> str:
        """Keep a file that is no script under another name. Raises OSError."""
        aside = self._file.with_name(f"{self._file.stem}.broken-{self._journal.next}{self._file.suffix}")
        if self._file.exists():
            os.replace(self._file, aside)
        return aside.name

    def _last(self) -> Script | None:
        """The script of the last entry, if there is one and it can be had."""
        return self._base(self.entries[-1].revision) if self.entries else None

    def _write(
        self,
        after: Script,
        before: Script | None,
        kind: Kind,
        note: str,
        who: str,
        *,
        patch: Patch | None = None,
        of: int | None = None,
    ) -> Entry:
        """Make `after` the script, and enter it."""
        entry = self._entry(after, before, kind, note, who, patch=patch, of=of)
        with _said(self._folder):
            self._keep(entry, after)
            self._journal.begin(entry, after)
        try:
            self._publish(after)
        except OutputError:
            if self._now() != entry.revision:
                self._journal.drop()
            raise
        with _said(self._folder, "script.json is written, and its entry follows when it can be"):
            self._journal.end(entry)
        return entry

    def _enter(
        self, after: Script, before: Script | None, kind: Kind, note: str, who: str, parent: str | None = None
    ) -> None:
        """Enter a script that is in its file already."""
        entry = self._entry(after, before, kind, note, who)
        entry = entry if parent is None else entry.model_copy(update={"parent": parent})
        with _said(self._folder):
            self._keep(entry, after)
            self._journal.begin(entry, after)
            self._journal.end(entry)

    def _entry(
        self,
        after: Script,
        before: Script | None,
        kind: Kind,
        note: str,
        who: str,
        *,
        patch: Patch | None = None,
        of: int | None = None,
    ) -> Entry:
        told = changes(before, after) if before is not None else ()
        entry = Entry(
            number=self._journal.next,
            kind=kind,
            revision=revision(after),
            parent=revision(before) if before is not None else None,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            who=who,
            note=note,
            changes=told[:TOLD],
            more=max(0, len(told) - TOLD),
            of=of,
        )
        if before is None or of is not None or entry.number % EVERY == 0:
            return entry
        there = (patch or difference(before, after)).model_dump(mode="json")
        back = difference(after, before).model_dump(mode="json")
        small = len(json.dumps(there)) + len(json.dumps(back)) < len(dumps(after))
        return entry.model_copy(update={"patch": there, "inverse": back}) if small else entry

    def _keep(self, entry: Entry, script: Script) -> None:
        """Keep the whole script of an entry that has no patch to it; what was kept once is found again."""
        if entry.patch is None and entry.of is None:
            self._states.keep(script)

    @contextmanager
    def _changing(self, *, patient: bool = True) -> Iterator[None]:
        """Alone in this project: no other process changes it for as long as the block lasts."""
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock", timeout=PATIENCE if patient else 0.0):
                self._recover()
                yield
        except Timeout:
            if patient:
                raise InputError(
                    f"another process is changing '{self._file.parent}' and did not end in {PATIENCE:g} s; try again"
                ) from None
            yield
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _recover(self) -> None:
        """Read the log, and end what a killed process began."""
        self._journal.read()
        if (found := self._journal.pending()) is None:
            return
        entry, script = found
        now = self._now()
        if now in (entry.parent, entry.revision, None):
            self._publish(script)
        self._journal.end(entry)
        self._journal.read()  # without what was begun of its line

    def _now(self) -> str | None:
        """The revision in the file; None when there is none, and "" when that is no script."""
        if not self._file.exists():
            return None
        try:
            return revision(self.script)
        except ScriptError:
            return ""

    def _base(self, name: str, head: Script | None = None) -> Script | None:
        try:
            return self._states.find(name, self.entries, head)
        except ScriptError:
            return None

    def _readable(self) -> str:
        numbers = []
        for one in self.entries:
            try:
                self._states.find(one.revision, self.entries)
                numbers.append(str(one.number))
            except ScriptError:
                continue
        return ", ".join(numbers) or "nothing"


@contextmanager
def _said(folder: Path, state: str = "nothing was changed") -> Iterator[None]:
    """What cannot be written, as an OutputError."""
    try:
        yield
    except OSError as error:
        raise _unwritable(folder, error, state) from error


def _unwritable(folder: Path, error: OSError, state: str = "nothing was changed") -> OutputError:
    reason = error.strerror or error
    return OutputError(f"the history in '{folder}' cannot be written ({reason}); {state}")
