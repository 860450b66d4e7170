"""The desk: one story on it, the studio that makes it, and what was rendered last. Operations are done here."""

import filecmp
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from wavagent.errors import InputError, OutputError, ScriptError
from wavagent.history import Entry
from wavagent.lease import drafting
from wavagent.llm import Model
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.project import SCRIPT, Project
from wavagent.script import Script
from wavagent.script.patch import Patch
from wavagent.studio import Rendering, Studio
from wavagent.text import shown, slug

ADDED = "added"
"""The folder of a project into which files are copied that a person named."""


class Desk:
    """A project's folder, which may be empty yet, and a studio; `model` is for operations that ask one.

    `who` is written into the log with every change.
    """

    def __init__(self, folder: Path, studio: Studio, model: Model | None = None, who: str = "") -> None:
        self.folder, self.studio, self.model, self.who = folder, studio, model, who
        self._project: Project | None = None
        self._rendered: tuple[str, Rendering] | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no story yet."""
        return not (self.folder / SCRIPT).exists()

    @property
    def project(self) -> Project:
        """The project. Raises ScriptError when there is none."""
        if self.empty:
            raise ScriptError("there is no story here yet; plan one from a file that was added, or have one written")
        if self._project is None:
            self._project = Project.open(self.folder)
        return self._project

    @property
    def script(self) -> Script:
        """The script as it is now. Raises ScriptError."""
        return self.project.script

    @property
    def revision(self) -> str:
        return self.project.revision

    def rendering(self) -> Rendering:
        """The story as it is now, rendered, or what of it is not in the store. Raises what `Studio.render` raises."""
        now = self.revision
        if self._rendered is None or self._rendered[0] != now:
            self._rendered = now, self.studio.render(self.script, self.folder)
        return self._rendered[1]

    @property
    def last(self) -> Rendering | None:
        """What was rendered last here, of whichever revision."""
        return self._rendered[1] if self._rendered else None

    def added(self) -> dict[str, Path]:
        """The files that a person added, by name. What a model names is looked up here and is never a path."""
        place = self.folder / ADDED
        if not place.is_dir():
            return {}
        return {one.name: one for one in sorted(place.iterdir()) if one.is_file() and not one.is_symlink()}

    def add(self, path: Path) -> str:
        """Copy a file that the person named into the project; its name there. Raises InputError and OutputError."""
        if not path.is_file():
            raise InputError(f"'{path}' is no file; name one, such as story.txt or door.wav")
        place = self.folder / ADDED
        try:
            place.mkdir(parents=True, exist_ok=True)
            with drafting(place) as fresh:
                shutil.copyfile(path, fresh)
                name = self._name(path, fresh)
                os.replace(fresh, place / name)
        except OSError as error:
            raise OutputError(f"'{path}' cannot be added ({error.strerror or error})") from error
        return name

    def _name(self, path: Path, fresh: Path) -> str:
        """The name of an added file: its own, in plain letters; with a number, where another file has that."""
        stem, suffix = slug(path.stem, "file"), slug(path.suffix, "")
        for number in count(1):
            name = f"{stem}{f'-{number}' if number > 1 else ''}{f'.{suffix}' if suffix else ''}"
            there = self.folder / ADDED / name
            if not there.exists() or filecmp.cmp(there, fresh, shallow=False):
                return name
        raise AssertionError("numbers do not end")

    def file(self, name: str) -> Path:
        """The added file called `name`. Raises InputError."""
        there = self.added()
        if name not in there:
            known = ", ".join(list(there)[:10]) or "none"
            raise InputError(f"no file called '{shown(name)}' was added; there are: {known}; a person adds files")
        return there[name]

    def commit(self, patch: Patch) -> Entry:
        """Apply a patch, once. Raises what `Project.commit` raises."""
        return self.once(lambda: self.project.commit(patch, who=self.who))

    def once(self, change: Callable[[], Entry]) -> Entry:
        """Do `change`, unless it was done under this very `who` before."""
        done = self.done_before()
        return done[-1] if done else change()

    @contextmanager
    def signed(self, who: str) -> Iterator[None]:
        """Changes are written into the log under `who` while the block runs."""
        before, self.who = self.who, who
        try:
            yield
        finally:
            self.who = before

    def done_before(self) -> list[Entry]:
        """What was done under this very `who`, where it names one turn of a conversation: `chat #1a2b3c`.

        So an edit that a killed process had done already is not done again when its conversation goes on.
        """
        if "#" not in self.who or self.empty:
            return []
        return [one for one in self.project.log() if one.who == self.who]


def do(desk: Desk, operation: Operation[Any], params: Mapping[str, Any]) -> Answer:
    """Do an operation. Raises a WavagentError."""
    return operation.run(desk, operation.read(params))


def propose(desk: Desk, operation: Operation[Any], params: Mapping[str, Any]) -> Proposal | None:
    """What an operation would do; None where it only looks. Raises a WavagentError."""
    read = operation.read(params)
    return operation.propose(desk, read) if operation.propose is not None else None
